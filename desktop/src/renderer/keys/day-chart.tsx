/** Calls of a key by day, small, beside its details: as bars, and as a table for whoever wants figures. */
import { useState } from 'react'
import { useConsole } from '../console-context.ts'
import { UsageChart, type UsageChartProps } from '../parts/usage-chart.tsx'

interface DayChartProps {
  readonly rows: UsageChartProps['rows']
  /** What it shows, in words. */
  readonly title: string
  /** What a row stands for: the head of the table's first column. */
  readonly of: string
}

const barsPx = 84

export const DayChart = ({ rows, title, of }: DayChartProps) => {
  const { texts, dates } = useConsole()
  const { chart } = texts.care
  const [asTable, setAsTable] = useState(false)
  return (
    <div className="day-chart">
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
        <UsageChart rows={rows} heightPx={barsPx} />
      )}
      {rows.some(({ allowed, refused }) => allowed + refused > 0) ? null : <p className="hint">{chart.none}</p>}
    </div>
  )
}
