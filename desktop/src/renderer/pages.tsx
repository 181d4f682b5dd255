/** THE table of pages: a new one is a file of its own and a row here. */
import type { ComponentType } from 'react'
import { KeysPage } from './pages/keys-page.tsx'
import { StatusPage } from './pages/status-page.tsx'
import { GaugeIcon, KeyIcon } from './parts/icons.tsx'

export interface PageProps {
  /** What another page, or a link, asked this one to show. */
  readonly asked: string | null
}

interface Page {
  readonly Icon: ComponentType
  readonly Page: ComponentType<PageProps>
}

export const pages = {
  status: { Icon: GaugeIcon, Page: StatusPage },
  keys: { Icon: KeyIcon, Page: KeysPage },
} as const satisfies Record<string, Page>

export type PageName = keyof typeof pages
export const pageNames = Object.keys(pages) as PageName[]
