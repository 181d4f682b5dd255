/** A call in three languages, to be copied; the value comes from the environment. */
import { useState } from 'react'
import { snippetFor, snippetKinds, type SnippetCall, type SnippetKind } from '@postern/shared'
import { useConsole, useKnown } from '../console-context.ts'

export const SnippetBox = ({ title, call }: { title: string; call?: SnippetCall | undefined }) => {
  const { bridge, model, texts, toasts } = useConsole()
  const { status } = useKnown(model)
  const [kind, setKind] = useState<SnippetKind>('curl')
  const url = status?.listeners[0]?.url ?? 'https://gateway.example:8443'
  const caFile = url.startsWith('https:') ? (status?.certificate?.ca_file ?? null) : null
  const snippet = snippetFor(kind, { url, caFile }, call)
  return (
    <>
      <h3>{title}</h3>
      <p className="hint">
        {texts.issued.environment}
        {caFile === null ? null : ` ${texts.issued.trust(caFile)}`}
      </p>
      <div className="row" role="group" aria-label={title}>
        {snippetKinds.map((each) => (
          <button key={each} type="button" className="chip" aria-pressed={each === kind} onClick={() => setKind(each)}>
            {texts.issued.kinds[each]}
          </button>
        ))}
        <button
          type="button"
          className="plain"
          onClick={() => void bridge.copyText(snippet).then(() => toasts.show(texts.common.copied))}
        >
          {texts.care.try.copySnippet}
        </button>
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.issued.kinds[kind]}>
        {snippet}
      </pre>
    </>
  )
}
