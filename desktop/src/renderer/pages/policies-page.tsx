/** Policies: rates and quotas under a name, which keys and clients are put under. */
import { Fragment, useDeferredValue, useMemo, useState } from 'react'
import type { PolicyView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import type { PageProps } from '../pages.tsx'
import { RecordTable, type RecordColumn } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import { limitList, limitsInWords } from '../records/limits-in-words.ts'
import { PolicyForm } from '../policies/policy-form.tsx'
import { RemovePolicy } from '../policies/remove-policy.tsx'
import { usePolicyActions } from '../policies/use-policy-actions.ts'
import { NothingFound, PlainName, plainMenu, type PlainAction } from '../records/plain-parts.tsx'
import { AddButton, OnOffPill, SearchBar } from '../records/record-parts.tsx'
import { pressInRow } from '../records/row-keys.ts'
import { byName, holdsWords, wordsOf } from '../records/search.ts'
import { useAll } from '../records/use-all.ts'

const topics = ['records', 'keys'] as const
const none: readonly PolicyView[] = []

type Asking = { readonly what: 'add' } | { readonly what: 'edit' | 'remove'; readonly policy: PolicyView }

export const PoliciesPage = ({ asked }: PageProps) => {
  const { model, texts } = useConsole()
  const words = texts.policies
  const off = whyOff(useKnown(model), texts)
  const list = useAll('policies.list', topics)
  const actions = usePolicyActions()
  const [text, setText] = useState(asked ?? '')
  const [asking, setAsking] = useState<Asking | null>(null)
  const wanted = useDeferredValue(text)
  const policies = list.data ?? none
  const rows = useMemo(() => {
    const searched = wordsOf(wanted)
    return policies
      .filter(({ id, name, description, ...limits }) =>
        holdsWords(searched, id, name, description, limitsInWords(limits, texts)),
      )
      .toSorted(byName)
  }, [policies, wanted, texts])

  const act = (action: PlainAction, policy: PolicyView): void => {
    if (off !== null) return undefined
    if (action === 'edit' || action === 'remove') return setAsking({ what: action, policy })
    return actions[action](policy)
  }
  const columns: RecordColumn<PolicyView>[] = [
    {
      name: 'name',
      head: texts.records.columns.name,
      cell: (policy) => (
        <PlainName name={policy.name} description={policy.description} off={off} onOpen={() => act('edit', policy)} />
      ),
    },
    { name: 'limits', head: words.columns.limits, cell: (policy) => <Limits of={policy} /> },
    {
      name: 'attached',
      head: words.columns.attached,
      cell: (policy) => words.attached(policy.keys_count, policy.clients_count),
    },
    {
      name: 'status',
      head: texts.records.columns.status,
      cell: ({ enabled }) => <OnOffPill enabled={enabled} />,
    },
  ]

  return (
    <div className="page records-page policies-page">
      <SearchBar title={texts.pages.policies} label={words.search} text={text} onText={setText}>
        <AddButton text={words.add} off={off} onAdd={() => setAsking({ what: 'add' })} primary />
      </SearchBar>
      <p className="hint about-line">{words.about}</p>
      <div
        className="record-side"
        onKeyDown={(event) =>
          pressInRow(event, (action, id) => {
            const policy = policies.find((each) => each.id === id)
            if (policy !== undefined) act(action, policy)
          })
        }
      >
        <Loaded asked={list} text={words.loading} rows={6}>
          {() => (
            <RecordTable
              caption={texts.pages.policies}
              rows={rows}
              idOf={({ id }) => id}
              columns={columns}
              menu={{
                label: ({ name }) => texts.records.actionsOf(name),
                items: (policy) => plainMenu(policy, texts, off),
                onPick: (item, policy) => act(item as PlainAction, policy),
              }}
              nothing={
                <NothingFound
                  says={policies.length === 0 ? words.none : words.noMatch(wanted.trim())}
                  isEmpty={policies.length === 0}
                  onAll={() => setText('')}
                />
              }
            />
          )}
        </Loaded>
      </div>
      {asking === null || asking.what === 'remove' ? null : (
        <PolicyForm
          of={asking.what === 'edit' ? asking.policy : null}
          policies={policies}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what !== 'remove' ? null : (
        <RemovePolicy
          of={policies.find(({ id }) => id === asking.policy.id) ?? asking.policy}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}

const Limits = ({ of: policy }: { of: PolicyView }) => {
  const { texts } = useConsole()
  const limits = limitList(policy, texts)
  return limits.map((limit, at) => (
    <Fragment key={limit}>
      <span className="whole-limit">
        {limit}
        {at < limits.length - 1 ? ',' : ''}
      </span>{' '}
    </Fragment>
  ))
}
