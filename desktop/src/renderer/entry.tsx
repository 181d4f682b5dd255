/** What is shown where there is no session: how to get one. */
import { useState } from 'react'
import { useConsole } from './console-context.ts'
import { Command } from './parts/states.tsx'
import { ToastList } from './parts/toasts.tsx'
import { serviceCommands } from './shell.ts'

interface EntryProps {
  readonly why: string | null
  readonly idleMinutes: number | null
}

export const Entry = ({ why, idleMinutes }: EntryProps) => {
  const { bridge, model, texts } = useConsole()
  const { states } = texts
  const [link, setLink] = useState('')
  const told = idleMinutes === null ? why : states.endedIdle(idleMinutes)
  const [reason, setReason] = useState(told === null || told === '' ? states.noSessionWhy : told)
  const enter = (): void => {
    bridge.enter?.(link).catch((error: unknown) => setReason(error instanceof Error ? error.message : String(error)))
    setLink('')
  }
  return (
    <main className="entry">
      <h1>{states.noSession}</h1>
      <p role="alert">{reason}</p>
      <p>{states.noSessionHow}</p>
      <Command text={serviceCommands(model.get().status).console} />
      <p>{states.noSessionMore}</p>
      {bridge.enter === null ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            enter()
          }}
        >
          <label className="field">
            {states.link}
            <input
              type="text"
              required
              autoFocus
              autoComplete="off"
              spellCheck={false}
              value={link}
              onChange={(event) => setLink(event.target.value)}
            />
          </label>
          <button type="submit" className="button primary">
            {states.open}
          </button>
        </form>
      )}
      <ToastList />
    </main>
  )
}
