/** What is shown while the console is locked: that it is, what that is worth, and how to go on. */
import { useEffect } from 'react'
import { useConsole } from './console-context.ts'
import { LockIcon } from './parts/icons.tsx'

export const Locked = () => {
  const { bridge, texts } = useConsole()
  const { states, product } = texts
  useEffect(() => {
    document.title = product
  }, [product])
  return (
    <main className="entry">
      <h1>
        <LockIcon /> {states.consoleLocked}
      </h1>
      <p>{states.consoleLockedWhy}</p>
      <p>{states.consoleLockedBy}</p>
      <p>
        <button type="button" className="button primary" autoFocus onClick={() => void bridge.reopen?.()}>
          {states.openAgain}
        </button>
      </p>
    </main>
  )
}
