/** All about one endpoint, or one collection, beside the table. */
import type { ClientView, CollectionView, EndpointView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Fact } from '../parts/states.tsx'
import { bytesText, EndpointPill, PreviewText, timeText } from './endpoint-parts.tsx'
import { ReachSection } from './reach.tsx'
import { OnOffPill, RecordPanel, type RecordAction } from './record-parts.tsx'

interface DetailsProps<V> {
  readonly of: V
  readonly off: string | null
  readonly onAct: (action: RecordAction) => void
  readonly onClose: () => void
}

export const EndpointDetails = ({
  of: endpoint,
  collection,
  ...panel
}: DetailsProps<EndpointView> & { readonly collection: CollectionView | undefined }) => {
  const { texts, dates } = useConsole()
  const { details } = texts.records
  const said = texts.rights.endpoint
  const time = (ms: number): string => timeText(ms, texts, dates)
  return (
    <RecordPanel
      label={details.ofEndpoint}
      of={endpoint}
      pill={<EndpointPill of={endpoint} {...(collection === undefined ? {} : { collection })} />}
      {...panel}
    >
      <h3>{details.calledAs}</h3>
      <PreviewText of={endpoint} />
      <dl>
        {endpoint.description === '' ? null : <Fact label={details.description}>{endpoint.description}</Fact>}
        <Fact label={details.collection}>{endpoint.collection.name}</Fact>
        <Fact label={details.host}>{endpoint.host ?? details.anyHost}</Fact>
        <Fact label={details.limits}>
          {details.body(bytesText(endpoint.body_bytes_max, texts, dates))}
          {'\n'}
          {details.times(
            time(endpoint.connect_timeout_ms),
            time(endpoint.answer_timeout_ms),
            time(endpoint.idle_timeout_ms),
          )}
        </Fact>
        <Fact label={details.certificates}>
          {endpoint.upstream_ca === null
            ? details.systemCertificates
            : details.ownCertificates(endpoint.upstream_ca.split('BEGIN CERTIFICATE').length - 1)}
        </Fact>
        <Fact label={said.keysFrom}>
          {endpoint.query_parameter === null ? said.noQueryParameter : said.inQuery(endpoint.query_parameter)}
        </Fact>
        <Fact label={said.signed}>{endpoint.principal ? said.signedYes : said.signedNo}</Fact>
        <Fact label={said.deprecation}>
          <Deprecation of={endpoint.deprecation} />
        </Fact>
        <Dated of={endpoint} />
      </dl>
      <ReachSection kind="endpoints" id={endpoint.id} />
    </RecordPanel>
  )
}

/** The link is shown as text: where it leads, somebody else has written. */
const Deprecation = ({ of: deprecation }: { of: EndpointView['deprecation'] }) => {
  const { texts, dates } = useConsole()
  const { endpoint } = texts.rights
  if (deprecation === null) return endpoint.notDeprecated
  const { since, sunset, link } = deprecation
  const told = [
    endpoint.deprecatedSince(dates.dayAndTime(since)),
    ...(sunset === null ? [] : [endpoint.goesAt(dates.dayAndTime(sunset))]),
  ]
  return `${told.join(', ')}${link === null ? '' : `\n${link}`}`
}

export const CollectionDetails = ({
  of: collection,
  clients,
  ...panel
}: DetailsProps<CollectionView> & { readonly clients: readonly ClientView[] }) => {
  const { texts } = useConsole()
  const { records } = texts
  const mayCall = clients.filter(
    ({ collections }) => collections === null || collections.some(({ id }) => id === collection.id),
  )
  return (
    <RecordPanel
      label={records.details.ofCollection}
      of={collection}
      pill={
        <span className="stacked">
          <OnOffPill enabled={collection.enabled} />
          {collection.enabled ? null : <span className="hint">{records.answers404}</span>}
        </span>
      }
      {...panel}
    >
      <dl>
        {collection.description === '' ? null : (
          <Fact label={records.details.description}>{collection.description}</Fact>
        )}
        <Fact label={records.project}>{collection.project ?? texts.common.none}</Fact>
        <Fact label={records.form.version}>{collection.version}</Fact>
        <Fact label={texts.pages.endpoints}>{records.endpoints(collection.endpoints_count)}</Fact>
        <Fact label={records.details.calledBy}>
          {mayCall.map(({ name }) => name).join('\n') || records.details.nobody}
        </Fact>
        <Dated of={collection} />
      </dl>
      <ReachSection kind="collections" id={collection.id} />
    </RecordPanel>
  )
}

const Dated = ({ of: record }: { of: EndpointView | CollectionView }) => {
  const { texts, dates } = useConsole()
  const { details } = texts.records
  return (
    <>
      <Fact label={details.created}>{dates.dayAndTime(record.created_at)}</Fact>
      <Fact label={details.changed}>{dates.dayAndTime(record.updated_at)}</Fact>
      <Fact label={details.id}>
        <code>{record.id}</code>
      </Fact>
    </>
  )
}
