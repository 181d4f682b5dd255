/** `postern keys disable|enable|rotate|end-overlap|delete|evidence|calls|try|restore`: what stops or changes calls, with who is hit by it. */
import { randomUUID } from 'node:crypto'
import { Option, type Command } from 'commander'
import {
  tryMethods,
  type KeyCall,
  type KeyEvidence,
  type LimitStanding,
  type RevealPolicy,
  type TryMethod,
} from '@postern/shared'
import type { AdminClient } from './admin-client.ts'
import { revealOption, type KeyKit } from './key-kit.ts'
import { given, readDuration } from './options.ts'
import { plain, printJson, printLine, printTable, when } from './output.ts'
import { confirm, UsageError } from './prompt.ts'

type Caller = KeyEvidence['callers'][number]

/** One or two sentences: who called with the key, and how far a rotation has come. */
const evidenceText = ({ calls, callers_count: callers, days, last_used_at: last, rotation }: KeyEvidence): string => {
  const used =
    last === null
      ? 'It has never been used.'
      : `In the last ${days} days ${calls} calls from ${callers} ${callers === 1 ? 'caller' : 'callers'} passed with it; it was last used ${when(last, '-')}.`
  if (rotation === null) return used
  const { moved, callers: all, last_old_call_hour: hour, still_old: old } = rotation
  const behind = hour === null ? '' : `, the last call with the old secret came in the hour from ${when(hour, '-')}`
  const who = old.length === 0 ? '' : `; still with the old one: ${old.map(({ address }) => plain(address)).join(', ')}`
  return `${used} Since its rotation ${moved} of ${all} callers have moved to the new secret${behind}${who}.`
}

const evidenceOf = async (client: AdminClient, id: string): Promise<string> =>
  evidenceText(await client.call('keys.evidence', { params: { key: id } }))

/** Calls come close together: their time is told to the second. */
const toTheSecond = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)}Z`

export const addLifeCommands = ({ tools, sub, printKey, printIssued }: KeyKit): void => {
  const { io } = tools
  sub('limits <key>', 'the limits a key is under, and what is left of each', "limits 'Invoice robot'").action(
    async (ref: string, _options, command: Command) => {
      const { data } = await tools.client(command).call('keys.limits', { params: { key: ref } })
      if (tools.globals(command).json === true) return printJson(io, { data })
      if (data.length === 0) return printLine(io, 'It is under no limit.')
      printTable<LimitStanding>(
        io,
        [
          { title: 'Policy', text: ({ policy }) => plain(policy.name) },
          {
            title: 'Counts',
            text: ({ held_by: by }) => (by === 'key' ? 'this key' : 'all of its client'),
            fixed: true,
          },
          { title: 'Limit', text: ({ per, limit }) => (per === 'concurrent' ? `${limit} at once` : `${limit}/${per}`) },
          { title: 'Left', text: ({ remaining }) => String(remaining), fixed: true },
          { title: 'Whole again', text: ({ resets_at: at }) => (at === null ? '-' : toTheSecond(at)), fixed: true },
        ],
        data,
      )
    },
  )

  sub('disable <key>', 'refuse calls with this key until it is enabled', "disable 'Invoice robot'").action(
    async (ref: string, _options, command: Command) => {
      const key = await tools.client(command).call('keys.disable', { params: { key: ref } })
      const said = `"${plain(key.name)}" is ${key.state}; calls with it are refused from now on.`
      printKey(command, key, `${said} ${evidenceText(key.evidence)}`)
    },
  )

  sub('enable <key>', 'accept calls with this key again', "enable 'Invoice robot'").action(
    async (ref: string, _options, command: Command) => {
      const key = await tools.client(command).call('keys.enable', { params: { key: ref } })
      const effect = key.state === 'active' && key.honey === null ? 'accepted' : 'refused'
      const trap = key.honey === null ? '' : ' It is a trap.'
      const why = key.client_disabled ? ` Its client "${plain(key.client.name)}" is disabled.` : trap
      printKey(command, key, `"${plain(key.name)}" is ${key.state}; calls with it are ${effect} from now on.${why}`)
    },
  )

  sub('release [keys...]', 'let keys live again that wait after an older folder came up', 'release --all')
    .option('--all', 'every key that waits')
    .action(async (refs: string[], _options, command: Command) => {
      const all = command.opts<{ all?: boolean }>().all === true
      if (all === refs.length > 0) throw new UsageError('Name keys, or give --all.')
      const { released } = await tools.client(command).call('keys.release', { body: all ? { all } : { keys: refs } })
      if (tools.globals(command).json === true) return printJson(io, { released })
      printLine(io, released.length === 0 ? 'No key waits.' : `Live again: ${released.length}`)
      for (const { id, name } of released) printLine(io, `  "${plain(name)}" (${id})`)
    })

  sub('rotate <key>', 'a new secret under the same id', "rotate 'Invoice robot' --overlap 24h")
    .option('--overlap <duration>', 'how long the old secret stays valid: none, 1h, 24h, 7d', 'none')
    .addOption(revealOption())
    .option('--yes', 'do not ask')
    .action(async (ref: string, _options, command: Command) => {
      const options = command.opts<{ overlap: string; reveal?: RevealPolicy; yes?: boolean }>()
      const overlap_seconds = readDuration(options.overlap)
      const client = tools.client(command)
      const before = await client.call('keys.get', { params: { key: ref } })
      const effect =
        (overlap_seconds === 0
          ? 'the old secret stops working at once'
          : `the present secret works for another ${options.overlap}`) +
        (before.old_secret_valid_until === null
          ? ''
          : `; the one before it, still valid until ${when(before.old_secret_valid_until, '-')}, stops working at once`)
      await confirm(
        io,
        `Rotate "${plain(before.name)}" (${before.id}): ${effect}. ${await evidenceOf(client, before.id)}`,
        options.yes,
      )
      const key = await client.call('keys.rotate', {
        params: { key: before.id },
        body: { overlap_seconds, ...given({ reveal: options.reveal }) },
        idempotencyKey: randomUUID(),
      })
      printIssued(command, key, `Rotated "${plain(key.name)}" (${key.id}).`)
    })

  // Under its former name too: it stands in people's scripts.
  for (const [name, about] of [
    ['end-overlap', 'end the overlap of a rotation now'],
    ['revoke-old', 'the former name of end-overlap'],
  ] as const)
    sub(`${name} <key>`, about, `${name} 'Invoice robot'`).action(async (ref: string, _options, command: Command) => {
      const key = await tools.client(command).call('keys.end_overlap', { params: { key: ref } })
      printKey(command, key, `The old secret of "${plain(key.name)}" no longer works.`)
    })

  sub('delete <key>', 'remove a key: dead at once, restorable for 7 days', "delete 'Invoice robot'")
    .option('--yes', 'do not ask')
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const before = await client.call('keys.get', { params: { key: ref } })
      await confirm(
        io,
        `Remove "${plain(before.name)}" (${before.id}): calls with it are refused at once. ${await evidenceOf(client, before.id)}`,
        command.opts<{ yes?: boolean }>().yes,
      )
      const key = await client.call('keys.remove', { params: { key: before.id } })
      printKey(
        command,
        key,
        `Removed "${plain(key.name)}". Until ${when(key.purged_at, '-')} it can be taken back: postern keys restore ${key.id}`,
      )
    })

  sub('evidence <key>', 'who uses a key, and who still calls with its old secret', "evidence 'Invoice robot'").action(
    async (ref: string, _options, command: Command) => {
      const evidence = await tools.client(command).call('keys.evidence', { params: { key: ref } })
      if (tools.globals(command).json === true) return printJson(io, evidence)
      printLine(io, evidenceText(evidence))
      printTable<Caller>(
        io,
        [
          { title: 'Caller', text: ({ address }) => plain(address) },
          { title: 'Calls', text: ({ calls }) => String(calls), fixed: true },
          { title: 'Last seen in the hour from', text: ({ last_hour }) => when(last_hour, '-'), fixed: true },
        ],
        evidence.callers,
      )
    },
  )

  sub('calls <key>', 'the last calls with a key one by one, refused ones too', "calls 'Invoice robot'").action(
    async (ref: string, _options, command: Command) => {
      const calls = await tools.client(command).call('keys.calls', { params: { key: ref } })
      if (tools.globals(command).json === true) return printJson(io, calls)
      const { since, data } = calls
      if (data.length === 0)
        return printLine(io, `No call with it since ${toTheSecond(since)}; calls before that are not remembered.`)
      printTable<KeyCall>(
        io,
        [
          { title: 'Time', text: ({ at }) => toTheSecond(at), fixed: true },
          {
            title: 'Caller',
            text: ({ address, asked_by_proxy: proxy }) => plain(proxy ? `proxy ${address}` : address),
          },
          {
            title: 'Call',
            text: ({ method, endpoint, path }) => plain(`${method} ${endpoint?.pattern ?? endpoint?.id ?? path ?? ''}`),
          },
          { title: 'Verdict', text: ({ outcome, secret }) => (secret === 'old' ? `${outcome}, old secret` : outcome) },
          { title: 'Request id', text: ({ request_id: id }) => plain(id) },
        ],
        data,
      )
      printLine(io, `The newest first; calls before ${toTheSecond(since)} are not remembered.`)
    },
  )

  sub('try <key> <path>', 'call the gateway with this key: does it pass?', "try 'Invoice robot' /erp/orders")
    .addOption(new Option('--method <method>', 'how to call').choices(tryMethods).default('GET'))
    .option('--host <host>', 'the Host header, for endpoints of one host')
    .option('--may-change', 'call with a method that may change something at the service')
    .action(async (ref: string, path: string, _options, command: Command) => {
      const { method, host, mayChange } = command.opts<{ method: TryMethod; host?: string; mayChange?: boolean }>()
      const body = { path, method, ...given({ host, may_change: mayChange }) }
      const tried = await tools.client(command).call('keys.try', { params: { key: ref }, body })
      if (tools.globals(command).json === true) return printJson(io, tried)
      const answered = tried.status === null ? 'nothing came back' : `the answer was ${tried.status}`
      const why = tried.code === null ? '' : ` (${tried.code})`
      printLine(io, `${tried.passed ? 'It passes' : 'It is refused'}${why}: ${answered} after ${tried.duration_ms} ms.`)
    })

  sub('restore <key>', 'take a removed key back', "restore 'Invoice robot'").action(
    async (ref: string, _options, command: Command) => {
      const key = await tools.client(command).call('keys.restore', { params: { key: ref } })
      printKey(command, key, `"${plain(key.name)}" is back and ${key.state}.`)
    },
  )
}
