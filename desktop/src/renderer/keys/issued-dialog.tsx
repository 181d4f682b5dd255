/** A key that was just made or rotated: its value, masked, and how to call with it. */
import type { Issued } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SecretValue } from '../parts/secret-value.tsx'
import { SnippetBox } from './snippet-box.tsx'

export const IssuedDialog = ({ issued, onClose }: { issued: Issued; onClose: () => void }) => {
  const { bridge, texts } = useConsole()
  const { key, value } = issued
  return (
    <Dialog title={texts.issued.title(key.name)} onClose={onClose}>
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
      <SnippetBox title={texts.issued.use} />
      <div className="row end">
        <button type="button" className="button primary" onClick={onClose}>
          {texts.issued.done}
        </button>
      </div>
    </Dialog>
  )
}
