/** What the pages of policies and of admin tokens have in common: their rows have no panel beside them, so the name edits. */
import { useConsole } from '../console-context.ts'
import type { MenuItem } from '../parts/menu.tsx'
import type { Texts } from '../texts/texts.ts'

export type PlainAction = 'edit' | 'disable' | 'enable' | 'remove'

export const plainMenu = (record: { readonly enabled: boolean }, texts: Texts, off: string | null): MenuItem[] => {
  const { menu } = texts.records
  return [
    { name: 'edit', text: menu.edit, shortcut: 'F2', off },
    record.enabled ? { name: 'disable', text: menu.disable, off } : { name: 'enable', text: menu.enable, off },
    { name: 'remove', text: menu.remove, shortcut: 'Delete', danger: true, off },
  ]
}

interface PlainNameProps {
  readonly name: string
  readonly description: string
  readonly off: string | null
  readonly onOpen: () => void
}

/** The description stands under the name, as much of it as one line holds. */
export const PlainName = ({ name, description, off, onOpen }: PlainNameProps) => (
  <>
    <button type="button" className="open" aria-disabled={off !== null} title={off ?? undefined} onClick={onOpen}>
      {name}
    </button>
    {description === '' ? null : (
      <span className="hint one-line" title={description}>
        {description}
      </span>
    )}
  </>
)

interface NothingFoundProps {
  readonly says: string
  /** There is none at all, so there is nothing else to be shown. */
  readonly isEmpty: boolean
  readonly onAll: () => void
}

export const NothingFound = ({ says, isEmpty, onAll }: NothingFoundProps) => {
  const { texts } = useConsole()
  return (
    <>
      <p>{says}</p>
      {isEmpty ? null : (
        <p className="row">
          <button type="button" className="button" onClick={onAll}>
            {texts.states.showAll}
          </button>
        </p>
      )}
    </>
  )
}
