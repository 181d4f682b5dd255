/** When backups are made, and restores proven, by the clock. The times that most people want are said in words. */
import { useState } from 'react'
import { backupKeepLimits, type BackupsView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ChoiceField, TextField } from '../notices/text-field.tsx'
import { FormDialog } from '../parts/form.tsx'
import { cronInWords, weekdayNames } from './cron-words.ts'

export type Schedule = NonNullable<BackupsView['schedule']>
export type DrillSchedule = NonNullable<BackupsView['drill_schedule']>

const backupCrons = ['0 2 * * *', '0 * * * *', '0 3 * * 0'] as const
const drillCrons = ['0 4 * * 0', '0 4 * * *', '0 4 1 * *'] as const
const keepDefault = 14

const own = 'own'

/** What was chosen, and what it comes to. */
const useCron = (crons: readonly [string, ...string[]], start: string | undefined) => {
  const { texts } = useConsole()
  const [weekday] = useState(weekdayNames)
  const [choice, setChoice] = useState(start === undefined ? crons[0] : crons.includes(start) ? start : own)
  const [typed, setTyped] = useState(start ?? '')
  const names = Object.fromEntries([
    ...crons.map((cron) => [cron, cronInWords(cron, texts, weekday)]),
    [own, texts.recovery.ownCron],
  ]) as Readonly<Record<string, string>>
  const isOwn = choice === own
  return {
    names,
    choices: [...crons, own],
    choice,
    setChoice,
    typed,
    setTyped,
    isOwn,
    cron: isOwn ? typed.trim() : choice,
  }
}

const CronFields = ({ of, fault }: { of: ReturnType<typeof useCron>; fault: string | undefined }) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  return (
    <>
      <ChoiceField
        label={words.when}
        hint={words.schedulesAbout(dates.zone)}
        choices={of.choices}
        names={of.names}
        value={of.choice}
        onChange={of.setChoice}
        fault={of.isOwn ? undefined : fault}
      />
      {of.isOwn ? (
        <TextField label={words.cron} hint={words.cronHint} value={of.typed} onChange={of.setTyped} fault={fault} />
      ) : null}
    </>
  )
}

interface ScheduleDialogProps<S, T> {
  /** As it is now; null: there is none. */
  readonly of: S | null
  /** Throws a Refusal, which the form shows. */
  readonly save: (schedule: T) => Promise<void>
  readonly onClose: () => void
}

const keepOf = (text: string): number | null => {
  const keep = Number(text.trim())
  return /^\d{1,5}$/.test(text.trim()) && keep >= backupKeepLimits.min && keep <= backupKeepLimits.max ? keep : null
}

export const ScheduleDialog = ({
  of: schedule,
  start,
  save,
  onClose,
}: ScheduleDialogProps<Schedule, Pick<Schedule, 'cron' | 'dir' | 'keep'>> & { readonly start: string }) => {
  const { texts } = useConsole()
  const words = texts.recovery
  const cron = useCron(backupCrons, schedule?.cron)
  const [dir, setDir] = useState(schedule?.dir ?? start)
  const [keep, setKeep] = useState(String(schedule?.keep ?? keepDefault))
  return (
    <FormDialog
      title={words.scheduleTitle}
      submit={words.scheduleGo}
      fields={['cron', 'dir', 'keep']}
      check={() => ({
        ...(cron.cron === '' ? { cron: words.cronMissing } : {}),
        ...(dir.trim() === '' ? { dir: words.dirMissing } : {}),
        ...(keepOf(keep) === null ? { keep: words.keepFault(backupKeepLimits.min, backupKeepLimits.max) } : {}),
      })}
      save={() => save({ cron: cron.cron, dir: dir.trim(), keep: keepOf(keep) ?? keepDefault })}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <CronFields of={cron} fault={faults.cron} />
          <TextField label={words.dir} hint={words.dirHint} value={dir} onChange={setDir} fault={faults.dir} />
          <TextField
            label={words.keep}
            hint={words.keepHint}
            value={keep}
            onChange={setKeep}
            fault={faults.keep}
            inputMode="numeric"
          />
        </>
      )}
    </FormDialog>
  )
}

export const DrillScheduleDialog = ({
  of: schedule,
  save,
  onClose,
}: ScheduleDialogProps<DrillSchedule, Pick<DrillSchedule, 'cron'>>) => {
  const { texts } = useConsole()
  const words = texts.recovery
  const cron = useCron(drillCrons, schedule?.cron)
  return (
    <FormDialog
      title={words.drillScheduleTitle}
      submit={words.scheduleGo}
      fields={['cron']}
      check={() => (cron.cron === '' ? { cron: words.cronMissing } : {})}
      save={() => save({ cron: cron.cron })}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <p>{words.proveAbout}</p>
          <CronFields of={cron} fault={faults.cron} />
        </>
      )}
    </FormDialog>
  )
}
