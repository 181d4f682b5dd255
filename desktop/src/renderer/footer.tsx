/** The state of things, always in sight: in words and shapes. */
import { useConsole, useKnown } from './console-context.ts'
import type { Standing } from './keys/standing.ts'
import type { Known } from './model.ts'
import { StandingIcon } from './parts/icons.tsx'
import type { Texts } from './texts/texts.ts'
import { useAsked } from './use-asked.ts'

const Mark = ({ standing, text }: { standing: Standing; text: string }) => (
  <span className={`mark ${standing}`}>
    <StandingIcon standing={standing} />
    {text}
  </span>
)

const serviceOf = ({ link }: Known, texts: Texts): [Standing, string] => {
  if (link.kind === 'up') return ['active', texts.frame.serviceUp]
  if (link.kind === 'lost' && link.tries >= 4) return ['expired', texts.frame.serviceStopped]
  return ['soon', texts.frame.serviceLost]
}

const storeOf = ({ status }: Known, texts: Texts): [Standing, string] => {
  if (status === null) return ['disabled', texts.frame.storeUnknown]
  if (status.state === 'open') return ['active', texts.frame.storeOpen]
  const damaged = status.state === 'damaged' || status.problem?.code === 'keystore_damaged'
  return ['expired', damaged ? texts.frame.storeDamaged : texts.frame.storeLocked]
}

export const Footer = () => {
  const { bridge, model, texts, dates } = useConsole()
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
      <span>{texts.frame.zone(dates.shownZone)}</span>
      {dates.shownZone === dates.zone ? null : <span>{texts.settings.endsIn(dates.zone)}</span>}
      {bridge.enter === null ? null : (
        <button type="button" className="plain end" onClick={() => bridge.end()}>
          {texts.frame.endSession}
        </button>
      )}
    </footer>
  )
}

/** When the last known backup was made; null: none is known; undefined: not known yet. */
export const useLastBackup = (): string | null | undefined => {
  const { data } = useAsked('backups.last', {})
  return data === null ? undefined : (data.last?.at ?? null)
}
