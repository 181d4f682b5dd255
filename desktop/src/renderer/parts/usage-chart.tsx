/** Calls as stacked bars, those that passed below those that were refused; and the same as a table, for whoever wants figures. */
import { useState } from 'react'
import { useConsole } from '../console-context.ts'

export interface UsageChartRow {
  readonly label: string
  readonly allowed: number
  readonly refused: number
}

export interface UsageChartProps {
  readonly rows: readonly UsageChartRow[]
  /** What it shows, in words. */
  readonly title: string
  /** What a row stands for: the head of the table's first column. */
  readonly of: string
}

const [high, least] = [100, 2]

export const UsageChart = ({ rows, title, of }: UsageChartProps) => {
  const { texts, dates } = useConsole()
  const { chart } = texts.care
  const [asTable, setAsTable] = useState(false)
  const [allowed, refused] = rows.reduce(([a, r], row) => [a + row.allowed, r + row.refused], [0, 0])
  return (
    <div className="usage-chart">
      <p className="row">
        <span className="key-to allowed">{chart.allowed}</span>
        <span className="key-to refused">{chart.refused}</span>
        <button type="button" className="plain" onClick={() => setAsTable(!asTable)}>
          {asTable ? chart.asChart : chart.asTable}
        </button>
      </p>
      {asTable ? (
        <div className="figures" tabIndex={0} role="group" aria-label={title}>
          <table>
            <caption className="unseen">{title}</caption>
            <thead>
              <tr>
                <th scope="col">{of}</th>
                <th scope="col" className="number">
                  {chart.allowed}
                </th>
                <th scope="col" className="number">
                  {chart.refused}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.label}>
                  <th scope="row">{row.label}</th>
                  <td className="number">{dates.number(row.allowed)}</td>
                  <td className="number">{dates.number(row.refused)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Bars rows={rows} said={`${title}: ${chart.said(allowed, refused)}`} />
      )}
    </div>
  )
}

/** A height that can be seen for whatever is more than nothing. */
const heightOf = (count: number, most: number): number => (count === 0 ? 0 : Math.max(least, (count / most) * high))

const Bars = ({ rows, said }: { rows: readonly UsageChartRow[]; said: string }) => {
  const { texts } = useConsole()
  const { chart } = texts.care
  const most = Math.max(1, ...rows.map(({ allowed, refused }) => allowed + refused))
  const isEmpty = rows.every(({ allowed, refused }) => allowed + refused === 0)
  return (
    <>
      <div className="bars">
        <svg viewBox={`0 0 ${rows.length * 10} ${high}`} preserveAspectRatio="none" role="img" aria-label={said}>
          {rows.map(({ label, allowed, refused }, at) => {
            const [below, above] = [heightOf(allowed, most), heightOf(refused, most)]
            return (
              <g key={label}>
                <title>{`${label}: ${chart.said(allowed, refused)}`}</title>
                <rect className="ground" x={at * 10} y={0} width={10} height={high} />
                <rect className="allowed" x={at * 10 + 1} y={high - below} width={8} height={below} />
                <rect
                  className="refused"
                  x={at * 10 + 1}
                  y={Math.max(0, high - below - above)}
                  width={8}
                  height={above}
                />
              </g>
            )
          })}
        </svg>
        {isEmpty ? <p className="hint">{chart.none}</p> : null}
      </div>
      <p className="hint ends">
        <span>{rows[0]?.label}</span>
        {isEmpty ? null : <span>{chart.most(most)}</span>}
        <span>{rows.at(-1)?.label}</span>
      </p>
    </>
  )
}
