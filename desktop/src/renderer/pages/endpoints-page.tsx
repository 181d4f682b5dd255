/** Endpoints, grouped by the collections that clients are granted: search, the table, and all about one beside it. */
import { useDeferredValue, useMemo, useState } from 'react'
import type { ClientView, CollectionView, EndpointView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import type { PageProps } from '../pages.tsx'
import { Loaded } from '../parts/states.tsx'
import { CollectionDetails, EndpointDetails } from '../records/endpoint-details.tsx'
import { EndpointDialogs, type EndpointAsking } from '../records/endpoint-dialogs.tsx'
import { EndpointTable, type EndpointRow, type Group } from '../records/endpoint-table.tsx'
import { ProjectFilter, projectsIn, type ProjectChoice } from '../records/project-filter.tsx'
import { AddButton, focusRow, SearchBar, type RecordAction } from '../records/record-parts.tsx'
import { pressInRow } from '../records/row-keys.ts'
import { byName, byText, holdsWords, wordsOf } from '../records/search.ts'
import { useAll } from '../records/use-all.ts'
import { useRecordActions } from '../records/use-record-actions.ts'
import type { Asked } from '../use-asked.ts'

const noCollections: readonly CollectionView[] = []
const noEndpoints: readonly EndpointView[] = []
const noClients: readonly ClientView[] = []

const inOrder = (a: EndpointView, b: EndpointView): number =>
  byText(a.path, b.path) || byText(a.method, b.method) || byText(a.host ?? '', b.host ?? '')

/** A collection whose own name matches is shown whole; otherwise with what of it matches, if anything does. */
const groupsOf = (
  collections: readonly CollectionView[],
  endpoints: readonly EndpointView[],
  text: string,
  project: ProjectChoice,
): Group[] => {
  const words = wordsOf(text)
  return collections
    .filter((each) => project.kind === 'all' || each.project === project.project)
    .toSorted(byName)
    .flatMap((collection) => {
      const own = endpoints.filter((each) => each.collection.id === collection.id).toSorted(inOrder)
      const { name, description, id } = collection
      if (holdsWords(words, id, name, description, collection.project)) return [{ collection, endpoints: own }]
      const found = own.filter((each) =>
        holdsWords(words, each.id, name, each.method, each.path, each.upstream, each.host, each.description),
      )
      return found.length === 0 ? [] : [{ collection, endpoints: found }]
    })
}

/** Both lists, or what is in the way of either. */
const both = (a: Asked<readonly CollectionView[]>, b: Asked<readonly EndpointView[]>): Asked<true> => ({
  data: a.data !== null && b.data !== null ? true : null,
  fault: a.fault ?? b.fault,
  again: () => {
    a.again()
    b.again()
  },
})

export const EndpointsPage = ({ asked }: PageProps) => {
  const { model, texts } = useConsole()
  const { records } = texts
  const off = whyOff(useKnown(model), texts)
  const [collectionList, endpointList] = [useAll('collections.list'), useAll('endpoints.list')]
  const clients = useAll('clients.list').data ?? noClients
  const [collections, endpoints] = [collectionList.data ?? noCollections, endpointList.data ?? noEndpoints]
  const onCollection = useRecordActions('collections')
  const onEndpoint = useRecordActions('endpoints')
  const [text, setText] = useState(asked ?? '')
  const [project, setProject] = useState<ProjectChoice>({ kind: 'all' })
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [viewedId, setViewedId] = useState<string | null>(null)
  const [asking, setAsking] = useState<EndpointAsking | null>(null)
  const wanted = useDeferredValue(text)
  const projects = useMemo(() => projectsIn(collections), [collections])
  const groups = useMemo(
    () => groupsOf(collections, endpoints, wanted, project),
    [collections, endpoints, wanted, project],
  )
  const shown = groups.reduce((count, group) => count + group.endpoints.length, 0)
  const viewedEndpoint = endpoints.find(({ id }) => id === viewedId)
  const viewedCollection = collections.find(({ id }) => id === (viewedEndpoint?.collection.id ?? viewedId))

  const act = (action: RecordAction, row: EndpointRow): void => {
    if (action === 'view') return setViewedId(row.record.id)
    if (action === 'kit') return setAsking({ what: action, collection: row.record.id })
    if (off !== null || action === 'keys') return undefined
    if (action === 'add') return setAsking({ what: 'add endpoint', into: row.record.id })
    if (action === 'edit' || action === 'remove') return setAsking({ what: action, row })
    return row.kind === 'collections' ? onCollection[action](row.record) : onEndpoint[action](row.record)
  }
  const actOn = (action: RecordAction, id: string): void => {
    const endpoint = endpoints.find((each) => each.id === id)
    const collection = collections.find((each) => each.id === id)
    if (endpoint !== undefined) act(action, { kind: 'endpoints', record: endpoint })
    else if (collection !== undefined) act(action, { kind: 'collections', record: collection })
  }
  const fold = (id: string): void =>
    setFolded((before) =>
      before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id]),
    )
  const panel = {
    off,
    onAct: (action: RecordAction) => actOn(action, viewedId ?? ''),
    onClose: () => {
      setViewedId(null)
      focusRow(viewedId ?? '')
    },
  }

  return (
    <div className="page records-page endpoints-page">
      <SearchBar title={texts.pages.endpoints} label={records.searchEndpoints} text={text} onText={setText}>
        <AddButton text={records.addCollection} off={off} onAdd={() => setAsking({ what: 'add collection' })} />
        <AddButton
          text={records.addEndpoint}
          off={off}
          onAdd={() => setAsking({ what: 'add endpoint', into: null })}
          primary
        />
      </SearchBar>
      <ProjectFilter
        projects={projects}
        chosen={project}
        onChoose={setProject}
        shown={endpointList.data === null ? '' : `${records.endpoints(shown)} · ${records.collections(groups.length)}`}
      />
      <div className="split">
        <div className="record-side" onKeyDown={(event) => pressInRow(event, actOn)}>
          <Loaded asked={both(collectionList, endpointList)} text={records.loadingEndpoints} rows={8}>
            {() =>
              groups.length > 0 ? (
                // What is looked for is not folded away.
                <EndpointTable
                  groups={groups}
                  folded={wanted.trim() === '' ? folded : new Set()}
                  onFold={fold}
                  off={off}
                  onAct={act}
                />
              ) : (
                <div className="nothing">
                  <p>{collections.length === 0 ? records.noEndpoints : records.noEndpointMatches(wanted.trim())}</p>
                  {collections.length === 0 ? null : (
                    <p className="row">
                      <button
                        type="button"
                        className="button"
                        onClick={() => {
                          setText('')
                          setProject({ kind: 'all' })
                        }}
                      >
                        {texts.states.showAll}
                      </button>
                    </p>
                  )}
                </div>
              )
            }
          </Loaded>
        </div>
        {viewedEndpoint !== undefined ? (
          <EndpointDetails key={viewedEndpoint.id} of={viewedEndpoint} collection={viewedCollection} {...panel} />
        ) : viewedCollection !== undefined ? (
          <CollectionDetails key={viewedCollection.id} of={viewedCollection} clients={clients} {...panel} />
        ) : null}
      </div>
      <EndpointDialogs
        asking={asking}
        clients={clients}
        collections={collections.toSorted(byName)}
        endpoints={endpoints}
        onClose={() => setAsking(null)}
      />
    </div>
  )
}
