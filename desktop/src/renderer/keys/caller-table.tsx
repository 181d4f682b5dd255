/** Who calls: addresses, how often, and when last. */
import { useConsole } from '../console-context.ts'

interface CallerTableProps {
  readonly caption: string
  readonly rows: readonly { readonly address: string; readonly calls: number; readonly last_hour: string }[]
}

export const CallerTable = ({ caption, rows }: CallerTableProps) => {
  const { texts, dates } = useConsole()
  const { details } = texts
  return (
    <table>
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{details.address}</th>
          <th scope="col" className="number">
            {details.callCount}
          </th>
          <th scope="col">{details.lastHour}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((caller) => (
          <tr key={caller.address}>
            <td>{caller.address}</td>
            <td className="number">{dates.number(caller.calls)}</td>
            <td>{dates.dayAndTime(caller.last_hour)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
