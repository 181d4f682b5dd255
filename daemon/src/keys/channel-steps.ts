/** Where notices go, as pure steps. Secrets of the receivers are sealed like those of keys. */
import type {
  ChannelName,
  MailChannelInput,
  SyslogChannelInput,
  SystemLogInput,
  WebhookChannelInput,
} from '@postern/shared'
import type { ChannelsRecord, Document, SealedSecret, SettingsRecord } from '../document/document.ts'
import type { Step, StepContext, Stepped } from '../document/step.ts'
import { Problem, type Secret } from '../problem.ts'
import { refuseField } from './names.ts'

type SetChannel = Exclude<ChannelName, 'log'>

/** The id that a channel's secret is sealed under, in place of a key's. */
export const channelSecretId = (channel: 'mail' | 'webhook'): string => `channel.${channel}`

const defaultPorts = { tls: 465, starttls: 587, none: 25 } as const
const syslogPorts = { tls: 6514, tcp: 601, udp: 514 } as const
const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|(?=(?:[^:]*:){2})[0-9A-Fa-f:]+)$/
// A mailbox, or a name with a mailbox in brackets; what a mail server finds wrong beyond that it says itself.
const mailboxPattern = /^(?:[^<>@\r\n"]{0,100}<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/

/** A password that is left out stays what it was, as long as the server does. Throws `field_invalid`. */
export const setMail =
  (input: MailChannelInput): Step<SettingsRecord> =>
  (document, context) => {
    const security = input.security ?? 'starttls'
    const user = input.user ?? null
    assertHost(input.host)
    if (security === 'none' && !isLoopback(input.host))
      return refuseField('security', 'none is only for a mail server on this machine; use starttls or tls')
    for (const [field, texts] of [
      ['from', [input.from]],
      ['to', input.to],
    ] as const)
      for (const text of texts)
        if (!mailboxPattern.test(text)) return refuseField(field, 'an address such as ops@example.com')
    const before = document.settings.channels.mail
    // A password that is kept must not go to another server than the one it was given for.
    const kept = input.password === undefined && before?.host === input.host ? before.password : null
    const password = typeof input.password === 'string' ? seal('mail', input.password, document, context) : kept
    if (user !== null && password === null) return refuseField('password', 'is needed with a user')
    return withChannel(document, 'mail', {
      host: input.host,
      port: input.port ?? defaultPorts[security],
      security,
      user,
      password: user === null ? null : password,
      from: input.from,
      to: input.to,
      ca: readCa(input.ca),
    })
  }

/** `secret` is what is signed with, drawn by the caller when none was given. */
export const setWebhook =
  (input: WebhookChannelInput, secret: Secret): Step<SettingsRecord> =>
  (document, context) => {
    const url = URL.canParse(input.url) ? new URL(input.url) : null
    if (url === null || url.username !== '' || url.hash !== '' || !/^https?:$/.test(url.protocol))
      return refuseField('url', 'an https:// URL without user or #')
    if (url.protocol === 'http:' && !isLoopback(url.hostname))
      return refuseField('url', 'plain http is only for a receiver on this machine; use https')
    if (!/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret.reveal()))
      return refuseField('secret', 'whsec_ and base64 of 24 to 64 bytes')
    return withChannel(document, 'webhook', {
      url: input.url,
      secret: seal('webhook', secret.reveal(), document, context),
      ca: readCa(input.ca),
    })
  }

export const setSyslog =
  (input: SyslogChannelInput): Step<SettingsRecord> =>
  (document) => {
    const transport = input.transport ?? 'tls'
    assertHost(input.host)
    return withChannel(document, 'syslog', {
      transport,
      host: input.host,
      port: input.port ?? syslogPorts[transport],
      ca: readCa(input.ca),
    })
  }

/** The operating system's own log, under a name. */
export const setSystemLog =
  (input: SystemLogInput): Step<SettingsRecord> =>
  (document) => {
    const name = input.name ?? 'postern'
    if (!/^[A-Za-z0-9._-]{1,32}$/.test(name)) return refuseField('name', '1 to 32 letters, digits, ".", "_" or "-"')
    return withChannel(document, 'system', { name })
  }

/** Throws `not_found` for a channel that is not set. */
export const removeChannel =
  (name: string): Step<SettingsRecord> =>
  (document) => {
    const { channels } = document.settings
    if (!Object.hasOwn(channels, name) || channels[name as SetChannel] === null)
      throw new Problem('not_found', { detail: 'There is no such channel; see the list of channels.' })
    return withChannel(document, name as SetChannel, null)
  }

const withChannel = <C extends SetChannel>(
  document: Document,
  name: C,
  channel: ChannelsRecord[C],
): Stepped<SettingsRecord> => {
  const { settings } = document
  const result: SettingsRecord = {
    ...settings,
    revision: settings.revision + 1,
    channels: { ...settings.channels, [name]: channel },
  }
  return {
    document: { ...document, settings: result },
    result,
    entry: { action: channel === null ? 'channel.remove' : 'channel.set', object: { kind: 'channel', id: name } },
  }
}

const seal = (
  channel: 'mail' | 'webhook',
  secret: string,
  { settings }: Document,
  context: StepContext,
): SealedSecret => {
  const version = settings.revision + 1
  return { sealed: context.sealSecret(secret, channelSecretId(channel), version), version }
}

const isLoopback = (host: string): boolean => /^(?:localhost|127\.0\.0\.1|\[?::1\]?)$/.test(host)

export const assertHost = (host: string): void => {
  if (!hostPattern.test(host)) refuseField('host', 'a host name or an address, without port')
}

export const readCa = (ca: string | null | undefined): string | null => {
  if (ca === null || ca === undefined) return null
  return /^-----BEGIN CERTIFICATE-----/m.test(ca) ? ca : refuseField('ca', 'certificates in PEM form')
}
