/** API keys: search, filter, order and the table; details beside it; what is asked before something is done. */
import {
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import type { BulkBarProps } from '../keys/bulk-bar.tsx'
import { later } from '../later.ts'
import { readAsked } from '../keys/asked.ts'
import { CareLinks, KeyDetails, KeyDialogs } from '../keys/care.tsx'
import type { Asking } from '../keys/dialogs.tsx'
import { Chips, useDensity } from '../keys/chips.tsx'
import { KeyTable } from '../keys/key-table.tsx'
import { defaultOrder, inOrder, nameOfOrder, orderNames, orderOf, type Order } from '../keys/order.ts'
import { chips, inChip, matches, parseSearch, type Chip } from '../keys/search.ts'
import { useKeyActions } from '../keys/use-key-actions.ts'
import { useSelecting } from '../keys/use-selecting.ts'
import type { PageProps } from '../pages.tsx'
import { Loading } from '../parts/states.tsx'
import { usePreference } from '../preferences.ts'
import { useJudgedTime } from '../use-judged-time.ts'

export type RowAction = 'view' | 'edit' | 'copy' | 'rotate' | 'why' | 'kit' | 'disable' | 'enable' | 'remove'

const sayCountAfterMs = 500

/** Fetched while nothing is selected yet. */
const BulkBar = later<BulkBarProps>(() => import('../keys/bulk-bar.tsx').then((found) => found.BulkBar))

export const KeysPage = ({ asked }: PageProps) => {
  const { model, texts, nowMs } = useConsole()
  const known = useKnown(model)
  const { keys, keysLoaded, keysExpected } = known
  const off = whyOff(known, texts)
  const judgedMs = useJudgedTime(keys, nowMs)
  const actions = useKeyActions()
  const [order, setOrder] = useKeptOrder()
  const [chip, setChip] = useKeptChip(asked)
  const [density] = useDensity()
  const [text, setText] = useState(() => readAsked(asked, keys).search)
  const wanted = useDeferredValue(text)
  const search = useMemo(() => parseSearch(wanted), [wanted])
  const [viewedId, setViewedId] = useState<string | null>(() => readAsked(asked, keys).viewedId)
  const [asking, setAsking] = useState<Asking | null>(() => {
    const found = readAsked(asked, keys).asking
    return off === null || found?.what === 'why' || found?.what === 'kit' ? found : null
  })

  const ordered = useMemo(() => inOrder(keys, order, judgedMs), [keys, order, judgedMs])
  const rows = useMemo(
    () => ordered.filter((key) => inChip(key, chip, judgedMs) && matches(key, search, judgedMs)),
    [ordered, chip, search, judgedMs],
  )
  const [reached, setReached] = useState<{ readonly id: string } | null>(null)
  useFocusKept(asking !== null)
  const [removalAsked, setRemovalAsked] = useState(0)
  const selecting = useSelecting(keys, rows, () => setRemovalAsked((before) => before + 1))
  const viewed = keys.find(({ id }) => id === viewedId) ?? null

  const act = useCallback(
    (action: RowAction, key: KeyView): void => {
      if (action === 'view') return setViewedId(key.id)
      if (action === 'why' || action === 'kit') return setAsking({ what: action, key })
      if (off !== null) return undefined
      if (action === 'edit' || action === 'rotate' || action === 'remove') return setAsking({ what: action, key })
      return actions[action](key)
    },
    [actions, off],
  )

  const closeDetails = (): void => {
    const hadFocus = document.activeElement?.closest('.details') !== null
    setViewedId(null)
    // Where the focus came from; the table may not have been in sight until now.
    if (hadFocus) focusTable()
  }
  /** A menu, a search and a selection have had their turn; a dialog ends by itself. */
  const leave = (event: KeyboardEvent): void => {
    const isOver = event.target instanceof Element && event.target.closest('dialog, .suggestions') !== null
    if (event.key === 'Escape' && !event.defaultPrevented && !isOver) closeDetails()
  }

  return (
    <div className="page keys-page" onKeyDown={viewed === null ? undefined : leave}>
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
            if (event.key !== 'Escape' || text === '') return
            event.preventDefault()
            setText('')
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
      <div className="chips-line">
        <Chips keys={keys} chosen={chip} onChoose={setChip} judgedMs={judgedMs} shown={rows.length} />
        <CareLinks keys={keys} judgedMs={judgedMs} off={off} onImport={() => setAsking({ what: 'import' })} />
      </div>
      <div className="split">
        {!keysLoaded && keys.length === 0 ? (
          <Loading text={texts.states.loadingKeys} rows={10} />
        ) : (
          <KeyTable
            rows={rows}
            order={order}
            onOrder={setOrder}
            judgedMs={judgedMs}
            density={density}
            selecting={selecting}
            words={search.words}
            off={off}
            onAct={act}
            reached={reached}
          >
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
          <KeyDetails key={viewed.id} of={viewed} judgedMs={judgedMs} off={off} onAct={act} onClose={closeDetails} />
        )}
      </div>
      {keysExpected === null ? null : (
        <p className="hint progress">{texts.states.loadingSome(keys.length, keysExpected)}</p>
      )}
      <Suspense fallback={null}>
        <BulkBar selecting={selecting} off={off} removalAsked={removalAsked} />
      </Suspense>
      <KeyDialogs asking={asking} onClose={() => setAsking(null)} onAdded={(id) => setReached({ id })} />
      <CountSaid text={texts.keys.shown(rows.length)} />
    </div>
  )
}

const framesWaited = 20

/** Rows that were not in sight are drawn anew first. */
const focusTable = (frames = framesWaited): void => {
  const cell = document.querySelector<HTMLElement>('[role=grid] .rows [tabindex="0"]')
  if (cell !== null && cell.checkVisibility()) return cell.focus()
  if (frames > 0) requestAnimationFrame(() => focusTable(frames - 1))
}

/** Where a dialog has led to the end of what had the focus, such as a row, it goes to the row that is there now. */
const useFocusKept = (isAsking: boolean): void => {
  const wasAsking = useRef(false)
  useEffect(() => {
    if (wasAsking.current && !isAsking && document.activeElement === document.body) focusTable()
    wasAsking.current = isAsking
  }, [isAsking])
}

/** As it was chosen last. */
const useKeptOrder = (): readonly [Order, (order: Order) => void] => {
  const [name, setName] = usePreference('keys.order', orderNames, nameOfOrder(defaultOrder))
  return [useMemo(() => orderOf(name), [name]), (order) => setName(nameOfOrder(order))]
}

/** What another page asks for is shown, and remembered only once somebody chooses here. */
const useKeptChip = (asked: string | null): readonly [Chip, (chip: Chip) => void] => {
  const [kept, keep] = usePreference('keys.chip', chips, 'all')
  const [askedChip, setAskedChip] = useState(chips.find((each) => each === asked) ?? null)
  const choose = (chip: Chip): void => {
    setAskedChip(null)
    keep(chip)
  }
  return [askedChip ?? kept, choose]
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
