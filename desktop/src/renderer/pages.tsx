/** THE table of pages: a new one is a file of its own and a row here. */
import { lazy, type ComponentType } from 'react'
import { KeysPage } from './pages/keys-page.tsx'
import { StatusPage } from './pages/status-page.tsx'
import { BarsIcon, CalendarIcon, GaugeIcon, KeyIcon, TrailIcon } from './parts/icons.tsx'

export interface PageProps {
  /** What another page, or a link, asked this one to show. */
  readonly asked: string | null
}

interface Page {
  readonly Icon: ComponentType
  readonly Page: ComponentType<PageProps>
}

const loaders: (() => Promise<unknown>)[] = []

/** A page that is a download of its own, so that the first one is there sooner. */
export const later = (load: () => Promise<ComponentType<PageProps>>): ComponentType<PageProps> => {
  loaders.push(load)
  return lazy(async () => ({ default: await load() }))
}

/** Fetches the other pages while nothing is to be done: they must be there when the service is not. */
export const loadOtherPages = (): void => {
  requestIdleCallback(() => void Promise.allSettled(loaders.map((load) => load())))
}

/** In the order of the navigation. */
export const pages = {
  status: { Icon: GaugeIcon, Page: StatusPage },
  keys: { Icon: KeyIcon, Page: KeysPage },
  usage: { Icon: BarsIcon, Page: later(() => import('./pages/usage-page.tsx').then(({ UsagePage }) => UsagePage)) },
  audit: { Icon: TrailIcon, Page: later(() => import('./pages/audit-page.tsx').then(({ AuditPage }) => AuditPage)) },
  calendar: {
    Icon: CalendarIcon,
    Page: later(() => import('./pages/calendar-page.tsx').then(({ CalendarPage }) => CalendarPage)),
  },
} as const satisfies Record<string, Page>

export type PageName = keyof typeof pages
export const pageNames = Object.keys(pages) as PageName[]
export const isPageName = (name: string): name is PageName => Object.hasOwn(pages, name)
