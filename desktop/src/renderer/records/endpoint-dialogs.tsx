/** What is asked before a collection or an endpoint is made, changed or deleted. */
import type { ClientView, CollectionView, EndpointView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { KitDialog } from '../kit/kit-later.tsx'
import { CollectionForm } from './collection-form.tsx'
import { EndpointForm } from './endpoint-form.tsx'
import type { EndpointRow } from './endpoint-table.tsx'
import { projectsIn } from './project-filter.tsx'
import { RemoveDialog, StuckDialog } from './remove-dialog.tsx'

export type EndpointAsking =
  | { readonly what: 'add collection' }
  /** `into`: the id of a collection; null: no particular one. */
  | { readonly what: 'add endpoint'; readonly into: string | null }
  | { readonly what: 'edit' | 'remove'; readonly row: EndpointRow }
  /** `collection`: its id. */
  | { readonly what: 'kit'; readonly collection: string }

interface EndpointDialogsProps {
  readonly asking: EndpointAsking | null
  readonly clients: readonly ClientView[]
  readonly collections: readonly CollectionView[]
  readonly endpoints: readonly EndpointView[]
  readonly onClose: () => void
}

export const EndpointDialogs = ({ asking, clients, ...known }: EndpointDialogsProps) => {
  const { collections, endpoints, onClose } = known
  const projects = projectsIn([...collections, ...clients])
  const collectionForm = (of: CollectionView | null) => (
    <CollectionForm of={of} collections={collections} projects={projects} onClose={onClose} />
  )
  switch (asking?.what) {
    case undefined:
      return null
    case 'add collection':
      return collectionForm(null)
    case 'add endpoint':
      return <EndpointForm of={null} into={asking.into} {...known} />
    case 'kit':
      return <KitDialog of={{ kind: 'collection', id: asking.collection }} onClose={onClose} />
    case 'edit':
      if (asking.row.kind === 'collections') return collectionForm(asking.row.record)
      return <EndpointForm of={asking.row.record} into={null} {...known} />
    case 'remove':
      return <Remove row={asking.row} clients={clients} endpoints={endpoints} onClose={onClose} />
  }
}

interface RemoveProps {
  readonly row: EndpointRow
  readonly clients: readonly ClientView[]
  readonly endpoints: readonly EndpointView[]
  readonly onClose: () => void
}

const Remove = ({ row, clients, endpoints, onClose }: RemoveProps) => {
  const { texts } = useConsole()
  const { remove, stuck } = texts.records
  if (row.kind === 'endpoints')
    return <RemoveDialog kind="endpoints" of={row.record} effect={remove.endpoints} onClose={onClose} />
  const { record } = row
  const held = endpoints.filter(({ collection }) => collection.id === record.id).length
  if (held > 0) return <StuckDialog kind="collections" of={record} why={stuck.endpoints(held)} onClose={onClose} />
  const granted = clients.filter(({ collections }) => collections?.some(({ id }) => id === record.id) === true).length
  return <RemoveDialog kind="collections" of={record} effect={remove.collections(granted)} onClose={onClose} />
}
