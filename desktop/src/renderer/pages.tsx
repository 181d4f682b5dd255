/** THE table of pages: a new one is a file of its own and a row here. */
import { lazy, type ComponentType } from 'react'
import { KeysPage } from './pages/keys-page.tsx'
import { StatusPage } from './pages/status-page.tsx'
import { BackupIcon, BellIcon, GaugeIcon, KeyIcon, SlidersIcon } from './parts/icons.tsx'

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
  notices: {
    Icon: BellIcon,
    Page: later(() => import('./pages/notices-page.tsx').then(({ NoticesPage }) => NoticesPage)),
  },
  recovery: {
    Icon: BackupIcon,
    Page: later(() => import('./pages/recovery-page.tsx').then(({ RecoveryPage }) => RecoveryPage)),
  },
  settings: {
    Icon: SlidersIcon,
    Page: later(() => import('./pages/settings-page.tsx').then(({ SettingsPage }) => SettingsPage)),
  },
} as const satisfies Record<string, Page>

export type PageName = keyof typeof pages
export const pageNames = Object.keys(pages) as PageName[]
export const isPageName = (name: string): name is PageName => Object.hasOwn(pages, name)
