/** THE table of pages: a new one is a file of its own and a row here. */
import type { ComponentType } from 'react'
import { later } from './later.ts'
import { KeysPage } from './pages/keys-page.tsx'
import {
  BackupIcon,
  BarsIcon,
  BellIcon,
  CalendarIcon,
  ClientIcon,
  CodeIcon,
  GaugeIcon,
  KeyIcon,
  LimitIcon,
  PersonKeyIcon,
  RouteIcon,
  SlidersIcon,
  TrailIcon,
} from './parts/icons.tsx'

export interface PageProps {
  /** What another page, or a link, asked this one to show. */
  readonly asked: string | null
}

interface Page {
  readonly Icon: ComponentType
  readonly Page: ComponentType<PageProps>
}

/** In the order of the navigation. */
export const pages = {
  status: {
    Icon: GaugeIcon,
    Page: later<PageProps>(() => import('./pages/status-page.tsx').then(({ StatusPage }) => StatusPage)),
  },
  keys: { Icon: KeyIcon, Page: KeysPage },
  clients: {
    Icon: ClientIcon,
    Page: later<PageProps>(() => import('./pages/clients-page.tsx').then(({ ClientsPage }) => ClientsPage)),
  },
  endpoints: {
    Icon: RouteIcon,
    Page: later<PageProps>(() => import('./pages/endpoints-page.tsx').then(({ EndpointsPage }) => EndpointsPage)),
  },
  usage: {
    Icon: BarsIcon,
    Page: later<PageProps>(() => import('./pages/usage-page.tsx').then(({ UsagePage }) => UsagePage)),
  },
  audit: {
    Icon: TrailIcon,
    Page: later<PageProps>(() => import('./pages/audit-page.tsx').then(({ AuditPage }) => AuditPage)),
  },
  calendar: {
    Icon: CalendarIcon,
    Page: later<PageProps>(() => import('./pages/calendar-page.tsx').then(({ CalendarPage }) => CalendarPage)),
  },
  notices: {
    Icon: BellIcon,
    Page: later<PageProps>(() => import('./pages/notices-page.tsx').then(({ NoticesPage }) => NoticesPage)),
  },
  policies: {
    Icon: LimitIcon,
    Page: later<PageProps>(() => import('./pages/policies-page.tsx').then(({ PoliciesPage }) => PoliciesPage)),
  },
  tokens: {
    Icon: PersonKeyIcon,
    Page: later<PageProps>(() => import('./pages/tokens-page.tsx').then(({ TokensPage }) => TokensPage)),
  },
  recovery: {
    Icon: BackupIcon,
    Page: later<PageProps>(() => import('./pages/recovery-page.tsx').then(({ RecoveryPage }) => RecoveryPage)),
  },
  settings: {
    Icon: SlidersIcon,
    Page: later<PageProps>(() => import('./pages/settings-page.tsx').then(({ SettingsPage }) => SettingsPage)),
  },
  api: { Icon: CodeIcon, Page: later<PageProps>(() => import('./pages/api-page.tsx').then(({ ApiPage }) => ApiPage)) },
} as const satisfies Record<string, Page>

export type PageName = keyof typeof pages
export const pageNames = Object.keys(pages) as PageName[]
export const isPageName = (name: string): name is PageName => Object.hasOwn(pages, name)
