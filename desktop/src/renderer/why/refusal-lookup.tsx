/** Why a call was refused, found by the request id that its answer named. */
import { useEffect, useRef, useState } from 'react'
import type { RefusalView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { canAskAgain, questionOf, type Question } from './question.ts'
import { RefusalSaid } from './refusal-said.tsx'
import { WhyDialog } from './why-later.tsx'

interface LookupProps {
  /** A request id to begin with; empty: the field is to be typed in; null: nothing was asked. */
  readonly asked: string | null
  /** Whose calls the page shows. */
  readonly of: { readonly id: string; readonly name: string } | null
}

export const RefusalLookup = ({ asked, of: key }: LookupProps) => {
  const { bridge, texts, dates } = useConsole()
  const { lookup } = texts.why
  const [request, setRequest] = useState(asked ?? '')
  const [fault, setFault] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<RefusalView | null>(null)
  const [asking, setAsking] = useState<{ of: LookupProps['of']; about: Question | null } | null>(null)
  const section = useRef<HTMLElement>(null)

  const look = async (id: string): Promise<void> => {
    setFound(null)
    if (id === '') return setFault(lookup.missing)
    setFault(undefined)
    setBusy(true)
    try {
      setFound(await bridge.call('refusals.get', { params: { request: id } }))
    } catch (error) {
      setFault(error instanceof Refusal && error.code === 'not_found' ? lookup.notFound : messageOf(error))
    }
    return setBusy(false)
  }
  useEffect(() => {
    if (asked === null) return
    section.current?.scrollIntoView({ block: 'nearest' })
    section.current?.querySelector('input')?.focus()
    if (asked !== '') void look(asked)
    // Once, for what was asked when the page was opened.
  }, [])

  useEffect(() => {
    // The field may be the last that was in sight.
    if (found !== null) section.current?.scrollIntoView({ block: 'nearest' })
  }, [found])

  return (
    <section ref={section} className="report lookup">
      <h2>{lookup.title}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void look(request.trim())
        }}
      >
        <Field label={lookup.field} hint={lookup.about} fault={fault}>
          {(props) => (
            <span className="row">
              <input
                {...props}
                type="text"
                className="mono"
                autoComplete="off"
                spellCheck={false}
                value={request}
                onChange={({ target }) => setRequest(target.value)}
              />
              <button type="submit" className="button" disabled={busy}>
                {lookup.go}
              </button>
              <button type="button" className="button" onClick={() => setAsking({ of: key, about: null })}>
                {lookup.byCall}
              </button>
            </span>
          )}
        </Field>
      </form>
      <div role="status">
        {found === null ? null : (
          <>
            <RefusalSaid of={found} />
            {canAskAgain(found) ? (
              <button
                type="button"
                className="button"
                onClick={() => setAsking({ of: found.key, about: questionOf(found, dates.shownZone) })}
              >
                {lookup.more}
              </button>
            ) : null}
          </>
        )}
      </div>
      {asking === null ? null : <WhyDialog of={asking.of} about={asking.about} onClose={() => setAsking(null)} />}
    </section>
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
