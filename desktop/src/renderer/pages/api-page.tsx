/** The admin API as this daemon documents it: every call, to be searched, with its fields and how to make it. */
import { useDeferredValue, useMemo, useState } from 'react'
import { CallView } from '../api/call-view.tsx'
import { readDocument, type ApiCall } from '../api/read-document.ts'
import { useConsole } from '../console-context.ts'
import type { PageProps } from '../pages.tsx'
import { Command, Loaded } from '../parts/states.tsx'
import { CountSaid } from './keys-page.tsx'
import { SearchBar } from '../records/record-parts.tsx'
import { holdsWords, wordsOf } from '../records/search.ts'
import { useAsked } from '../use-asked.ts'

interface CallGroup {
  readonly name: string
  readonly calls: readonly ApiCall[]
}

/** In the order of the document. */
const groupsOf = (calls: readonly ApiCall[]): CallGroup[] =>
  [...new Set(calls.map(({ group }) => group))].map((name) => ({
    name,
    calls: calls.filter(({ group }) => group === name),
  }))

const isFound = (call: ApiCall, words: readonly string[]): boolean => {
  const fields = [...call.parameters, ...(call.body ?? [])].map(({ name }) => name)
  return holdsWords(words, call.name, call.name, call.method, call.path, call.summary, call.about, ...fields)
}

const none = {}
const noTopics: readonly never[] = []

export const ApiPage = ({ asked }: PageProps) => {
  const { texts } = useConsole()
  const { api } = texts
  const document = useAsked('openapi.get', none, noTopics, { whileLocked: true })
  const [text, setText] = useState(asked ?? '')
  const wanted = useDeferredValue(text)
  const calls = useMemo(() => readDocument(document.data ?? {}), [document.data])
  const found = useMemo(() => {
    const words = wordsOf(wanted)
    return calls.filter((call) => isFound(call, words))
  }, [calls, wanted])
  const groups = useMemo(() => groupsOf(found), [found])

  const shown = document.data === null ? '' : api.calls(found.length)
  return (
    <div className="page records-page api-page">
      <SearchBar title={texts.pages.api} label={api.search} text={text} onText={setText} />
      <div className="api-about">
        <p>{api.about}</p>
        <div className="row">
          <span>{api.tryIt}</span>
          <Command text={api.tryItCommand} />
          <span className="hint shown">{shown}</span>
          <CountSaid text={shown} />
        </div>
      </div>
      <Loaded asked={document} text={api.loading} rows={10}>
        {() =>
          found.length === 0 ? (
            <div className="nothing">
              <p>{calls.length === 0 ? api.none : api.noMatch(wanted.trim())}</p>
              {calls.length === 0 ? null : (
                <p className="row">
                  <button type="button" className="button" onClick={() => setText('')}>
                    {texts.states.clearSearch}
                  </button>
                </p>
              )}
            </div>
          ) : (
            <div className="api-split">
              <GroupList groups={groups} />
              <div className="api-calls">
                {groups.map((group) => (
                  <section key={group.name} aria-labelledby={headingId(group.name)}>
                    <h2 id={headingId(group.name)} tabIndex={-1}>
                      {group.name}
                    </h2>
                    {group.calls.map((call) => (
                      <CallView key={call.name} of={call} />
                    ))}
                  </section>
                ))}
              </div>
            </div>
          )
        }
      </Loaded>
    </div>
  )
}

const headingId = (group: string): string => `calls-${group}`

/** Leads to a group where there is room beside the calls. */
const GroupList = ({ groups }: { groups: readonly CallGroup[] }) => {
  const { texts, dates } = useConsole()
  const show = (name: string): void => {
    const heading = document.getElementById(headingId(name))
    heading?.scrollIntoView()
    heading?.focus({ preventScroll: true })
  }
  return (
    <div className="api-groups" role="group" aria-label={texts.api.groups}>
      {groups.map(({ name, calls }) => (
        <button key={name} type="button" className="plain" onClick={() => show(name)}>
          {name} <span className="hint">{dates.number(calls.length)}</span>
        </button>
      ))}
    </div>
  )
}
