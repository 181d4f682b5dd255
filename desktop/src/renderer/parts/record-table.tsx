/** A plain table for lists of some hundred rows, with the same menu at each row. The thousands of keys have a table of their own. */
import { useState, type ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { MoreIcon } from './icons.tsx'
import { Menu, type MenuItem } from './menu.tsx'

export interface RecordColumn<T> {
  /** Also the class of its cells. */
  readonly name: string
  readonly head: string
  readonly cell: (row: T) => ReactNode
  /** Right-aligned, digits under digits. */
  readonly number?: boolean
}

export interface RecordTableProps<T> {
  /** Says what the table is, for those who do not see what is around it. */
  readonly caption: string
  readonly rows: readonly T[]
  readonly idOf: (row: T) => string
  /** The first one names the row. */
  readonly columns: readonly RecordColumn<T>[]
  readonly menu?: {
    /** Of the button. */
    readonly label: (row: T) => string
    readonly items: (row: T) => readonly MenuItem[]
    readonly onPick: (item: string, row: T) => void
  }
  /** Shown where there are no rows. */
  readonly nothing: ReactNode
}

export const RecordTable = <T,>({ caption, rows, idOf, columns, menu, nothing }: RecordTableProps<T>) => {
  const { texts } = useConsole()
  const [menuOf, setMenuOf] = useState<{ row: T; anchor: HTMLElement } | null>(null)
  if (rows.length === 0) return <div className="nothing">{nothing}</div>
  return (
    <div className="record-box">
      <table className="records">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, head, number }) => (
              <th key={name} scope="col" className={number === true ? `${name} number` : name}>
                {head}
              </th>
            ))}
            {menu === undefined ? null : (
              <th scope="col" className="actions">
                <span className="unseen">{texts.keys.columns.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)} data-id={idOf(row)}>
              {columns.map(({ name, cell, number }, at) => {
                const className = number === true ? `${name} number` : name
                return at === 0 ? (
                  <th key={name} scope="row" className={className}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={name} className={className}>
                    {cell(row)}
                  </td>
                )
              })}
              {menu === undefined ? null : (
                <td className="actions">
                  <button
                    type="button"
                    className="plain"
                    aria-haspopup="menu"
                    aria-label={menu.label(row)}
                    onClick={({ currentTarget }) => setMenuOf({ row, anchor: currentTarget })}
                  >
                    <MoreIcon />
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {menuOf === null || menu === undefined ? null : (
        <Menu
          anchor={menuOf.anchor}
          label={menu.label(menuOf.row)}
          items={menu.items(menuOf.row)}
          onPick={(item) => {
            setMenuOf(null)
            menu.onPick(item, menuOf.row)
          }}
          onClose={() => setMenuOf(null)}
        />
      )}
    </div>
  )
}
