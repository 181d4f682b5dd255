/** Where notices go besides the log: each way as it is, with what can be done about it. Never: a password or a secret. */
import { useState, type ReactNode } from 'react'
import type { ChannelName, ChannelsView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { StandingIcon } from '../parts/icons.tsx'
import { Fact, Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { CalendarCard } from './calendar-card.tsx'
import { MailForm } from './mail-form.tsx'
import { SyslogForm, SystemForm, WebhookForm } from './receiver-forms.tsx'
import { SecretDialog } from './secret-dialog.tsx'

type SetChannel = Exclude<ChannelName, 'log'>
type Asking = { readonly what: 'set' | 'remove'; readonly channel: SetChannel }

export const ChannelCards = ({ off }: { off: string | null }) => {
  const { bridge, texts, toasts } = useConsole()
  const words = texts.notices
  const channels = useAsked('channels.get', {})
  const [asking, setAsking] = useState<Asking | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const close = (): void => setAsking(null)
  const done = (said: string): void => {
    close()
    channels.again()
    toasts.show(said)
  }
  const remove = async (channel: SetChannel): Promise<void> => {
    await bridge.call('channels.remove', { params: { channel } })
    done(words.removed(words.names[channel]))
  }
  const cardOf = (channel: SetChannel, about: string, facts: ReactNode): ReactNode => (
    <ChannelCard
      channel={channel}
      about={about}
      facts={facts}
      off={off}
      onSet={() => setAsking({ what: 'set', channel })}
      onRemove={() => setAsking({ what: 'remove', channel })}
    />
  )
  return (
    <>
      <Loaded asked={channels} text={words.loadingChannels}>
        {(found) => (
          <div className="cards">
            <section className="card channel">
              <h2>{words.names.log}</h2>
              <p className="mark active">
                <StandingIcon standing="active" /> {words.always}
              </p>
              <p>{words.logAbout}</p>
            </section>
            {cardOf('mail', words.mailAbout, found.mail === null ? null : <MailFacts of={found.mail} />)}
            {cardOf(
              'webhook',
              words.webhookAbout,
              found.webhook === null ? null : <Fact label={words.url}>{found.webhook.url}</Fact>,
            )}
            {cardOf(
              'syslog',
              words.syslogAbout,
              found.syslog === null ? null : (
                <>
                  <Fact label={words.host}>{`${found.syslog.host}:${found.syslog.port}`}</Fact>
                  <Fact label={words.transport}>{words.transports[found.syslog.transport]}</Fact>
                </>
              ),
            )}
            {cardOf(
              'system',
              words.systemAbout,
              found.system === null ? null : <Fact label={words.name}>{found.system.name}</Fact>,
            )}
            <CalendarCard off={off} />
          </div>
        )}
      </Loaded>
      {asking?.what === 'set' && channels.data !== null ? (
        <ChannelForm
          channel={asking.channel}
          of={channels.data}
          onSaved={() => done(words.saved(words.names[asking.channel]))}
          onSecret={setSecret}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'remove' ? (
        <ConfirmDialog
          title={words.removeTitle(words.names[asking.channel])}
          go={words.removeGo}
          keep={words.keepIt}
          danger
          act={() => remove(asking.channel)}
          onClose={close}
        >
          <p>{words.removeAbout}</p>
        </ConfirmDialog>
      ) : null}
      {secret === null ? null : (
        <SecretDialog
          title={words.issuedTitle}
          value={secret}
          masked={words.masked}
          label={words.secret}
          onClose={() => setSecret(null)}
        >
          <p className="hint">{words.issuedAbout}</p>
        </SecretDialog>
      )}
    </>
  )
}

const MailFacts = ({ of: mail }: { of: NonNullable<ChannelsView['mail']> }) => {
  const { texts } = useConsole()
  const words = texts.notices
  return (
    <>
      <Fact label={words.host}>{`${mail.host}:${mail.port}`}</Fact>
      <Fact label={words.security}>{words.securities[mail.security]}</Fact>
      {mail.user === null ? null : <Fact label={words.user}>{mail.user}</Fact>}
      <Fact label={words.from}>{mail.from}</Fact>
      <Fact label={words.recipients}>{mail.to.join('\n')}</Fact>
    </>
  )
}

interface ChannelCardProps {
  readonly channel: SetChannel
  readonly about: string
  /** Null: it is not set. */
  readonly facts: ReactNode
  readonly off: string | null
  readonly onSet: () => void
  readonly onRemove: () => void
}

const ChannelCard = ({ channel, about, facts, off, onSet, onRemove }: ChannelCardProps) => {
  const { texts } = useConsole()
  const words = texts.notices
  const name = words.names[channel]
  const isSet = facts !== null
  const set = isSet ? words.change : words.setUp
  const standing = isSet ? 'active' : 'disabled'
  return (
    <section className="card channel" data-channel={channel}>
      <h2>{name}</h2>
      <p className={`mark ${standing}`}>
        <StandingIcon standing={standing} /> {isSet ? words.on : words.notSet}
      </p>
      <p>{about}</p>
      {isSet ? <dl>{facts}</dl> : null}
      <div className="row">
        <ActionButton text={set} label={`${set} ${name}`} off={off} onPress={onSet} />
        {isSet ? (
          <ActionButton
            text={words.remove}
            label={`${words.remove} ${name}`}
            kind="danger"
            off={off}
            onPress={onRemove}
          />
        ) : null}
      </div>
    </section>
  )
}

interface ChannelFormChoiceProps {
  readonly channel: SetChannel
  readonly of: ChannelsView
  readonly onSaved: () => void
  readonly onSecret: (secret: string) => void
  readonly onClose: () => void
}

const ChannelForm = ({ channel, of: found, onSaved, onSecret, onClose }: ChannelFormChoiceProps) => {
  const common = { onSaved, onClose }
  switch (channel) {
    case 'mail':
      return <MailForm of={found.mail} {...common} />
    case 'webhook':
      return <WebhookForm of={found.webhook} onSecret={onSecret} {...common} />
    case 'syslog':
      return <SyslogForm of={found.syslog} {...common} />
    case 'system':
      return <SystemForm of={found.system} {...common} />
  }
}
