/** One menu for all rows: the first item has the focus, arrows go round, letters find, Escape and Tab close it. */
import { useLayoutEffect, useRef, type KeyboardEvent } from 'react'

export interface MenuItem {
  readonly name: string
  readonly text: string
  /** As pressed in the table; shown beside the text. */
  readonly shortcut?: string
  readonly danger?: boolean
  /** Why it cannot be chosen. */
  readonly off?: string | null
}

export interface MenuProps {
  readonly anchor: HTMLElement
  /** Gets the focus when the menu has gone; without it, the anchor does. */
  readonly returnTo?: HTMLElement | undefined
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly onPick: (name: string) => void
  readonly onClose: () => void
}

const typeaheadMs = 500

export const Menu = ({ anchor, returnTo = anchor, label, items, onPick, onClose }: MenuProps) => {
  const menu = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', at: 0 })
  useLayoutEffect(() => {
    const element = menu.current
    anchor.style.setProperty('anchor-name', '--row-menu')
    anchor.setAttribute('aria-expanded', 'true')
    element?.showPopover()
    element?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    return () => {
      anchor.style.removeProperty('anchor-name')
      anchor.setAttribute('aria-expanded', 'false')
      if (element?.contains(document.activeElement) === true || document.activeElement === document.body)
        returnTo.focus({ preventScroll: true })
    }
    // Where the focus goes back to is settled when it opens.
  }, [anchor])

  const found = (all: readonly HTMLElement[], key: string, at: number): number => {
    const { text, at: before } = typed.current
    typed.current = { text: at - before < typeaheadMs ? text + key : key, at }
    return all.findIndex((each) => each.textContent?.toLowerCase().startsWith(typed.current.text.toLowerCase()))
  }

  const press = (event: KeyboardEvent): void => {
    // The table around it, and the page, have nothing to do with what is pressed here.
    event.stopPropagation()
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const now = all.indexOf(document.activeElement as HTMLElement)
    const { key } = event
    let next = -1
    if (key === 'ArrowDown') next = (now + 1) % all.length
    else if (key === 'ArrowUp') next = (now - 1 + all.length) % all.length
    else if (key === 'Home') next = 0
    else if (key === 'End') next = all.length - 1
    else if (key === 'Tab' || key === 'Escape') {
      event.preventDefault()
      return onClose()
    } else if (key.length === 1 && key !== ' ' && !event.ctrlKey && !event.metaKey)
      next = found(all, key, event.timeStamp)
    if (next < 0) return
    event.preventDefault()
    all[next]?.focus()
  }

  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className="menu"
      onKeyDown={press}
      onToggle={(event) => {
        if (event.newState === 'closed') onClose()
      }}
    >
      {items.map(({ name, text, shortcut, danger, off }) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={danger === true ? 'danger' : ''}
          aria-disabled={off !== null && off !== undefined}
          title={off ?? undefined}
          aria-keyshortcuts={shortcut}
          onClick={() => {
            if (off === null || off === undefined) onPick(name)
          }}
        >
          {text}
          {shortcut === undefined ? null : <kbd aria-hidden="true">{shortcut}</kbd>}
        </button>
      ))}
    </div>
  )
}
