/** Clients, who own keys: search, projects, the table, and all about one beside it. */
import { useDeferredValue, useMemo, useState } from 'react'
import { defaultClientId, type ClientView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { KitDialog } from '../kit/kit-later.tsx'
import type { PageProps } from '../pages.tsx'
import { RecordTable, type RecordColumn } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import { ClientDetails } from '../records/client-details.tsx'
import { ClientForm } from '../records/client-form.tsx'
import { ProjectFilter, projectsIn, type ProjectChoice } from '../records/project-filter.tsx'
import {
  AddButton,
  focusRow,
  OnOffPill,
  OpenName,
  recordMenu,
  SearchBar,
  type RecordAction,
} from '../records/record-parts.tsx'
import { RemoveDialog, StuckDialog } from '../records/remove-dialog.tsx'
import { pressInRow } from '../records/row-keys.ts'
import { byName, holdsWords, keysSearchFor, wordsOf } from '../records/search.ts'
import { useAll } from '../records/use-all.ts'
import { useRecordActions } from '../records/use-record-actions.ts'

const topics = ['records', 'keys'] as const
const nobody: readonly ClientView[] = []

type Asking =
  | { readonly what: 'add' }
  | { readonly what: 'edit' | 'remove'; readonly client: ClientView }
  /** Null: of whom, is chosen there. */
  | { readonly what: 'kit'; readonly client: ClientView | null }

/** What the palette asks for, besides a search. */
const askedKit = 'do:kit'

export const ClientsPage = ({ asked }: PageProps) => {
  const { model, texts, dates, go } = useConsole()
  const { records } = texts
  const off = whyOff(useKnown(model), texts)
  const list = useAll('clients.list', topics)
  const collections = useAll('collections.list')
  const actions = useRecordActions('clients')
  const [text, setText] = useState(asked === askedKit ? '' : (asked ?? ''))
  const [project, setProject] = useState<ProjectChoice>({ kind: 'all' })
  const [viewedId, setViewedId] = useState<string | null>(null)
  const [asking, setAsking] = useState<Asking | null>(asked === askedKit ? { what: 'kit', client: null } : null)
  const wanted = useDeferredValue(text)
  const clients = list.data ?? nobody
  const projects = useMemo(() => projectsIn(clients), [clients])
  const rows = useMemo(() => {
    const words = wordsOf(wanted)
    return clients
      .filter((each) => project.kind === 'all' || each.project === project.project)
      .filter(({ name, description, email, id, ...each }) =>
        holdsWords(words, id, name, description, each.project, email),
      )
      .toSorted(byName)
  }, [clients, project, wanted])
  const viewed = clients.find(({ id }) => id === viewedId) ?? null

  const act = (action: RecordAction, client: ClientView): void => {
    if (action === 'view') return setViewedId(client.id)
    if (action === 'keys') return go('keys', `find:${keysSearchFor(client, clients)}`)
    if (action === 'kit') return setAsking({ what: action, client })
    if (off !== null || action === 'add') return undefined
    if (action === 'edit' || action === 'remove') return setAsking({ what: action, client })
    return actions[action](client)
  }
  const add = (): void => setAsking({ what: 'add' })
  const columns: RecordColumn<ClientView>[] = [
    {
      name: 'name',
      head: records.columns.name,
      cell: (client) => <OpenName text={client.name} onOpen={() => act('view', client)} />,
    },
    {
      name: 'project',
      head: records.columns.project,
      cell: ({ project: each }) => <span title={each ?? undefined}>{each}</span>,
    },
    {
      name: 'email',
      head: records.columns.email,
      cell: ({ email }) => <span title={email ?? undefined}>{email}</span>,
    },
    {
      name: 'keys',
      head: records.columns.keys,
      number: true,
      cell: (client) => records.keysOf(dates.number(client.active_keys_count), dates.number(client.total_keys_count)),
    },
    { name: 'status', head: records.columns.status, cell: ({ enabled }) => <OnOffPill enabled={enabled} /> },
  ]

  return (
    <div className="page records-page clients-page">
      <SearchBar title={texts.pages.clients} label={records.searchClients} text={text} onText={setText}>
        <AddButton text={records.addClient} off={off} onAdd={add} primary />
      </SearchBar>
      <ProjectFilter
        projects={projects}
        chosen={project}
        onChoose={setProject}
        shown={list.data === null ? '' : records.clients(rows.length)}
      />
      <div className="split">
        <div
          className="record-side"
          onKeyDown={(event) =>
            pressInRow(event, (action, id) => {
              const client = clients.find((each) => each.id === id)
              if (client !== undefined) act(action, client)
            })
          }
        >
          <Loaded asked={list} text={records.loadingClients} rows={8}>
            {() => (
              <RecordTable
                caption={texts.pages.clients}
                rows={rows}
                idOf={({ id }) => id}
                columns={columns}
                menu={{
                  label: ({ name }) => records.actionsOf(name),
                  items: (client) =>
                    recordMenu(client, texts, off, [
                      { name: 'keys', text: records.menu.keys },
                      { name: 'kit', text: records.menu.kit },
                    ]),
                  onPick: (item, client) => act(item as RecordAction, client),
                }}
                nothing={
                  <Nothing
                    text={wanted.trim()}
                    project={project}
                    isEmpty={clients.length === 0}
                    onAll={() => {
                      setText('')
                      setProject({ kind: 'all' })
                    }}
                  />
                }
              />
            )}
          </Loaded>
        </div>
        {viewed === null ? null : (
          <ClientDetails
            key={viewed.id}
            of={viewed}
            off={off}
            onAct={(action) => act(action, viewed)}
            onClose={() => {
              setViewedId(null)
              focusRow(viewed.id)
            }}
          />
        )}
      </div>
      {asking?.what !== 'kit' ? null : (
        <KitDialog
          of={asking.client === null ? null : { kind: 'client', id: asking.client.id }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what !== 'add' && asking?.what !== 'edit' ? null : (
        <ClientForm
          of={asking.what === 'edit' ? asking.client : null}
          clients={clients}
          collections={(collections.data ?? []).toSorted(byName)}
          projects={projects}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what !== 'remove' ? null : (
        <RemoveClient of={asking.client} onKeys={() => act('keys', asking.client)} onClose={() => setAsking(null)} />
      )}
    </div>
  )
}

interface RemoveClientProps {
  readonly of: ClientView
  readonly onKeys: () => void
  readonly onClose: () => void
}

const RemoveClient = ({ of: client, onKeys, onClose }: RemoveClientProps) => {
  const { texts } = useConsole()
  const { stuck, remove } = texts.records
  if (client.id === defaultClientId)
    return <StuckDialog kind="clients" of={client} why={stuck.default} onClose={onClose} />
  if (client.total_keys_count > 0)
    return (
      <StuckDialog kind="clients" of={client} why={stuck.keys(client.total_keys_count)} onClose={onClose}>
        <button type="button" className="button primary" onClick={onKeys}>
          {stuck.showKeys}
        </button>
      </StuckDialog>
    )
  return <RemoveDialog kind="clients" of={client} effect={remove.clients} onClose={onClose} />
}

interface NothingProps {
  readonly text: string
  readonly project: ProjectChoice
  readonly isEmpty: boolean
  readonly onAll: () => void
}

const Nothing = ({ text, project, isEmpty, onAll }: NothingProps) => {
  const { texts } = useConsole()
  const { records } = texts
  if (isEmpty) return <p>{records.noClients}</p>
  const where = project.kind === 'all' ? '' : (project.project ?? records.noProject)
  return (
    <>
      <p>{text === '' ? records.noClientIn(where) : records.noClientMatches(text)}</p>
      <p className="row">
        <button type="button" className="button" onClick={onAll}>
          {texts.states.showAll}
        </button>
      </p>
    </>
  )
}
