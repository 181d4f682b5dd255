/** Admin tokens: who may manage this Postern besides those at the machine, in which role and until when. For administrators. */
import { useCallback, useState } from 'react'
import type { IssuedToken, TokenView } from '@postern/shared'
import { may, useConsole, useKnown, whyOff } from '../console-context.ts'
import type { PageProps } from '../pages.tsx'
import type { RecordColumn } from '../parts/record-table.tsx'
import { StandingPill } from '../parts/standing-pill.tsx'
import { PlainRecordPage } from '../records/plain-record-page.tsx'
import { useAll } from '../records/use-all.ts'
import { IssuedTokenDialog, RemoveToken } from '../tokens/token-dialogs.tsx'
import { endingOf } from '../tokens/token-facts.ts'
import { TokenForm } from '../tokens/token-form.tsx'
import { useTokenActions } from '../tokens/use-token-actions.ts'
import { useJudgedTime } from '../use-judged-time.ts'

const role = 'administrator'
const topics = ['records', 'keys'] as const
const none: readonly TokenView[] = []

type Asking =
  | { readonly what: 'add' }
  | { readonly what: 'edit' | 'remove'; readonly token: TokenView }
  | { readonly what: 'issued'; readonly issued: IssuedToken }

export const TokensPage = (props: PageProps) => {
  const { model } = useConsole()
  return may(useKnown(model), role) ? <Tokens {...props} /> : <NeedsRole />
}

/** Nothing is asked for that would be refused in any case. */
const NeedsRole = () => {
  const { model, texts } = useConsole()
  const { me } = useKnown(model)
  const words = texts.tokens
  return (
    <div className="page records-page tokens-page">
      <div className="top">
        <h1>{texts.pages.tokens}</h1>
      </div>
      <div className="banner calm" role="status">
        <p>{words.needsRole(words.roles[role])}</p>
        {me === null ? null : <p>{words.yourRole(me.name, words.roles[me.role])}</p>}
      </div>
    </div>
  )
}

const Tokens = ({ asked }: PageProps) => {
  const { model, texts, dates, nowMs } = useConsole()
  const words = texts.tokens
  const off = whyOff(useKnown(model), texts, role)
  const list = useAll('tokens.list', topics)
  const actions = useTokenActions()
  const [asking, setAsking] = useState<Asking | null>(null)
  const tokens = list.data ?? none
  const judgedMs = useJudgedTime(tokens, nowMs)
  const alsoFound = useCallback((token: TokenView) => words.roles[token.role], [words])
  const close = (): void => setAsking(null)
  const columns: RecordColumn<TokenView>[] = [
    {
      name: 'role',
      head: words.columns.role,
      cell: (token) => <span title={words.roleMeans[token.role]}>{words.roles[token.role]}</span>,
    },
    {
      name: 'expires',
      head: words.columns.expires,
      cell: ({ expires_at: at }) =>
        at === null ? words.neverExpires : <span title={dates.end(at)}>{dates.endDay(at)}</span>,
    },
    {
      name: 'used',
      head: words.columns.used,
      cell: ({ last_used_at: at }) =>
        at === null ? (
          <span title={words.notUsedWhy}>{words.notUsed}</span>
        ) : (
          <span title={dates.dayAndTime(at)}>{dates.relative(at, judgedMs)}</span>
        ),
    },
    { name: 'keys', head: words.columns.keys, number: true, cell: (token) => dates.number(token.keys_count) },
    {
      name: 'status',
      head: words.columns.status,
      cell: (token) => <StandingPill of={endingOf(token)} nowMs={judgedMs} />,
    },
  ]

  if (list.fault?.code === 'forbidden') return <NeedsRole />
  return (
    <PlainRecordPage
      page="tokens"
      asked={asked}
      list={list}
      off={off}
      columns={columns}
      alsoFound={alsoFound}
      onAdd={() => setAsking({ what: 'add' })}
      onAct={(action, token) =>
        action === 'edit' || action === 'remove' ? setAsking({ what: action, token }) : actions[action](token)
      }
    >
      {asking?.what === 'add' || asking?.what === 'edit' ? (
        <TokenForm
          of={asking.what === 'edit' ? asking.token : null}
          tokens={tokens}
          onIssued={(issued) => setAsking({ what: 'issued', issued })}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'issued' ? <IssuedTokenDialog issued={asking.issued} onClose={close} /> : null}
      {asking?.what === 'remove' ? <RemoveToken of={asking.token} onClose={close} /> : null}
    </PlainRecordPage>
  )
}
