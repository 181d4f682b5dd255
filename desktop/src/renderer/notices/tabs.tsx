/** Parts of one page, one at a time. Promises: one tab stop; arrows, Home and End choose; the part is named by its tab. */
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'

interface TabsProps<T extends string> {
  readonly label: string
  readonly tabs: readonly { readonly name: T; readonly text: string }[]
  readonly at: T
  readonly onChoose: (name: T) => void
  readonly children: ReactNode
}

export const Tabs = <T extends string>({ label, tabs, at, onChoose, children }: TabsProps<T>) => {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const press = (event: KeyboardEvent): void => {
    const now = tabs.findIndex(({ name }) => name === at)
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: (now + 1) % tabs.length,
      ArrowLeft: (now - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }
    const next = steps[event.key]
    const chosen = next === undefined || event.altKey ? undefined : tabs[next]
    if (next === undefined || chosen === undefined) return
    event.preventDefault()
    onChoose(chosen.name)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
  }
  return (
    <>
      <div ref={list} className="tabs" role="tablist" aria-label={label}>
        {tabs.map(({ name, text }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === at}
            aria-controls={`${id}-part`}
            tabIndex={name === at ? 0 : -1}
            onClick={() => onChoose(name)}
            onKeyDown={press}
          >
            {text}
          </button>
        ))}
      </div>
      <div id={`${id}-part`} className="part" role="tabpanel" aria-labelledby={`${id}-${at}`}>
        {children}
      </div>
    </>
  )
}
