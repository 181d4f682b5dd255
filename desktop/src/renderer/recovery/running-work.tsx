/** How far long work has come, as far as the service says so. It is not read out again at every step. */
import type { BackupsView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { sizeText } from './size-text.ts'
import { useBackups } from './use-backups.ts'

type Running = NonNullable<BackupsView['running']>

export const RunningWork = ({ of: { what, bytes_done: done, bytes_total: total } }: { of: Running }) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  const size = (bytes: number): string => sizeText(bytes, dates.number)
  return (
    <div className="long-work">
      <span>
        {total === null
          ? `${words.now[what]}…`
          : words.nowOf(words.now[what], size(Math.min(done, total)), size(total))}
      </span>
      <progress aria-label={words.now[what]} {...(total === null ? {} : { value: done, max: Math.max(1, total) })} />
    </div>
  )
}

/** In the dialog where it was begun. It may have to wait for something else, which is shown then. */
export const OwnWork = ({ what }: { what: Running['what'] }) => {
  const { texts } = useConsole()
  const words = texts.recovery
  const running = useBackups(true).data?.running ?? null
  const isOther = running !== null && running.what !== what
  return (
    <>
      <p className="hint" role="status">
        {running === null ? words.begins : isOther ? words.waitsFor(words.now[running.what]) : words.now[what]}
      </p>
      <RunningWork of={running ?? { what, bytes_done: 0, bytes_total: null }} />
    </>
  )
}
