/** What happens by the clock, and when next. Promises: what is turned off or changed can be undone. */
import { useState } from 'react'
import type { BackupsView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { cronInWords, weekdayNames } from './cron-words.ts'
import { DrillScheduleDialog, ScheduleDialog, type DrillSchedule, type Schedule } from './schedule-dialogs.tsx'

interface SchedulesProps {
  readonly of: BackupsView
  readonly off: string | null
  /** The folder that the last backup lies in. */
  readonly folder: string
  /** The schedule of backups is asked for at once. */
  readonly asked: boolean
  readonly again: () => void
}

type PutSchedule = Pick<Schedule, 'cron' | 'dir' | 'keep'> | null
type PutDrill = Pick<DrillSchedule, 'cron'> | null

const asPut = (schedule: Schedule | null): PutSchedule =>
  schedule === null ? null : { cron: schedule.cron, dir: schedule.dir, keep: schedule.keep }
const asPutDrill = (schedule: DrillSchedule | null): PutDrill => (schedule === null ? null : { cron: schedule.cron })

export const Schedules = ({ of: { schedule, drill_schedule: drill }, off, folder, asked, again }: SchedulesProps) => {
  const { bridge, texts, dates } = useConsole()
  const words = texts.recovery
  const [asking, setAsking] = useState<'schedule' | 'drill' | null>(asked && off === null ? 'schedule' : null)
  const [weekday] = useState(weekdayNames)
  const undoable = useUndoable(again)
  const inWords = (cron: string): string => cronInWords(cron, texts, weekday)

  const putBackups = async (next: PutSchedule): Promise<void> => {
    await bridge.call('backups.schedule', { body: { schedule: next } })
  }
  const putDrills = async (next: PutDrill): Promise<void> => {
    await bridge.call('backups.drillSchedule', { body: { schedule: next } })
  }
  const setBackups = (next: PutSchedule): Promise<void> =>
    undoable(next === null ? words.scheduleEnded : words.scheduleSet, putBackups, { next, was: asPut(schedule) })
  const setDrills = (next: PutDrill): Promise<void> =>
    undoable(next === null ? words.drillScheduleEnded : words.drillScheduleSet, putDrills, {
      next,
      was: asPutDrill(drill),
    })
  const close = (): void => setAsking(null)

  return (
    <div className="schedules beside">
      <h3>{words.schedules}</h3>
      <p className="hint">{words.schedulesAbout(dates.zone)}</p>
      <Line
        name={words.schedule}
        none={words.scheduleOff}
        of={schedule}
        text={schedule === null ? '' : words.scheduleText(inWords(schedule.cron), schedule.dir, schedule.keep)}
        off={off}
        onChange={() => setAsking('schedule')}
        onEnd={() => setBackups(null)}
      />
      <Line
        name={words.drillSchedule}
        none={words.drillScheduleOff}
        of={drill}
        text={drill === null ? '' : words.drillScheduleText(inWords(drill.cron))}
        off={off}
        onChange={() => setAsking('drill')}
        onEnd={() => setDrills(null)}
      />
      {asking === 'schedule' ? (
        <ScheduleDialog
          of={schedule}
          start={folder}
          save={async (next) => {
            await setBackups(next)
            close()
          }}
          onClose={close}
        />
      ) : null}
      {asking === 'drill' ? (
        <DrillScheduleDialog
          of={drill}
          save={async (next) => {
            await setDrills(next)
            close()
          }}
          onClose={close}
        />
      ) : null}
    </div>
  )
}

interface LineProps {
  readonly name: string
  /** What is said where there is none. */
  readonly none: string
  readonly of: DrillSchedule | null
  readonly text: string
  readonly off: string | null
  readonly onChange: () => void
  readonly onEnd: () => Promise<void>
}

const Line = ({ name, none, of: schedule, text, off, onChange, onEnd }: LineProps) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  const tell = useTellRefusal()
  const change = schedule === null ? words.setUp : words.change
  return (
    <div className="schedule">
      <div>
        <strong>{name}</strong>
        <span>{schedule === null ? none : text}</span>
        {schedule === null ? null : (
          <span className="hint">
            {schedule.next_at === null ? words.nextNow : words.next(dates.end(schedule.next_at))}
          </span>
        )}
      </div>
      <ActionButton text={change} label={words.actionOf(change, name)} off={off} onPress={onChange} />
      {schedule === null ? null : (
        <ActionButton
          text={words.turnOff}
          label={words.actionOf(words.turnOff, name)}
          off={off}
          onPress={() => void onEnd().catch(tell)}
        />
      )}
    </div>
  )
}

const useTellRefusal = (): ((error: unknown) => void) => {
  const { texts, toasts } = useConsole()
  return (error) => {
    const text = error instanceof Refusal && error.message !== '' ? error.message : texts.states.unexpected('internal')
    toasts.show(`${text} ${texts.states.notSaved}`, { alert: true })
  }
}

/** Does it, says so, and offers to put back what was. Throws a Refusal, and nothing was done then. */
const useUndoable = (again: () => void) => {
  const { texts, toasts } = useConsole()
  const tell = useTellRefusal()
  return async <T,>(
    text: string,
    put: (schedule: T) => Promise<void>,
    { next, was }: { next: T; was: T },
  ): Promise<void> => {
    await put(next)
    again()
    const run = (): void => {
      toasts.undo.current = null
      put(was).then(again, tell)
    }
    toasts.undo.current = run
    toasts.show(text, { actions: [{ text: texts.common.undo, run }] })
  }
}
