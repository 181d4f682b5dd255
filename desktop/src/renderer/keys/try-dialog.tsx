/** Calls the gateway with a key and says whether it passes, or which check fails. The pages see neither value nor answer. */
import { useState } from 'react'
import {
  changesNothing,
  tryMethods,
  type EndpointView,
  type KeyView,
  type TryMethod,
  type TryResult,
} from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/form.tsx'
import { StandingIcon } from '../parts/icons.tsx'
import type { Texts } from '../texts/texts.ts'
import { SnippetBox } from './snippet-box.tsx'
import { isWholePath, methodsOf, pathOf } from './trial.ts'
import { useReachable } from './use-reachable.ts'

export const TryDialog = ({ of: key, onClose }: { of: KeyView; onClose: () => void }) => {
  const { bridge, texts } = useConsole()
  const said = texts.care.try
  const reachable = useReachable(key)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const chosen = reachable.find(({ id }) => id === chosenId) ?? (chosenId === '' ? undefined : reachable[0])
  const [typed, setTyped] = useState<string | null>(null)
  const [asked, setAsked] = useState<TryMethod | null>(null)
  const [mayChange, setMayChange] = useState(false)
  const [fault, setFault] = useState<{ path?: string; mayChange?: string; all?: string }>({})
  const [busy, setBusy] = useState(false)
  const [result, setResult] = useState<TryResult | null>(null)

  const methods = chosen === undefined ? tryMethods : methodsOf(chosen)
  const method = methods.find((each) => each === asked) ?? methods[0] ?? 'GET'
  const path = typed ?? (chosen === undefined ? '/' : pathOf(chosen.path))

  const run = async (): Promise<void> => {
    setResult(null)
    if (!isWholePath(path)) return setFault({ path: said.pathFault })
    if (!changesNothing(method) && !mayChange) return setFault({ mayChange: said.mayChangeNeeded })
    setFault({})
    setBusy(true)
    const body = {
      method,
      path,
      ...(typeof chosen?.host === 'string' ? { host: chosen.host } : {}),
      ...(changesNothing(method) ? {} : { may_change: true }),
    }
    try {
      setResult(await bridge.call('keys.try', { params: { key: key.id }, body }))
    } catch (error) {
      setFault(faultOf(error))
    }
    setBusy(false)
  }

  return (
    <Dialog title={said.title(key.name)} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void run()
        }}
      >
        <p className="hint">{said.about}</p>
        <Field
          label={said.endpoint}
          hint={typeof chosen?.host === 'string' ? said.hostHint(chosen.host) : ''}
          fault={undefined}
        >
          {(props) => (
            <select
              {...props}
              autoFocus
              value={chosen?.id ?? ''}
              onChange={(event) => {
                setChosenId(event.target.value)
                setTyped(null)
                setResult(null)
              }}
            >
              {reachable.map((endpoint) => (
                <option key={endpoint.id} value={endpoint.id}>
                  {nameOf(endpoint)}
                </option>
              ))}
              <option value="">{said.otherPath}</option>
            </select>
          )}
        </Field>
        <div className="try-call">
          <Field label={said.method} fault={undefined}>
            {(props) => (
              <select
                {...props}
                value={method}
                onChange={(event) => {
                  setAsked(methods.find((each) => each === event.target.value) ?? null)
                  setMayChange(false)
                }}
              >
                {methods.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={said.path} fault={fault.path}>
            {(props) => (
              <input
                {...props}
                type="text"
                autoComplete="off"
                spellCheck={false}
                value={path}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        </div>
        {changesNothing(method) ? null : (
          <div className="choices">
            <label className="choice">
              <input
                type="checkbox"
                checked={mayChange}
                aria-invalid={fault.mayChange !== undefined}
                onChange={(event) => setMayChange(event.target.checked)}
              />
              {said.mayChange}
            </label>
          </div>
        )}
        <p className="fault" role="alert">
          {fault.mayChange ?? fault.all ?? ''}
        </p>
        <div role="status">{result === null ? null : <Verdict of={result} />}</div>
        <SnippetBox title={said.snippet} call={{ method, path }} />
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {texts.common.close}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? texts.common.working : said.go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const faultOf = (error: unknown): { path?: string; all?: string } => {
  if (!(error instanceof Refusal)) return { all: String(error) }
  const ofPath = error.errors.find(({ field }) => field === 'path')
  return ofPath === undefined ? { all: error.message } : { path: ofPath.message }
}

const nameOf = ({ method, path, host }: EndpointView): string => `${method} ${host ?? ''}${path}`

const whyOf = (code: string, { why, otherWhy }: Texts['care']['try']): string =>
  Object.hasOwn(why, code) ? why[code as keyof typeof why] : otherWhy(code)

const Verdict = ({ of: { passed, status, code, duration_ms: ms } }: { of: TryResult }) => {
  const { texts } = useConsole()
  const said = texts.care.try
  const isFine = passed && code === null
  return (
    <div className={isFine ? 'verdict fine' : 'verdict'}>
      <StandingIcon standing={isFine ? 'active' : passed ? 'soon' : 'expired'} />
      <div>
        <p>
          {!passed
            ? status === null
              ? said.silent
              : said.refused(status, ms)
            : isFine
              ? said.passed(status ?? 0, ms)
              : said.notAnswered(ms)}
        </p>
        {code === null ? null : (
          <p>
            {said.check}: <code>{code}</code>. {whyOf(code, said)}
          </p>
        )}
      </div>
    </div>
  )
}
