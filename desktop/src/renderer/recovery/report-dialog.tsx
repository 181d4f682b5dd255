/** What a look at a whole backup has found. Promises: what is wrong comes first, file by file, and what to do then. */
import type { BackupReport } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Fact } from '../parts/states.tsx'
import { reportTitle, type Check } from './check-dialogs.tsx'
import { sizeText } from './size-text.ts'

const faultsShown = 50

interface ReportDialogProps {
  readonly check: Check
  readonly report: BackupReport
  readonly onClose: () => void
}

export const ReportDialog = ({ check, report, onClose }: ReportDialogProps) => {
  const { texts } = useConsole()
  const words = texts.recovery
  return (
    <Dialog title={reportTitle(check, report, texts)} alert={!report.ok} onClose={onClose}>
      {report.ok ? <p role="status">{words.reportGoodText[check]}</p> : <Faults of={report} />}
      <Facts of={report} />
      <div className="row end">
        <button type="button" className="button primary" autoFocus onClick={onClose}>
          {words.done}
        </button>
      </div>
    </Dialog>
  )
}

const Faults = ({ of: { faults } }: { of: BackupReport }) => {
  const { texts } = useConsole()
  const words = texts.recovery
  return (
    <div className="banner">
      <p>
        <strong>{words.faults(faults.length)}</strong>
      </p>
      <ul className="found-faults">
        {faults.slice(0, faultsShown).map(({ file, problem }, at) => (
          <li key={at}>
            {file === null ? null : <code>{file}</code>} {problem}
          </li>
        ))}
        {faults.length > faultsShown ? <li>{words.andMore(faults.length - faultsShown)}</li> : null}
      </ul>
      <p>{words.reportBadText}</p>
    </div>
  )
}

const Facts = ({ of: report }: { of: BackupReport }) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  const { records, generation, created_at: made, listed, secrets, trail, opened_with: opened } = report
  return (
    <dl className="facts">
      <Fact label={words.path}>
        <code>{report.path}</code>
      </Fact>
      {made === null ? null : <Fact label={words.madeOn}>{dates.dayAndTime(made)}</Fact>}
      {generation === null ? null : <Fact label={words.generation}>{dates.number(generation)}</Fact>}
      <Fact label={words.files}>
        {`${dates.number(report.files)} (${sizeText(report.bytes, dates.number)}), ${listed === null ? words.unlisted : words.listed(listed)}`}
      </Fact>
      <Fact label={words.opened}>{opened === null ? words.notOpened : words.openedWith[opened]}</Fact>
      {records === null ? null : (
        <Fact label={words.records}>
          {words.recordsText(records.keys, records.clients, records.collections, records.endpoints)}
        </Fact>
      )}
      {secrets === null ? null : <Fact label={words.secrets}>{dates.number(secrets)}</Fact>}
      {trail === null ? null : <Fact label={words.trail}>{dates.number(trail)}</Fact>}
    </dl>
  )
}
