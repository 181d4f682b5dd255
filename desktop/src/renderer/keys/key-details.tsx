/** All about one key, beside the table: what it is, who uses it, what was done with it. */
import { useLayoutEffect, useRef, useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { RowAction } from '../pages/keys-page.tsx'
import { CloseIcon } from '../parts/icons.tsx'
import { SecretValue } from '../parts/secret-value.tsx'
import { StandingPill } from '../parts/standing-pill.tsx'
import { Fact } from '../parts/states.tsx'
import { KeyRightsFacts } from '../rights/rights-facts.tsx'
import { lastEdit } from './history.ts'
import { HistoryList, useKeyHistory, type KeyHistory } from './key-history.tsx'
import { KeyUse } from './key-use.tsx'
import { LastCalls } from './last-calls.tsx'
import { TryDialog } from './try-dialog.tsx'

export interface KeyDetailsProps {
  readonly of: KeyView
  readonly judgedMs: number
  readonly off: string | null
  readonly onAct: (action: RowAction, key: KeyView) => void
  readonly onClose: () => void
}

export const KeyDetails = ({ of: key, judgedMs, off, onAct, onClose }: KeyDetailsProps) => {
  const { texts } = useConsole()
  const { details } = texts
  const history = useKeyHistory(key)
  const element = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    // Where it takes the place of the table, whatever had the focus is not in sight any more.
    if (document.activeElement?.checkVisibility() === false || document.activeElement === document.body)
      element.current?.querySelector<HTMLElement>('button')?.focus()
  }, [])
  return (
    <aside ref={element} className="details" aria-label={details.title}>
      <div className="top">
        <h2 className="cut" title={key.name}>
          {key.name}
        </h2>
        <button type="button" className="plain" aria-label={texts.common.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <p>
        <StandingPill of={key} nowMs={judgedMs} />
      </p>
      <p className="row">
        {(['edit', 'rotate', key.state === 'disabled' ? 'enable' : 'disable', 'remove'] as const).map((action) => (
          <button
            key={action}
            type="button"
            className={action === 'remove' ? 'button danger' : 'button'}
            disabled={off !== null}
            title={off ?? undefined}
            onClick={() => onAct(action, key)}
          >
            {texts.keys.menu[action]}
          </button>
        ))}
      </p>
      <TryButton of={key} off={off} />
      {key.honey === null ? null : <p className="hint fault">{details.trap}</p>}
      <Value of={key} off={off} />
      <Facts of={key} judgedMs={judgedMs} history={history} />
      <KeyRightsFacts of={key} />
      <KeyUse of={key} judgedMs={judgedMs} off={off} />
      <LastCalls of={key} />
      <HistoryList of={history} />
    </aside>
  )
}

const TryButton = ({ of: key, off }: { of: KeyView; off: string | null }) => {
  const { texts } = useConsole()
  const said = texts.care.try
  const [open, setOpen] = useState(false)
  const why = off ?? (key.honey !== null ? said.trap : key.reveal === 'always' ? null : said.notKept)
  return (
    <div className="try">
      <button
        type="button"
        className="button"
        disabled={why !== null}
        title={why ?? undefined}
        onClick={() => setOpen(true)}
      >
        {said.open}
      </button>
      {open ? <TryDialog of={key} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

const Value = ({ of: key, off }: { of: KeyView; off: string | null }) => {
  const { bridge, texts } = useConsole()
  const { details } = texts
  return (
    <>
      <h3>{details.value}</h3>
      {key.reveal === 'always' ? (
        <>
          <SecretValue
            masked={key.masked}
            reveal={() => bridge.revealKey(key.id)}
            copy={() => bridge.copyKey(key.id)}
            off={off}
          />
          <p className="hint">{details.hidesItself}</p>
        </>
      ) : (
        <p className="hint">
          <code>{key.masked}</code> {texts.keys.notKept}
        </p>
      )}
    </>
  )
}

const Facts = ({ of: key, judgedMs, history }: { of: KeyView; judgedMs: number; history: KeyHistory }) => {
  const { bridge, texts, dates, toasts } = useConsole()
  const { details, care } = texts
  const { expires_at: expiresAt, last_used_at: usedAt } = key
  const edit = lastEdit(history.entries ?? [])
  const link = `postern://keys/${key.id}`
  const ago = (at: string): string =>
    `${dates.dayAndTime(at)}, ${dates.relative(at, Math.max(judgedMs, Date.parse(at)))}`
  return (
    <dl className="facts">
      <Fact label={details.description}>{key.description === '' ? texts.common.none : key.description}</Fact>
      <Fact label={details.owner}>{key.owner ?? texts.common.none}</Fact>
      <Fact label={details.client}>{key.client.name}</Fact>
      <Fact label={details.expires}>
        {expiresAt === null
          ? texts.keys.neverExpires
          : `${dates.end(expiresAt)}, ${dates.relative(expiresAt, judgedMs)}`}
      </Fact>
      <Fact label={details.used}>{usedAt === null ? texts.keys.notUsed : ago(usedAt)}</Fact>
      <Fact label={details.created}>
        {history.created === null
          ? dates.dayAndTime(key.created_at)
          : care.more.by(dates.dayAndTime(key.created_at), history.created.actor.name)}
      </Fact>
      {edit === null ? null : (
        <Fact label={care.more.edited}>{care.more.by(dates.dayAndTime(edit.ts), edit.actor.name)}</Fact>
      )}
      <Fact label={details.id}>
        <span className="row">
          <code>{key.id}</code>
          <button
            type="button"
            className="plain"
            onClick={() => void bridge.copyText(link).then(() => toasts.show(care.more.linkCopied))}
          >
            {care.more.copyLink}
          </button>
        </span>
      </Fact>
    </dl>
  )
}
