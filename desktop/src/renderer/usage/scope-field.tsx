/** Whose calls are shown: all, or those of one key, client or endpoint, found by its name. */
import { useId, useMemo, useState } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { useAsked } from '../use-asked.ts'

export const scopeKinds = ['all', 'key', 'client', 'endpoint'] as const
export type ScopeKind = (typeof scopeKinds)[number]

export interface Scope {
  readonly kind: ScopeKind
  /** The id; empty while none is chosen. */
  readonly ref: string
  readonly name: string
}

export const everything: Scope = { kind: 'all', ref: '', name: '' }

/** A list of names is of no use when it is longer than somebody reads. */
const namesShown = 40

interface Named {
  readonly id: string
  readonly name: string
}

export const ScopeField = ({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) => {
  const { texts } = useConsole()
  const { usage } = texts
  const kindId = useId()
  return (
    <>
      <label className="unseen" htmlFor={kindId}>
        {usage.of}
      </label>
      <select
        id={kindId}
        className="short"
        value={scope.kind}
        onChange={({ target }) =>
          onChange({ ...everything, kind: scopeKinds.find((each) => each === target.value) ?? 'all' })
        }
      >
        {scopeKinds.map((kind) => (
          <option key={kind} value={kind}>
            {usage.scopes[kind]}
          </option>
        ))}
      </select>
      {scope.kind === 'all' ? null : <NameField key={scope.kind} kind={scope.kind} scope={scope} onChange={onChange} />}
    </>
  )
}

interface NameFieldProps {
  readonly kind: Exclude<ScopeKind, 'all'>
  readonly scope: Scope
  readonly onChange: (scope: Scope) => void
}

const NameField = ({ kind, scope, onChange }: NameFieldProps) => {
  const { texts } = useConsole()
  const { usage } = texts
  const [listId, toldId] = [useId(), useId()]
  const named = useNamed(kind)
  const [typed, setTyped] = useState({ of: scope.ref, text: scope.name })
  // Chosen elsewhere meanwhile: in the table.
  const text = scope.ref !== '' && typed.of !== scope.ref ? scope.name : typed.text
  const offered = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return named.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, namesShown)
  }, [named, text])
  const unknown = text.trim() !== '' && scope.ref === ''
  const type = (entered: string): void => {
    const folded = entered.trim().toLowerCase()
    const found = named.find(({ id, name }) => name.toLowerCase() === folded || id === entered.trim())
    setTyped({ of: found?.id ?? '', text: entered })
    onChange({ kind, ref: found?.id ?? '', name: found?.name ?? '' })
  }
  return (
    <>
      <input
        type="text"
        className="short wider"
        list={listId}
        aria-label={usage.nameOf[kind]}
        placeholder={usage.nameOf[kind]}
        aria-describedby={toldId}
        aria-invalid={unknown}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ target }) => type(target.value)}
      />
      <datalist id={listId}>
        {offered.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
      <span id={toldId} className="hint" role="status">
        {unknown ? usage.notFound[kind] : text.trim() === '' ? usage.choose[kind] : ''}
      </span>
    </>
  )
}

const useNamed = (kind: NameFieldProps['kind']): readonly Named[] => {
  const { model } = useConsole()
  const { keys } = useKnown(model)
  const clients = useAsked('clients.list', kind === 'client' ? { query: { per_page: 500 } } : null)
  const endpoints = useAsked('endpoints.list', kind === 'endpoint' ? { query: { per_page: 500 } } : null)
  return useMemo(() => {
    if (kind === 'key') return keys
    if (kind === 'client') return clients.data?.data ?? []
    return (endpoints.data?.data ?? []).map(({ id, method, path }) => ({ id, name: `${method} ${path}` }))
  }, [kind, keys, clients.data, endpoints.data])
}
