/** A key that was just made or rotated: its value, masked, and how to call with it. */
import { useState } from 'react'
import type { Issued } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SecretValue } from '../parts/secret-value.tsx'
import { snippetFor, snippetKinds, type SnippetKind } from './snippet.ts'

export const IssuedDialog = ({ issued, onClose }: { issued: Issued; onClose: () => void }) => {
  const { bridge, model, texts, toasts } = useConsole()
  const { status } = useKnown(model)
  const [kind, setKind] = useState<SnippetKind>('curl')
  const { key, value } = issued
  const snippet = snippetFor(kind, status?.listeners[0]?.url ?? 'https://gateway.example:8443')
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
      <h3>{texts.issued.use}</h3>
      <p className="hint">{texts.issued.environment}</p>
      <div className="row" role="group" aria-label={texts.issued.use}>
        {snippetKinds.map((each) => (
          <button key={each} type="button" className="chip" aria-pressed={each === kind} onClick={() => setKind(each)}>
            {texts.issued.kinds[each]}
          </button>
        ))}
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.issued.kinds[kind]}>
        {snippet}
      </pre>
      <div className="row end">
        <button
          type="button"
          className="button"
          onClick={() => void bridge.copyText(snippet).then(() => toasts.show(texts.common.copied))}
        >
          {texts.common.copy}
        </button>
        <button type="button" className="button primary" onClick={onClose}>
          {texts.issued.done}
        </button>
      </div>
    </Dialog>
  )
}
