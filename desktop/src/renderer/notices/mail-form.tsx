/** Notices by mail. Promises: the password is never shown; one that is not typed stays, as long as the server does. */
import { useState } from 'react'
import { mailSecurities, type MailSecurity } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { FormDialog } from '../parts/form.tsx'
import { CaField, checkOf, given, givenPort, shownPort, titleOf, type ChannelFormProps } from './channel-form.tsx'
import { ChoiceField, TextField, useTyped } from './text-field.tsx'

const mailPorts = { tls: 465, starttls: 587, none: 25 } as const satisfies Record<MailSecurity, number>

const mailFields = ['host', 'security', 'port', 'user', 'password', 'from', 'to', 'ca'] as const

export const MailForm = ({ of: mail, onSaved, onClose }: ChannelFormProps<'mail'>) => {
  const { bridge, texts } = useConsole()
  const words = texts.notices
  const [security, setSecurity] = useState<MailSecurity>(mail?.security ?? 'starttls')
  const [typed, put] = useTyped({
    host: mail?.host ?? '',
    port: shownPort(mail?.port, mailPorts[security]),
    user: mail?.user ?? '',
    password: '',
    from: mail?.from ?? '',
    to: mail?.to.join('\n') ?? '',
    ca: '',
  })
  const save = async (): Promise<void> => {
    const { host, port, user, password, from, to, ca } = typed
    await bridge.call('channels.mail', {
      body: {
        host: host.trim(),
        security,
        ...givenPort(port),
        ...given('user', user),
        ...(password === '' ? {} : { password }),
        from: from.trim(),
        to: to
          .split(/[\n,]/)
          .map((each) => each.trim())
          .filter((each) => each !== ''),
        ...given('ca', ca),
      },
    })
    onSaved()
  }
  return (
    <FormDialog<(typeof mailFields)[number]>
      title={titleOf(words.names.mail, mail !== null, texts)}
      submit={texts.form.save}
      fields={mailFields}
      check={() => checkOf(typed, ['host', 'from', 'to'], texts)}
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
              label={words.security}
              hint={words.securityHint}
              choices={mailSecurities}
              names={words.securities}
              value={security}
              onChange={setSecurity}
              fault={faults.security}
            />
            <TextField
              label={words.port}
              hint={words.portDefault(mailPorts[security])}
              value={typed.port}
              onChange={put('port')}
              fault={faults.port}
              inputMode="numeric"
              optional
            />
          </div>
          <div className="pair">
            <TextField label={words.user} value={typed.user} onChange={put('user')} fault={faults.user} optional />
            <TextField
              label={words.password}
              hint={mail?.user === null || mail === null ? words.passwordHint : words.passwordKept}
              value={typed.password}
              onChange={put('password')}
              fault={faults.password}
              type="password"
              optional
            />
          </div>
          <TextField
            label={words.from}
            hint={words.fromHint}
            value={typed.from}
            onChange={put('from')}
            fault={faults.from}
          />
          <TextField
            label={words.to}
            hint={words.toHint}
            value={typed.to}
            onChange={put('to')}
            fault={faults.to}
            lines={3}
          />
          <CaField isSet={mail !== null} value={typed.ca} onChange={put('ca')} fault={faults.ca} />
        </>
      )}
    </FormDialog>
  )
}
