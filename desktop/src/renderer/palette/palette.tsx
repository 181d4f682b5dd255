/**
 * The command palette: type, choose, done; and beside each command the one of the command line that does the same. The
 * focus stays in the search; what is chosen is told by aria-activedescendant.
 */
import { useEffect, useId, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { commandLine } from '../shell.ts'
import { useCommands, type Command } from './commands.ts'
import { withRecent } from './find.ts'

const recentPreference = 'recent-commands'
const recentKept = 6
const pageRows = 8

export const Palette = ({ onClose }: { onClose: () => void }) => {
  const { texts, preferences, bridge, toasts } = useConsole()
  const [text, setText] = useState('')
  const kept = useSyncExternalStore(preferences.subscribe, () => preferences.get(recentPreference)) ?? ''
  const recent = useMemo(() => kept.split(' ').filter(Boolean), [kept])
  const commands = useCommands(text, recent)
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const listId = useId()
  const optionId = (index: number): string => `${listId}-${index}`
  const active = commands[at]
  const line = active === undefined || active.equivalent === null ? null : commandLine(active.equivalent)

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at, commands])

  const run = (command: Command | undefined): void => {
    if (command === undefined || (command.off ?? null) !== null) return
    preferences.set(recentPreference, withRecent(recent, command.id, recentKept).join(' '))
    // Closed first: the focus goes back to where it was, and from there to what the command opens.
    onClose()
    setTimeout(() => command.run())
  }
  const copyLine = (): void => {
    if (line !== null) void bridge.copyText(line).then(() => toasts.show(texts.common.copied))
  }
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key, currentTarget: input } = event
    const control = event.ctrlKey || event.metaKey
    const last = commands.length - 1
    if (key === 'ArrowDown') setAt(at >= last ? 0 : at + 1)
    else if (key === 'ArrowUp') setAt(at <= 0 ? Math.max(0, last) : at - 1)
    else if (key === 'PageDown') setAt(Math.min(last, at + pageRows))
    else if (key === 'PageUp') setAt(Math.max(0, at - pageRows))
    else if (key === 'Home' && control) setAt(0)
    else if (key === 'End' && control) setAt(Math.max(0, last))
    else if (key === 'Enter') run(active)
    else if (control && key === 'k') onClose()
    else if (control && key === 'c' && input.selectionStart === input.selectionEnd) copyLine()
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={texts.palette.title} onClose={onClose} className="palette">
      <input
        type="text"
        role="combobox"
        aria-label={texts.palette.search}
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : optionId(at)}
        placeholder={texts.palette.search}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          // At once and together: Enter must never run what an earlier text had found.
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={press}
      />
      <div ref={list} id={listId} role="listbox" aria-label={texts.palette.title} className="found">
        {commands.map((command, index) => (
          <Option
            key={command.id}
            id={optionId(index)}
            of={command}
            chosen={index === at}
            onPoint={() => setAt(index)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      <p className={commands.length === 0 ? 'nothing' : 'unseen'} role="status">
        {commands.length === 0 ? texts.palette.nothing(text.trim()) : texts.palette.count(commands.length)}
      </p>
      <div className="below">
        {line === null ? (
          <span className="hint">{texts.palette.noEquivalent}</span>
        ) : (
          <>
            <code>{line}</code>
            <button type="button" className="button" aria-keyshortcuts="Control+C" onClick={copyLine}>
              {texts.palette.copyLine}
              <kbd aria-hidden="true">Ctrl+C</kbd>
            </button>
          </>
        )}
      </div>
    </Dialog>
  )
}

interface OptionProps {
  readonly id: string
  readonly of: Command
  readonly chosen: boolean
  readonly onPoint: () => void
  readonly onRun: () => void
}

const Option = ({ id, of: command, chosen, onPoint, onRun }: OptionProps) => {
  const off = command.off ?? null
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      aria-disabled={off !== null}
      className="found-command"
      onPointerMove={() => (chosen ? undefined : onPoint())}
      // The focus stays in the search.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onRun}
    >
      <span className="what">
        {command.text}
        {off === null ? null : <span className="hint"> {off}</span>}
      </span>
      {command.equivalent === null ? null : <code className="cut">{commandLine(command.equivalent)}</code>}
      {command.shortcut === undefined ? null : <kbd>{command.shortcut}</kbd>}
    </div>
  )
}
