/** What the pages of clients and endpoints have in common: how a record stands, the panel beside the table, its menu. */
import type { KeyboardEvent, ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { CloseIcon, StandingIcon } from '../parts/icons.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import type { Texts } from '../texts/texts.ts'
import { titleOf, type AnyView } from './kinds.ts'

export const recordActions = ['view', 'edit', 'keys', 'add', 'kit', 'disable', 'enable', 'remove'] as const
export type RecordAction = (typeof recordActions)[number]

/** `more`: what the disabling of it, or of what it belongs to, means for callers. */
export const OnOffPill = ({ enabled, text }: { enabled: boolean; text?: string }) => {
  const { texts } = useConsole()
  return (
    <span className={enabled ? 'pill active' : 'pill disabled'}>
      <StandingIcon standing={enabled ? 'active' : 'disabled'} />
      {text ?? (enabled ? texts.records.enabled : texts.records.disabled)}
    </span>
  )
}

/** `own`: what is offered for this kind alone. */
export const recordMenu = (
  record: AnyView,
  texts: Texts,
  off: string | null,
  own: readonly MenuItem[] = [],
): MenuItem[] => {
  const { menu } = texts.records
  return [
    { name: 'view', text: menu.view, shortcut: 'Enter' },
    { name: 'edit', text: menu.edit, shortcut: 'F2', off },
    ...own,
    record.enabled ? { name: 'disable', text: menu.disable, off } : { name: 'enable', text: menu.enable, off },
    { name: 'remove', text: menu.remove, shortcut: 'Delete', danger: true, off },
  ]
}

interface PanelProps {
  readonly label: string
  readonly of: AnyView
  readonly pill: ReactNode
  readonly off: string | null
  readonly onAct: (action: RecordAction) => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Beside the table, or in its place where there is no room for both. */
export const RecordPanel = ({ label, of: record, pill, off, onAct, onClose, children }: PanelProps) => {
  const { texts } = useConsole()
  const actions = ['edit', record.enabled ? 'disable' : 'enable', 'remove'] as const
  return (
    <aside
      className="details"
      aria-label={label}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <div className="top">
        <h2 className="whole">{titleOf(record)}</h2>
        <button type="button" className="plain" aria-label={texts.common.close} autoFocus onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <p>{pill}</p>
      <p className="row">
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            className={action === 'remove' ? 'button danger' : 'button'}
            aria-disabled={off !== null}
            title={off ?? undefined}
            onClick={() => {
              if (off === null) onAct(action)
            }}
          >
            {texts.records.menu[action]}
          </button>
        ))}
      </p>
      {children}
    </aside>
  )
}

/** Back to the row that the panel is about; the table may not have been in sight until now. */
export const focusRow = (id: string): void =>
  void setTimeout(() => document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"] .open`)?.focus())

/** The name of a record in its table: opens the panel. */
export const OpenName = ({ text, code = false, onOpen }: { text: string; code?: boolean; onOpen: () => void }) => (
  <button type="button" className="open" onClick={onOpen}>
    {code ? <code>{text}</code> : text}
  </button>
)

interface SearchBarProps {
  readonly title: string
  readonly label: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly children?: ReactNode
}

/** The head of a page: its name, the search box and what can be added. */
export const SearchBar = ({ title, label, text, onText, children }: SearchBarProps) => (
  <div className="top">
    <h1>{title}</h1>
    <input
      type="search"
      aria-label={label}
      aria-keyshortcuts="Control+F"
      placeholder={label}
      value={text}
      spellCheck={false}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onText('')
      }}
    />
    {children}
  </div>
)

interface AddButtonProps {
  readonly text: string
  readonly off: string | null
  readonly primary?: boolean
  readonly onAdd: () => void
}

/** The primary one is what Ctrl+N presses. */
export const AddButton = ({ text, off, primary = false, onAdd }: AddButtonProps) => (
  <button
    type="button"
    className={primary ? 'button primary' : 'button'}
    data-action={primary ? 'add' : undefined}
    aria-disabled={off !== null}
    title={off ?? undefined}
    onClick={() => {
      if (off === null) onAdd()
    }}
  >
    {text}
  </button>
)
