/** Collections with their endpoints under them, in one table, so that methods, paths and targets stand below each other. */
import { Fragment, useState } from 'react'
import type { CollectionView, EndpointView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { DisclosureIcon, MoreIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { EndpointPill } from './endpoint-parts.tsx'
import { titleOf } from './kinds.ts'
import { OnOffPill, OpenName, recordMenu, type RecordAction } from './record-parts.tsx'

export interface Group {
  readonly collection: CollectionView
  /** Those that are to be shown. */
  readonly endpoints: readonly EndpointView[]
}

export type EndpointRow =
  | { readonly kind: 'collections'; readonly record: CollectionView }
  | { readonly kind: 'endpoints'; readonly record: EndpointView }

interface EndpointTableProps {
  readonly groups: readonly Group[]
  /** Ids of collections whose endpoints are folded away. */
  readonly folded: ReadonlySet<string>
  readonly onFold: (id: string) => void
  readonly off: string | null
  readonly onAct: (action: RecordAction, row: EndpointRow) => void
}

export const EndpointTable = ({ groups, folded, onFold, off, onAct }: EndpointTableProps) => {
  const { texts } = useConsole()
  const { records } = texts
  const [menuOf, setMenuOf] = useState<{ row: EndpointRow; anchor: HTMLElement } | null>(null)
  const more = (row: EndpointRow) => (
    <td className="actions">
      <button
        type="button"
        className="plain"
        aria-haspopup="menu"
        aria-label={records.actionsOf(titleOf(row.record))}
        onClick={({ currentTarget }) => setMenuOf({ row, anchor: currentTarget })}
      >
        <MoreIcon />
      </button>
    </td>
  )
  const itemsOf = ({ kind, record }: EndpointRow) =>
    recordMenu(
      record,
      texts,
      off,
      kind === 'collections'
        ? [
            { name: 'add', text: records.menu.add, off },
            { name: 'kit', text: records.menu.kit },
          ]
        : [],
    )

  return (
    <div className="record-box">
      <table className="records endpoints">
        <caption className="unseen">{texts.pages.endpoints}</caption>
        <thead>
          <tr>
            {(['method', 'path', 'upstream', 'status'] as const).map((name) => (
              <th key={name} scope="col" className={name}>
                {records.columns[name]}
              </th>
            ))}
            <th scope="col" className="actions">
              <span className="unseen">{texts.keys.columns.actions}</span>
            </th>
          </tr>
        </thead>
        {groups.map(({ collection, endpoints }) => (
          <tbody key={collection.id}>
            <tr className="group" data-id={collection.id}>
              <th colSpan={2} scope="rowgroup">
                <span className="group-head">
                  <button
                    type="button"
                    className="plain fold"
                    aria-expanded={!folded.has(collection.id)}
                    aria-label={records.endpointsOf(collection.name)}
                    onClick={() => onFold(collection.id)}
                  >
                    <DisclosureIcon open={!folded.has(collection.id)} />
                  </button>
                  <OpenName
                    text={collection.name}
                    onOpen={() => onAct('view', { kind: 'collections', record: collection })}
                  />
                  <span className="hint">
                    {records.endpoints(collection.endpoints_count)}
                    {collection.project === null ? null : ` · ${collection.project}`}
                  </span>
                </span>
              </th>
              <td className="upstream" />
              <td className="status">{collection.enabled ? null : <OnOffPill enabled={false} />}</td>
              {more({ kind: 'collections', record: collection })}
            </tr>
            {folded.has(collection.id) ? null : (
              <Fragment>
                {endpoints.map((endpoint) => (
                  <tr key={endpoint.id} data-id={endpoint.id}>
                    <td className="method">
                      <code>{endpoint.method}</code>
                    </td>
                    <th scope="row" className="path">
                      <OpenName
                        code
                        text={endpoint.path}
                        onOpen={() => onAct('view', { kind: 'endpoints', record: endpoint })}
                      />
                      {endpoint.host === null ? null : <span className="hint">{endpoint.host}</span>}
                      <span className="hint narrow">→ {endpoint.upstream ?? records.authOnly}</span>
                    </th>
                    <td className="upstream">
                      {endpoint.upstream === null ? (
                        <span className="hint">{records.authOnly}</span>
                      ) : (
                        <code>{endpoint.upstream}</code>
                      )}
                    </td>
                    <td className="status">
                      <EndpointPill of={endpoint} collection={collection} />
                    </td>
                    {more({ kind: 'endpoints', record: endpoint })}
                  </tr>
                ))}
                {collection.endpoints_count > 0 ? null : (
                  <tr className="none">
                    <td colSpan={2} className="hint">
                      {records.collectionEmpty}
                    </td>
                    <td className="upstream" />
                    <td colSpan={2} />
                  </tr>
                )}
              </Fragment>
            )}
          </tbody>
        ))}
      </table>
      {menuOf === null ? null : (
        <Menu
          anchor={menuOf.anchor}
          label={records.actionsOf(titleOf(menuOf.row.record))}
          items={itemsOf(menuOf.row)}
          onPick={(item) => {
            setMenuOf(null)
            onAct(item as RecordAction, menuOf.row)
          }}
          onClose={() => setMenuOf(null)}
        />
      )}
    </div>
  )
}
