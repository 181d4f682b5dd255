/** One call of the admin API: a line that opens to all that is known of it. What is closed is not in the document. */
import { useState } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { Command } from '../parts/states.tsx'
import type { Texts } from '../texts/texts.ts'
import { commands } from './commands.ts'
import { curlFor, hasSecret, socketOf } from './examples.ts'
import type { ApiCall, ApiField, ApiType } from './read-document.ts'

const typeText = (type: ApiType, texts: Texts): string => {
  const { types } = texts.api
  switch (type.kind) {
    case 'plain':
      return types[type.name]
    case 'values':
      return type.values.join(' | ')
    case 'list':
      return types.listOf(typeText(type.of, texts))
    case 'map':
      return types.mapOf(typeText(type.of, texts))
    case 'either':
      return [...new Set(type.of.map((each) => typeText(each, texts)))].join(' | ')
  }
}

export const CallView = ({ of: call }: { of: ApiCall }) => {
  const { texts } = useConsole()
  const [open, setOpen] = useState(false)
  return (
    <details className="call" data-call={call.name} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <code className={`verb ${call.method.toLowerCase()}`}>{call.method}</code>
        <code className="call-path">{call.path}</code>
        <span className="call-summary">{call.summary}</span>
        <span className="hint call-role" title={texts.api.role(call.role)}>
          {call.role}
        </span>
      </summary>
      {open ? (
        <div className="call-body">
          <p className="hint">
            <code>{call.name}</code> · {call.about || texts.api.role(call.role)}
          </p>
          <CallFields of={call} />
          <Examples of={call} />
        </div>
      ) : null}
    </details>
  )
}

const CallFields = ({ of: call }: { of: ApiCall }) => {
  const { texts } = useConsole()
  const { api } = texts
  return (
    <>
      {call.parameters.length === 0 ? null : (
        <FieldTable
          caption={api.parameters}
          fields={call.parameters}
          placeOf={(at) => api.places[call.parameters[at]?.place ?? 'query']}
        />
      )}
      {call.body === null ? null : <FieldTable caption={api.body} fields={call.body} />}
      {call.answer === null ? (
        <>
          <h3>{api.answer(call.answerStatus)}</h3>
          <p className="hint">{api.noContent}</p>
        </>
      ) : (
        <FieldTable caption={api.answer(call.answerStatus)} fields={call.answer} isAnswer />
      )}
    </>
  )
}

interface FieldTableProps {
  readonly caption: string
  readonly fields: readonly ApiField[]
  /** Where the field at an index goes. */
  readonly placeOf?: (at: number) => string
  /** What is answered is there: that is not said of each. */
  readonly isAnswer?: boolean
}

const FieldTable = ({ caption, fields, placeOf, isAnswer = false }: FieldTableProps) => {
  const { texts } = useConsole()
  const { api } = texts
  return (
    <>
      <h3>{caption}</h3>
      {fields.length === 0 ? (
        <p className="hint">{api.anyContent}</p>
      ) : (
        <table className="records fields">
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{api.field}</th>
              {placeOf === undefined ? null : (
                <th scope="col" className="in">
                  {api.where}
                </th>
              )}
              <th scope="col" className="type">
                {api.type}
              </th>
              <th scope="col">{api.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, type, required, about }, at) => (
              <tr key={`${placeOf?.(at) ?? ''} ${name}`}>
                <th scope="row">
                  <code>{name}</code>
                  {required && !isAnswer ? <span className="hint"> {api.required}</span> : null}
                </th>
                {placeOf === undefined ? null : <td>{placeOf(at)}</td>}
                <td>{typeText(type, texts)}</td>
                <td>{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

const Examples = ({ of: call }: { of: ApiCall }) => {
  const { model, texts } = useConsole()
  const { status } = useKnown(model)
  const { api } = texts
  const socket = status === null ? null : socketOf(status.data_dir)
  const command = Object.hasOwn(commands, call.name) ? commands[call.name] : undefined
  if (socket === null && command === undefined) return null
  return (
    <>
      <h3>{api.examples}</h3>
      {command === undefined ? null : <Command text={command} />}
      {socket === null ? null : (
        <>
          <Command text={curlFor(call, socket.path)} />
          <p className="hint">
            {socket.known ? api.socketDefault : api.socketNamed} {hasSecret(call) ? api.secretBody : null}
          </p>
        </>
      )}
    </>
  )
}
