/** Policies: rates and quotas under a name, which keys and clients are put under. */
import { Fragment, useCallback, useState } from 'react'
import type { PolicyView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import type { PageProps } from '../pages.tsx'
import type { RecordColumn } from '../parts/record-table.tsx'
import { PolicyForm } from '../policies/policy-form.tsx'
import { RemovePolicy } from '../policies/remove-policy.tsx'
import { usePolicyActions } from '../policies/use-policy-actions.ts'
import { limitList, limitsInWords } from '../records/limits-in-words.ts'
import { PlainRecordPage } from '../records/plain-record-page.tsx'
import { OnOffPill } from '../records/record-parts.tsx'
import { useAll } from '../records/use-all.ts'

const topics = ['records', 'keys'] as const
const none: readonly PolicyView[] = []

type Asking = { readonly what: 'add' } | { readonly what: 'edit' | 'remove'; readonly policy: PolicyView }

export const PoliciesPage = ({ asked }: PageProps) => {
  const { model, texts } = useConsole()
  const words = texts.policies
  const list = useAll('policies.list', topics)
  const actions = usePolicyActions()
  const [asking, setAsking] = useState<Asking | null>(null)
  const policies = list.data ?? none
  const alsoFound = useCallback((policy: PolicyView) => limitsInWords(policy, texts), [texts])
  const columns: RecordColumn<PolicyView>[] = [
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
    <PlainRecordPage
      page="policies"
      asked={asked}
      list={list}
      off={whyOff(useKnown(model), texts)}
      columns={columns}
      alsoFound={alsoFound}
      onAdd={() => setAsking({ what: 'add' })}
      onAct={(action, policy) =>
        action === 'edit' || action === 'remove' ? setAsking({ what: action, policy }) : actions[action](policy)
      }
    >
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
    </PlainRecordPage>
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
