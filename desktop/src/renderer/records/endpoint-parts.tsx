/** How an endpoint is shown: its preview, its sizes and times in words, and how it stands. */
import type { CollectionView, EndpointView } from '@postern/shared'
import { useConsole, useKnown } from '../console-context.ts'
import type { Dates } from '../dates.ts'
import type { Texts } from '../texts/texts.ts'
import { gatewayOf, previewOf, type PreviewedEndpoint } from './endpoint-preview.ts'
import { OnOffPill } from './record-parts.tsx'

export const bytesText = (bytes: number, texts: Texts, dates: Dates): string =>
  texts.records.form.inMegabytes(dates.number(bytes / 1_048_576))

export const timeText = (ms: number, texts: Texts, dates: Dates): string =>
  texts.records.form.inSeconds(dates.number(ms / 1_000))

export const PreviewText = ({ of: endpoint }: { of: PreviewedEndpoint }) => {
  const { model, texts } = useConsole()
  const { status } = useKnown(model)
  const { form } = texts.records
  const preview = previewOf(endpoint, gatewayOf(status?.listeners ?? [], endpoint.host), form.anyMethod)
  return (
    <div className="preview">
      <PreviewLine from={preview.from} to={preview.to} />
      {preview.example === null ? null : (
        <>
          <span className="hint">{form.previewExample}</span>
          <PreviewLine from={preview.example.from} to={preview.example.to} />
        </>
      )}
      {preview.to === null ? <span className="hint">{form.previewAuth}</span> : null}
    </div>
  )
}

const PreviewLine = ({ from, to }: { from: string; to: string | null }) => (
  <p>
    <code>{from}</code>
    {to === null ? null : (
      <>
        <br />
        <span className="to">
          → <code>{to === '' ? '…' : to}</code>
        </span>
      </>
    )}
  </p>
)

/** Whether it answers. One in a disabled collection does not, whatever it is itself. */
export const EndpointPill = ({ of: endpoint, collection }: { of: EndpointView; collection?: CollectionView }) => {
  const { texts } = useConsole()
  const { records } = texts
  const answers = endpoint.enabled && collection?.enabled !== false
  if (answers) return <OnOffPill enabled />
  return (
    <span className="stacked">
      <OnOffPill enabled={false} text={endpoint.enabled ? records.collectionOff : records.disabled} />
      <span className="hint">{records.answers404}</span>
    </span>
  )
}
