/** API keys: search, filter, order and the table; details beside it; what is asked before something is done. */
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { KeyDialogs, type Asking } from '../keys/dialogs.tsx'
import { KeyDetails } from '../keys/key-details.tsx'
import { KeyTable } from '../keys/key-table.tsx'
import { defaultOrder, inOrder, type Order } from '../keys/order.ts'
import { chips, inChip, matches, parseSearch, type Chip } from '../keys/search.ts'
import { useKeyActions } from '../keys/use-key-actions.ts'
import type { PageProps } from '../pages.tsx'
import { Loading } from '../parts/states.tsx'
import { useJudgedTime } from '../use-judged-time.ts'

export type RowAction = 'view' | 'edit' | 'copy' | 'rotate' | 'disable' | 'enable' | 'remove'

const sayCountAfterMs = 500

export const KeysPage = ({ asked }: PageProps) => {
  const { model, texts, nowMs } = useConsole()
  const known = useKnown(model)
  const { keys, keysLoaded, keysExpected } = known
  const off = whyOff(known, texts)
  const judgedMs = useJudgedTime(keys, nowMs)
  const actions = useKeyActions()
  const [order, setOrder] = useState<Order>(defaultOrder)
  const [chip, setChip] = useState<Chip>(chips.find((each) => each === asked) ?? 'all')
  const [text, setText] = useState(chips.some((each) => each === asked) ? '' : (asked ?? ''))
  const wanted = useDeferredValue(text)
  const search = useMemo(() => parseSearch(wanted), [wanted])
  const [viewedId, setViewedId] = useState<string | null>(null)
  const [asking, setAsking] = useState<Asking | null>(null)

  const ordered = useMemo(() => inOrder(keys, order, judgedMs), [keys, order, judgedMs])
  const rows = useMemo(
    () => ordered.filter((key) => inChip(key, chip, judgedMs) && matches(key, search, judgedMs)),
    [ordered, chip, search, judgedMs],
  )
  const viewed = keys.find(({ id }) => id === viewedId) ?? null

  const act = useCallback(
    (action: RowAction, key: KeyView): void => {
      if (action === 'view') return setViewedId(key.id)
      if (off !== null) return undefined
      if (action === 'edit' || action === 'rotate' || action === 'remove') return setAsking({ what: action, key })
      return actions[action](key)
    },
    [actions, off],
  )

  return (
    <div className="page keys-page">
      <div className="top">
        <h1>{texts.pages.keys}</h1>
        <input
          type="search"
          aria-label={texts.keys.search}
          aria-keyshortcuts="Control+F"
          placeholder={texts.keys.searchHint}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setText('')
          }}
        />
        <button
          type="button"
          className="button primary"
          data-action="add"
          aria-disabled={off !== null}
          title={off ?? undefined}
          onClick={() => {
            if (off === null) setAsking({ what: 'add' })
          }}
        >
          {texts.keys.add}
        </button>
      </div>
      {search.unknown.length === 0 ? null : (
        <p className="hint fault" role="alert">
          {texts.keys.notUnderstood(search.unknown.join(' '))}
        </p>
      )}
      <Chips keys={keys} chosen={chip} onChoose={setChip} judgedMs={judgedMs} shown={rows.length} />
      <div className="split">
        {!keysLoaded && keys.length === 0 ? (
          <Loading text={texts.states.loadingKeys} rows={10} />
        ) : (
          <KeyTable rows={rows} order={order} onOrder={setOrder} judgedMs={judgedMs} off={off} onAct={act}>
            {rows.length > 0 ? null : keys.length === 0 ? (
              <div className="nothing">
                <p>{texts.states.empty}</p>
              </div>
            ) : (
              <div className="nothing">
                <p>
                  {wanted.trim() === ''
                    ? texts.states.noneIn(texts.keys.chips[chip])
                    : texts.states.noMatch(wanted.trim(), texts.keys.chips[chip])}
                </p>
                <p className="row">
                  {wanted.trim() === '' ? null : (
                    <button type="button" className="button" onClick={() => setText('')}>
                      {texts.states.clearSearch}
                    </button>
                  )}
                  <button
                    type="button"
                    className="button"
                    onClick={() => {
                      setText('')
                      setChip('all')
                    }}
                  >
                    {texts.states.showAll}
                  </button>
                </p>
              </div>
            )}
          </KeyTable>
        )}
        {viewed === null ? null : (
          <KeyDetails
            key={viewed.id}
            of={viewed}
            judgedMs={judgedMs}
            off={off}
            onAct={act}
            onClose={() => {
              setViewedId(null)
              // Where the focus came from; the table may not have been in sight until now.
              setTimeout(() => document.querySelector<HTMLElement>('[role=grid] [tabindex="0"]')?.focus())
            }}
          />
        )}
      </div>
      {keysExpected === null ? null : (
        <p className="hint progress">{texts.states.loadingSome(keys.length, keysExpected)}</p>
      )}
      <KeyDialogs asking={asking} onClose={() => setAsking(null)} />
      <CountSaid text={texts.keys.shown(rows.length)} />
    </div>
  )
}

interface ChipsProps {
  readonly keys: readonly KeyView[]
  readonly chosen: Chip
  readonly onChoose: (chip: Chip) => void
  readonly judgedMs: number
  readonly shown: number
}

const Chips = ({ keys, chosen, onChoose, judgedMs, shown }: ChipsProps) => {
  const { texts, dates } = useConsole()
  const counts = useMemo(
    () => chips.map((chip) => keys.reduce((count, key) => count + (inChip(key, chip, judgedMs) ? 1 : 0), 0)),
    [keys, judgedMs],
  )
  return (
    <div className="chips" role="group" aria-label={texts.keys.filter}>
      {chips.map((chip, at) => (
        <button key={chip} type="button" className="chip" aria-pressed={chip === chosen} onClick={() => onChoose(chip)}>
          {texts.keys.chips[chip]} <span className="count">{dates.number(counts[at] ?? 0)}</span>
        </button>
      ))}
      <span className="hint shown">{texts.keys.shown(shown)}</span>
    </div>
  )
}

/** The number of rows for those who do not see them, once it has settled. */
export const CountSaid = ({ text }: { text: string }) => {
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), sayCountAfterMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  )
}
