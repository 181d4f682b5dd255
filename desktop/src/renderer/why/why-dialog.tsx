/**
 * Why calls were refused: the refusals that are remembered of a key, each with its sentence, and a question about any call,
 * answered by the very rules that judge calls. Promises: nothing is called, and nothing is changed.
 */
import { useEffect, useRef, useState } from 'react'
import type { Explanation, RefusalView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useAsked } from '../use-asked.ts'
import { AskForm, type AskFaults } from './ask-form.tsx'
import { emptyQuestion, isCut, questionOf, requestOf, type Question } from './question.ts'
import { RefusalList } from './refusal-list.tsx'
import { RefusalSaid } from './refusal-said.tsx'
import { Verdict } from './verdict.tsx'

export interface WhyDialogProps {
  /** Null: about a call without a key. */
  readonly of: { readonly id: string; readonly name: string } | null
  /** The call to begin with; null: none in particular. */
  readonly about: Question | null
  /** Of a refusal that may be remembered. */
  readonly request?: string | null
  readonly onClose: () => void
}

export const WhyDialog = ({ of: key, about, request = null, onClose }: WhyDialogProps) => {
  const { bridge, texts, dates } = useConsole()
  const { why } = texts
  const [question, setQuestion] = useState<Question>(about ?? emptyQuestion)
  const [faults, setFaults] = useState<AskFaults>({})
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Explanation | null>(null)
  const newest = useRef(0)
  const zone = dates.shownZone

  const ask = async (asked: Question): Promise<void> => {
    const mine = ++newest.current
    setAnswer(null)
    if (isCut(asked)) return setFaults({ path: why.cut })
    if (!asked.path.trim().startsWith('/')) return setFaults({ path: why.pathFault })
    setFaults({})
    setBusy(true)
    try {
      const found = await bridge.call('explain.call', { body: requestOf(asked, key?.id ?? null, zone) })
      if (mine === newest.current) setAnswer(found)
    } catch (error) {
      if (mine === newest.current) setFaults(faultsOf(error))
    }
    if (mine === newest.current) setBusy(false)
  }

  return (
    <Dialog title={key === null ? why.anyTitle : why.title(key.name)} className="broad why" onClose={onClose}>
      {request === null ? null : (
        <ThisCall request={request} onFound={(found) => setQuestion(questionOf(found, zone))} />
      )}
      {key === null ? null : (
        <RefusalList
          of={key.id}
          onCheck={(refusal) => {
            const asked = questionOf(refusal, zone)
            setQuestion(asked)
            void ask(asked)
          }}
        />
      )}
      <section>
        <h3>{why.ask}</h3>
        <p className="hint">{key === null ? why.askWithout : why.askHint}</p>
        <AskForm
          value={question}
          onChange={(more) => setQuestion((before) => ({ ...before, ...more }))}
          faults={faults}
          busy={busy}
          onAsk={() => void ask(question)}
        />
      </section>
      <div role="status">{answer === null ? null : <Verdict of={answer} />}</div>
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}

interface ThisCallProps {
  readonly request: string
  /** It is told exactly: what is asked about is this. */
  readonly onFound: (refusal: RefusalView) => void
}

const ThisCall = ({ request, onFound }: ThisCallProps) => {
  const { texts } = useConsole()
  const { why } = texts
  const { data, fault } = useAsked('refusals.get', { params: { request } }, noTopics)
  useEffect(() => {
    if (data !== null) onFound(data)
    // What somebody types meanwhile is not written over by the same answer.
  }, [data])
  return (
    <section>
      <h3>{why.thisCall}</h3>
      <div role="status">
        {data !== null ? (
          <RefusalSaid of={data} />
        ) : fault === null ? null : (
          <p className="hint">{fault.code === 'not_found' ? why.forgotten : fault.message}</p>
        )}
      </div>
    </section>
  )
}

const noTopics = [] as const

const asked = ['method', 'path', 'host', 'address', 'at'] as const

const faultsOf = (error: unknown): AskFaults => {
  if (!(error instanceof Refusal)) return { all: String(error) }
  const told = error.errors.flatMap(({ field, message }) => {
    const found = asked.find((each) => each === field)
    return found === undefined ? [] : [[found, message]]
  })
  return told.length === 0 ? { all: error.message } : (Object.fromEntries(told) as AskFaults)
}
