/** Notices to a webhook, to a syslog server and into the system's own log: all that the daemon takes. */
import { useState } from 'react'
import { syslogTransports, type SyslogTransport } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { FormDialog } from '../parts/form.tsx'
import { CaField, checkOf, given, givenPort, shownPort, titleOf, type ChannelFormProps } from './channel-form.tsx'
import { ChoiceField, TextField, useTyped } from './text-field.tsx'

const syslogPorts = { tls: 6514, tcp: 601, udp: 514 } as const satisfies Record<SyslogTransport, number>

const webhookFields = ['url', 'secret', 'ca'] as const

interface WebhookFormProps extends ChannelFormProps<'webhook'> {
  /** The drawn one; it is never asked for again. */
  readonly onSecret: (secret: string) => void
}

export const WebhookForm = ({ of: webhook, onSaved, onSecret, onClose }: WebhookFormProps) => {
  const { bridge, texts } = useConsole()
  const words = texts.notices
  const [typed, put] = useTyped({ url: webhook?.url ?? '', secret: '', ca: '' })
  const save = async (): Promise<void> => {
    const { url, secret, ca } = typed
    const drawn = await bridge.setWebhook({ url: url.trim(), ...given('secret', secret), ...given('ca', ca) })
    onSaved()
    if (drawn.secret !== null) onSecret(drawn.secret)
  }
  return (
    <FormDialog
      title={titleOf(words.names.webhook, webhook !== null, texts)}
      submit={texts.form.save}
      fields={webhookFields}
      check={() => checkOf(typed, ['url'], texts)}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={words.url}
            hint={words.urlHint}
            value={typed.url}
            onChange={put('url')}
            fault={faults.url}
            inputMode="url"
            autoFocus
          />
          <TextField
            label={words.secret}
            hint={webhook === null ? words.secretHint : words.secretAgain}
            value={typed.secret}
            onChange={put('secret')}
            fault={faults.secret}
            type="password"
            optional
          />
          <CaField isSet={webhook !== null} value={typed.ca} onChange={put('ca')} fault={faults.ca} />
        </>
      )}
    </FormDialog>
  )
}

const syslogFields = ['host', 'transport', 'port', 'ca'] as const

export const SyslogForm = ({ of: syslog, onSaved, onClose }: ChannelFormProps<'syslog'>) => {
  const { bridge, texts } = useConsole()
  const words = texts.notices
  const [transport, setTransport] = useState<SyslogTransport>(syslog?.transport ?? 'tls')
  const [typed, put] = useTyped({
    host: syslog?.host ?? '',
    port: shownPort(syslog?.port, syslogPorts[transport]),
    ca: '',
  })
  const save = async (): Promise<void> => {
    const { host, port, ca } = typed
    const body = { host: host.trim(), transport, ...givenPort(port), ...given('ca', ca) }
    await bridge.call('channels.syslog', { body })
    onSaved()
  }
  return (
    <FormDialog<(typeof syslogFields)[number]>
      title={titleOf(words.names.syslog, syslog !== null, texts)}
      submit={texts.form.save}
      fields={syslogFields}
      check={() => checkOf(typed, ['host'], texts)}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={words.host}
            hint={words.hostHint}
            value={typed.host}
            onChange={put('host')}
            fault={faults.host}
            autoFocus
          />
          <div className="pair">
            <ChoiceField
              label={words.transport}
              hint={words.transportHint}
              choices={syslogTransports.toReversed()}
              names={words.transports}
              value={transport}
              onChange={setTransport}
              fault={faults.transport}
            />
            <TextField
              label={words.port}
              hint={words.portDefault(syslogPorts[transport])}
              value={typed.port}
              onChange={put('port')}
              fault={faults.port}
              inputMode="numeric"
              optional
            />
          </div>
          <CaField isSet={syslog !== null} value={typed.ca} onChange={put('ca')} fault={faults.ca} />
        </>
      )}
    </FormDialog>
  )
}

export const SystemForm = ({ of: system, onSaved, onClose }: ChannelFormProps<'system'>) => {
  const { bridge, texts } = useConsole()
  const words = texts.notices
  const [typed, put] = useTyped({ name: system?.name ?? 'postern' })
  const save = async (): Promise<void> => {
    await bridge.call('channels.system', { body: given('name', typed.name) })
    onSaved()
  }
  return (
    <FormDialog
      title={titleOf(words.names.system, system !== null, texts)}
      submit={texts.form.save}
      fields={['name'] as const}
      check={() => checkOf(typed, ['name'], texts)}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <TextField
          label={words.name}
          hint={words.nameHint}
          value={typed.name}
          onChange={put('name')}
          fault={faults.name}
          autoFocus
        />
      )}
    </FormDialog>
  )
}
