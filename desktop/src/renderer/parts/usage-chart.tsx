/**
 * Calls as stacked bars: passed below, refused above. An SVG of its own. Promises: colour is never all there is, refused
 * calls are hatched too; each bar says its figures. Whoever uses it offers the same figures as a table.
 */
import { useId } from 'react'
import { useConsole } from '../console-context.ts'
import { axisOf, labelEvery } from '../usage/figures.ts'

export interface UsageChartProps {
  readonly rows: readonly { readonly label: string; readonly allowed: number; readonly refused: number }[]
  readonly heightPx?: number
}

const usualHeightPx = 180
const labelsMost = 12

export const UsageChart = ({ rows, heightPx = usualHeightPx }: UsageChartProps) => {
  const { texts, dates } = useConsole()
  const { usage } = texts
  const hatch = useId()
  const marks = axisOf(Math.max(0, ...rows.map(({ allowed, refused }) => allowed + refused)))
  const top = marks.at(-1) ?? 1
  const px = (calls: number): number => (calls / top) * heightPx
  const slot = 100 / Math.max(1, rows.length)
  const every = labelEvery(rows.length, labelsMost)
  const sum = (of: 'allowed' | 'refused'): string => dates.number(rows.reduce((all, row) => all + row[of], 0))
  return (
    <div className="usage-chart" role="img" aria-label={usage.chart(sum('allowed'), sum('refused'))}>
      <div className="axis" style={{ height: heightPx }}>
        {marks.map((mark) => (
          <span key={mark} style={{ bottom: px(mark) }}>
            {dates.number(mark)}
          </span>
        ))}
      </div>
      <svg className="plot" height={heightPx} width="100%" aria-hidden="true">
        <defs>
          <pattern id={hatch} className="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
            <path className="ground" d="M0 0h6v6H0z" />
            <path d="M-1 1 1-1M0 6 6 0M5 7 7 5" />
          </pattern>
        </defs>
        {marks.map((mark) => (
          <line key={mark} x1="0" x2="100%" y1={heightPx - px(mark)} y2={heightPx - px(mark)} />
        ))}
        {rows.map(({ label, allowed, refused }, at) => (
          <svg key={label + String(at)} x={`${at * slot}%`} width={`${slot}%`} height={heightPx}>
            <rect className="bar passed" y={heightPx - px(allowed)} height={px(allowed)} />
            <rect
              className="bar refused"
              y={heightPx - px(allowed + refused)}
              height={px(refused)}
              fill={`url(#${hatch})`}
            />
            <rect className="touch" width="100%" height={heightPx}>
              <title>{usage.bar(label, dates.number(allowed), dates.number(refused))}</title>
            </rect>
          </svg>
        ))}
      </svg>
      <div className="labels" aria-hidden="true">
        {rows.map(({ label }, at) =>
          at % every === 0 ? (
            <span
              key={label + String(at)}
              className={(at / every) % 2 === 0 ? '' : 'spare'}
              style={{ left: `${(at + 0.5) * slot}%` }}
            >
              {label}
            </span>
          ) : null,
        )}
      </div>
    </div>
  )
}
