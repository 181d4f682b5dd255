/** Calls of the last fourteen days as small bars, refused ones on top; in words for those who do not see them. */
import { useConsole } from '../console-context.ts'
import type { DailyUsage } from './use-daily-usage.ts'

const [barWidth, pitch, height] = [4, 6, 20]

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

export const Sparkline = ({ of: { allowed, refused } }: { of: DailyUsage }) => {
  const { texts, dates } = useConsole()
  const days = allowed.length
  const refusedCount = sum(refused)
  const calls = sum(allowed) + refusedCount
  const busiest = Math.max(1, ...allowed.map((count, day) => count + (refused[day] ?? 0)))
  // A day with any call at all is seen.
  const high = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / busiest) * (height - 1)))
  const said = texts.grid.calls(calls, days, refusedCount)
  return (
    <span className="spark" title={said}>
      <svg role="img" aria-label={said} width={days * pitch} height={height} viewBox={`0 0 ${days * pitch} ${height}`}>
        <path className="ground" d={`M0 ${height - 0.5}H${days * pitch}`} />
        {allowed.map((count, day) => {
          const passed = high(count)
          const turnedAway = high(refused[day] ?? 0)
          const ground = height - 1
          return (
            <g key={day}>
              {passed === 0 ? null : (
                <rect className="passed" x={day * pitch} y={ground - passed} width={barWidth} height={passed} />
              )}
              {turnedAway === 0 ? null : (
                <rect
                  className="refused"
                  x={day * pitch}
                  y={Math.max(0, ground - passed - turnedAway)}
                  width={barWidth}
                  height={turnedAway}
                />
              )}
            </g>
          )
        })}
      </svg>
      <span className="hint" aria-hidden="true">
        {dates.number(calls)}
      </span>
    </span>
  )
}
