/**
 * A page of records in one table without a panel beside it: policies, admin tokens. The name edits, the menu and the keys of a
 * row act, the search box finds by words. What stands in the columns and in the dialogs is the page's own.
 */
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { RecordTable, type RecordColumn } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import type { Asked } from '../use-asked.ts'
import { NothingFound, PlainName, plainMenu, type PlainAction } from './plain-parts.tsx'
import { AddButton, SearchBar } from './record-parts.tsx'
import { pressInRow } from './row-keys.ts'
import { byName, holdsWords, wordsOf } from './search.ts'

interface PlainRecord {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly enabled: boolean
}

interface PlainRecordPageProps<T extends PlainRecord> {
  /** Also the class of the page: `policies-page`. */
  readonly page: 'policies' | 'tokens'
  readonly asked: string | null
  readonly list: Asked<readonly T[]>
  /** Why nothing can be changed here; `null`: it can be. */
  readonly off: string | null
  /** Those after the name. */
  readonly columns: readonly RecordColumn<T>[]
  /** What is found besides the name, the description and the whole id. Stable from one rendering to the next. */
  readonly alsoFound: (record: T) => string
  readonly onAdd: () => void
  readonly onAct: (action: PlainAction, record: T) => void
  /** The dialogs. */
  readonly children: ReactNode
}

export const PlainRecordPage = <T extends PlainRecord>(props: PlainRecordPageProps<T>) => {
  const { page, asked, list, off, columns, alsoFound, onAdd, onAct, children } = props
  const { texts } = useConsole()
  const [title, words] = [texts.pages[page], texts[page]]
  const [text, setText] = useState(asked ?? '')
  const wanted = useDeferredValue(text)
  const rows = useMemo(() => {
    const searched = wordsOf(wanted)
    return (list.data ?? [])
      .filter((each) => holdsWords(searched, each.id, each.name, each.description, alsoFound(each)))
      .toSorted(byName)
  }, [list.data, wanted, alsoFound])
  const isEmpty = list.data === null || list.data.length === 0

  const act = (action: PlainAction, record: T): void => {
    if (off === null) onAct(action, record)
  }
  const name: RecordColumn<T> = {
    name: 'name',
    head: texts.records.columns.name,
    cell: (record) => (
      <PlainName name={record.name} description={record.description} off={off} onOpen={() => act('edit', record)} />
    ),
  }

  return (
    <div className={`page records-page ${page}-page`}>
      <SearchBar title={title} label={words.search} text={text} onText={setText}>
        <AddButton text={words.add} off={off} onAdd={onAdd} primary />
      </SearchBar>
      <p className="hint about-line">{words.about}</p>
      <div
        className="record-side"
        onKeyDown={(event) =>
          pressInRow(event, (action, id) => {
            const record = rows.find((each) => each.id === id)
            if (record !== undefined) act(action, record)
          })
        }
      >
        <Loaded asked={list} text={words.loading} rows={6}>
          {() => (
            <RecordTable
              caption={title}
              rows={rows}
              idOf={({ id }) => id}
              columns={[name, ...columns]}
              menu={{
                label: (record) => texts.records.actionsOf(record.name),
                items: (record) => plainMenu(record, texts, off),
                onPick: (item, record) => act(item as PlainAction, record),
              }}
              nothing={
                <NothingFound
                  says={isEmpty ? words.none : words.noMatch(wanted.trim())}
                  isEmpty={isEmpty}
                  onAll={() => setText('')}
                />
              }
            />
          )}
        </Loaded>
      </div>
      {children}
    </div>
  )
}
