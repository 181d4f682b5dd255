/** The state of things, always in sight: in words and shapes. */
import { useConsole, useKnown } from './console-context.ts'
import type { Standing } from './keys/standing.ts'
import type { Known } from './model.ts'
import { StandingIcon } from './parts/icons.tsx'
import type { Texts } from './texts/texts.ts'
import { connectingTries, isDamaged } from './trouble.ts'
import { useAsked } from './use-asked.ts'
import { useCalmNews } from './use-calm-news.ts'

const noTopics = [] as const
const topicsOfBackups = ['records'] as const
/** Every change of a record is news of the kind that a backup makes. */
const backupEveryMs = 5_000

const Mark = ({ standing, text }: { standing: Standing; text: string }) => (
  <span className={`mark ${standing}`}>
    <StandingIcon standing={standing} />
    {text}
  </span>
)

const serviceOf = ({ link }: Known, texts: Texts): [Standing, string] => {
  if (link.kind === 'up') return ['active', texts.frame.serviceUp]
  if (link.kind === 'lost' && link.tries >= connectingTries) return ['expired', texts.frame.serviceStopped]
  return ['soon', texts.frame.serviceLost]
}

const storeOf = (known: Known, texts: Texts): [Standing, string] => {
  const { status, link } = known
  // What was so when it answered last may be otherwise now.
  if (status === null || link.kind !== 'up') return ['disabled', texts.frame.storeUnknown]
  if (status.state === 'open') return ['active', texts.frame.storeOpen]
  return ['expired', isDamaged(known) ? texts.frame.storeDamaged : texts.frame.storeLocked]
}

export const Footer = () => {
  const { bridge, model, texts, dates, toasts, open } = useConsole()
  const known = useKnown(model)
  const backup = useLastBackup()
  const [service, serviceText] = serviceOf(known, texts)
  const [store, storeText] = storeOf(known, texts)
  return (
    <footer aria-label={texts.frame.footer}>
      <Mark standing={service} text={serviceText} />
      <Mark standing={store} text={storeText} />
      {backup === undefined ? null : (
        <span>{backup === null ? texts.frame.noBackup : texts.frame.backup(dates.day(backup))}</span>
      )}
      {known.slowedSeconds === null ? null : <Mark standing="soon" text={texts.frame.slowed(known.slowedSeconds)} />}
      <span>{texts.frame.zone(dates.shownZone)}</span>
      {dates.shownZone === dates.zone ? null : <span>{texts.frame.endsIn(dates.zone)}</span>}
      <span className="end">
        <button type="button" className="plain" aria-keyshortcuts="Control+K" onClick={() => open('palette')}>
          {texts.frame.commands} <kbd aria-hidden="true">Ctrl+K</kbd>
        </button>
        <button type="button" className="plain" onClick={() => open('notes')}>
          {texts.frame.notes(toasts.notes.length)}
        </button>
        <button type="button" className="plain" aria-keyshortcuts="F1" onClick={() => open('help')}>
          {texts.frame.help} <kbd aria-hidden="true">F1</kbd>
        </button>
        {bridge.enter === null ? null : (
          <button type="button" className="plain" onClick={() => bridge.end()}>
            {texts.frame.endSession}
          </button>
        )}
      </span>
    </footer>
  )
}

/** When the last known backup was made; null: none is known; undefined: not known yet. */
export const useLastBackup = (): string | null | undefined => {
  const { data, again } = useAsked('backups.last', {}, noTopics)
  useCalmNews(topicsOfBackups, backupEveryMs, again)
  return data === null ? undefined : (data.last?.at ?? null)
}
