/** Before a policy is deleted. One that is attached to something cannot be: it says to what, and what can be done instead. */
import type { PolicyView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { byText } from '../records/search.ts'
import { useAll } from '../records/use-all.ts'
import { usePolicyActions } from './use-policy-actions.ts'

interface RemovePolicyProps {
  /** As it is now. */
  readonly of: PolicyView
  readonly onClose: () => void
}

export const RemovePolicy = ({ of: policy, onClose }: RemovePolicyProps) => {
  const { texts } = useConsole()
  const { remove: words } = texts.policies
  const { remove } = usePolicyActions()
  if (policy.keys_count + policy.clients_count > 0) return <StillAttached of={policy} onClose={onClose} />
  return (
    <ConfirmDialog
      title={texts.records.remove.title(policy.name)}
      go={words.go}
      keep={texts.records.remove.keep}
      danger
      act={async () => {
        await remove(policy).catch((error: unknown) => {
          // Somebody has attached it since the list was read.
          throw error instanceof Refusal && error.code === 'in_use' ? new Refusal('in_use', words.inUse) : error
        })
        onClose()
      }}
      onClose={onClose}
    >
      <p>{words.effect}</p>
    </ConfirmDialog>
  )
}

const namesShown = 12

const StillAttached = ({ of: policy, onClose }: RemovePolicyProps) => {
  const { model, texts } = useConsole()
  const { remove: words } = texts.policies
  const { disable } = usePolicyActions()
  const { keys } = useKnown(model)
  const live = keys.filter(({ policies }) => policies.some(({ id }) => id === policy.id)).length
  const clients = useAll('clients.list', ['records', 'keys']).data ?? []
  const holders = (all: readonly { readonly name: string; readonly policies: readonly { readonly id: string }[] }[]) =>
    all
      .filter((each) => each.policies.some(({ id }) => id === policy.id))
      .map(({ name }) => name)
      .toSorted(byText)
  return (
    <Dialog title={texts.records.stuck.title(policy.name)} onClose={onClose}>
      <p>{words.attached(policy.keys_count, policy.clients_count)}</p>
      {live < policy.keys_count ? <p>{words.notListed(policy.keys_count - live)}</p> : null}
      <Names label={words.keys} names={holders(keys)} />
      <Names label={words.clients} names={holders(clients)} />
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {texts.common.close}
        </button>
        {policy.enabled ? (
          <button
            type="button"
            className="button"
            onClick={() => {
              disable(policy)
              onClose()
            }}
          >
            {texts.records.stuck.disable}
          </button>
        ) : null}
      </div>
    </Dialog>
  )
}

const Names = ({ label, names }: { label: string; names: readonly string[] }) => {
  const { texts } = useConsole()
  if (names.length === 0) return null
  return (
    <>
      <h3>{label}</h3>
      <ul className="plain-list">
        {names.slice(0, namesShown).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {names.length > namesShown ? <li>{texts.policies.remove.more(names.length - namesShown)}</li> : null}
      </ul>
    </>
  )
}
