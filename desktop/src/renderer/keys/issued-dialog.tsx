/** A key that was just made or rotated: its value, masked, and how to call with it. */
import type { Issued } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SecretValue } from '../parts/secret-value.tsx'
import { SnippetBox } from './snippet-box.tsx'
import { useSomeCall } from './use-reachable.ts'

interface IssuedProps {
  readonly issued: Issued
  /** It had a value before. */
  readonly isRotated: boolean
  readonly onClose: () => void
}

export const IssuedDialog = ({ issued, isRotated, onClose }: IssuedProps) => {
  const { bridge, texts, dates } = useConsole()
  const { key, value } = issued
  const call = useSomeCall(key)
  return (
    <Dialog title={isRotated ? texts.issued.rotatedTitle(key.name) : texts.issued.title(key.name)} onClose={onClose}>
      {isRotated ? (
        <p>
          {key.old_secret_valid_until === null
            ? texts.issued.oldStopped
            : texts.details.oldUntil(dates.dayAndTime(key.old_secret_valid_until))}
        </p>
      ) : null}
      <h3>{texts.issued.value}</h3>
      {value === null ? (
        <p>{texts.issued.noValue}</p>
      ) : (
        <SecretValue
          masked={key.masked}
          reveal={() => Promise.resolve(value)}
          copy={() => bridge.copyValue(value)}
          off={null}
        />
      )}
      {value === null ? null : (
        <p className="hint">{key.reveal === 'always' ? texts.issued.again : texts.issued.once}</p>
      )}
      <SnippetBox title={texts.issued.use} call={call} />
      <div className="row end">
        <button type="button" className="button primary" onClick={onClose}>
          {texts.issued.done}
        </button>
      </div>
    </Dialog>
  )
}
