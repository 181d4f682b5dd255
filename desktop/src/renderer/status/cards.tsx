/** The cards about the service itself: how it runs, its certificate, its key store, its clock, its alarms. */
import type { StatusView } from '@postern/shared'
import { useConsole, useKnown } from '../console-context.ts'
import { Fact } from '../parts/states.tsx'
import { serviceCommands } from '../shell.ts'
import { connectingTries, isDamaged } from '../trouble.ts'
import { Card, useCopyAction } from './card.tsx'
import { certificateTone, clockToleranceMs } from './judge.ts'

const alarmsShown = 5
const minuteMs = 60_000

interface StatusProps {
  readonly status: StatusView
}

export const ServiceCard = ({ status }: StatusProps) => {
  const { model, texts, dates } = useConsole()
  const { link } = useKnown(model)
  const copy = useCopyAction()
  const { start, doctor } = serviceCommands(status)
  const isStopped = link.kind === 'lost' && link.tries >= connectingTries
  const tone = link.kind !== 'lost' ? 'fine' : isStopped ? 'urgent' : 'soon'
  const retry = { text: texts.common.retry, run: () => void model.refresh() }
  return (
    <Card
      title={texts.status.service}
      tone={tone}
      action={tone === 'fine' ? null : isStopped ? copy(start ?? doctor, texts.status.copyStart) : retry}
    >
      <dl>
        <Fact label={texts.status.version}>{status.version}</Fact>
        <Fact label={texts.status.since}>{dates.dayAndTime(status.started_at)}</Fact>
        <Fact label={texts.status.process}>{status.pid}</Fact>
        <Fact label={texts.status.listens}>{status.listeners.map(({ url }) => url).join(' ')}</Fact>
        {typeof status.host['hostname'] === 'string' ? (
          <Fact label={texts.status.machine}>{status.host['hostname']}</Fact>
        ) : null}
      </dl>
    </Card>
  )
}

export const CertificateCard = ({ status, judgedMs }: StatusProps & { judgedMs: number }) => {
  const { texts, dates } = useConsole()
  const copy = useCopyAction()
  const { certificate } = status
  if (certificate === null) return null
  const tone = certificateTone(certificate.not_after, judgedMs)
  return (
    <Card
      title={texts.status.certificate}
      tone={tone}
      action={tone === 'fine' ? null : copy(serviceCommands(status).doctor)}
    >
      <dl>
        <Fact label={texts.status.certificateUntil}>
          {dates.day(certificate.not_after)} ({dates.relative(certificate.not_after, judgedMs)})
        </Fact>
        <Fact label={texts.status.certificateOf}>
          {certificate.source === 'own' ? texts.status.certificateOwn : texts.status.certificateFile}
        </Fact>
      </dl>
      {tone === 'fine' ? null : <p className="hint">{texts.status.certificateEnds}</p>}
    </Card>
  )
}

export const StoreCard = ({ status }: StatusProps) => {
  const { model, texts, dates } = useConsole()
  const known = useKnown(model)
  const copy = useCopyAction()
  const damaged = isDamaged(known)
  const states = { open: texts.status.open, locked: texts.status.lockedWord, damaged: texts.status.damagedWord }
  const unlock = {
    text: texts.status.unlock,
    run: () => document.querySelector<HTMLElement>('[data-unlock]')?.focus(),
  }
  const { refusing } = status
  const isOpen = status.state === 'open'
  return (
    <Card
      title={texts.status.store}
      tone={isOpen && refusing === null ? 'fine' : 'urgent'}
      action={isOpen && refusing === null ? null : isOpen || damaged ? copy(serviceCommands(status).doctor) : unlock}
    >
      {refusing === null ? null : (
        <p>
          {texts.status.changesRefused(dates.dayAndTime(refusing.since))} {refusing.why}
        </p>
      )}
      <dl>
        <Fact label={texts.status.storeState}>{damaged ? states.damaged : states[status.state]}</Fact>
        <Fact label={texts.status.protection}>{texts.status.protectedBy}</Fact>
        <Fact label={texts.status.folder}>
          <code>{status.data_dir}</code>
        </Fact>
        {status.store === null ? null : (
          <Fact label={texts.status.generation}>{dates.number(status.store.generation)}</Fact>
        )}
      </dl>
    </Card>
  )
}

export const ClockCard = () => {
  const { model, texts, dates, nowMs } = useConsole()
  const { skewMs, clockBackMs } = useKnown(model)
  const isOff = Math.abs(skewMs) >= clockToleranceMs
  const again = { text: texts.status.clockAgain, run: () => void model.refresh() }
  return (
    <Card
      title={texts.status.clock}
      tone={isOff || clockBackMs > 0 ? 'soon' : 'fine'}
      action={isOff || clockBackMs > 0 ? again : null}
    >
      <p>{isOff ? texts.status.clockOff(Math.round(Math.abs(skewMs) / minuteMs)) : texts.status.clockFine}</p>
      {clockBackMs > 0 ? <p>{texts.status.clockWentBack}</p> : null}
      <p className="hint">{dates.dayAndTime(nowMs())}</p>
    </Card>
  )
}

export const AlarmsCard = ({ status }: StatusProps) => {
  const { texts, dates } = useConsole()
  const copy = useCopyAction()
  if (status.alarms.length === 0) return null
  return (
    <Card title={texts.status.alarms} tone="soon" wide action={copy(serviceCommands(status).doctor)}>
      <ul className="plain-list">
        {status.alarms.slice(-alarmsShown).map(({ at, message }) => (
          <li key={`${at} ${message}`}>
            <time dateTime={at}>{dates.dayAndTime(at)}</time> <span>{message}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
