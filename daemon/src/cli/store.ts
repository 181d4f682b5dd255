/** `postern init|run|status|unlock|slots`: the store and the daemon themselves. */
import { writeFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { Command } from 'commander'
import type { AdminBody, SlotView } from '@postern/shared'
import { initStore, machineKeyKinds, unlockStore } from '../init-store.ts'
import { createLog } from '../log.ts'
import { startPostern } from '../postern.ts'
import { isProblem, Problem } from '../problem.ts'
import { defaultListen, parseListen, readSettings, type Given } from '../settings.ts'
import { clockText } from './clock.ts'
import { cameUpText } from './came-up.ts'
import { many } from './options.ts'
import { plain, printJson, printLine, printTable, when } from './output.ts'
import { userName, withGlobals, type Toolbox } from './program.ts'
import { readMachineKeyKind } from './machine-key.ts'
import { readSecret, UsageError, confirm } from './prompt.ts'

const actor = () => ({ actor: { kind: 'local', name: userName(), proof: 'claimed' } as const, requestId: null })

const kitText = (kit: { storeId: string; slotId: string; code: string }): string => `
  RECOVERY KIT of the Postern store ${kit.storeId}

    ${kit.code}

  Print it or write it down, and keep it away from this machine and from the backups of the folder. It is shown this once;
  Postern keeps it nowhere. With it, a copy of the data folder opens on any machine:
    postern unlock --recovery --data FOLDER
  Without it, and without this machine, nobody can open the folder. (Slot ${kit.slotId}.)
`

export const initCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('init').description('make a keystore in an empty folder and print its recovery kit'))
    .option('--listen <address>', 'HOST:PORT for connectors; repeat for more', many)
    .option(
      '--machine-key <kind>',
      `how this machine keeps its key: ${machineKeyKinds.join(', ')}; default: the best there is`,
    )
    .option('--recovery-kit-file <file>', 'write the kit to this file instead of the screen')
    .addHelpText('after', '\nExample:\n  postern init --data /var/lib/postern')
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { listen, recoveryKitFile, machineKey } = command.opts<{
        listen?: string[]
        recoveryKitFile?: string
        machineKey?: string
      }>()
      const kind = machineKey === undefined ? undefined : readMachineKeyKind('--machine-key', machineKey)
      for (const each of listen ?? []) parseListen(each)
      const folders = tools.folders(command)
      const kitFile = recoveryKitFile === undefined ? undefined : outside(resolve(io.cwd, recoveryKitFile), folders)
      // The file is made before the store, so that there is never a store whose kit could not be kept.
      if (kitFile !== undefined)
        await writeFile(kitFile, '', { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
          throw new UsageError(
            `--recovery-kit-file: ${kitFile} cannot be made (${error.code ?? 'unknown'}); name a new file in a folder that is there.`,
          )
        })
      const kit = await initStore(folders, {
        config: { listen: listen ?? [defaultListen] },
        now: () => io.now(),
        who: actor(),
        ...(kind === undefined ? {} : { machineKeyKind: kind }),
      })
      const shown = { storeId: kit.storeId, slotId: kit.slotId, code: kit.code.reveal() }
      if (kitFile !== undefined) await writeFile(kitFile, kitText(shown))
      if (tools.globals(command).json === true)
        return printJson(io, {
          store_id: kit.storeId,
          slot_id: kit.slotId,
          ...(kitFile === undefined ? { code: shown.code } : {}),
          data_dir: folders.dataDir,
        })
      printLine(
        io,
        `Made the keystore ${kit.storeId} in ${folders.dataDir} (its machine key is in ${folders.machineDir}).`,
      )
      if (kitFile === undefined) printLine(io, kitText(shown))
      else printLine(io, `The recovery kit is in ${kitFile}: print it, put it away, and delete the file.`)
      printLine(io, `Start it with: postern run --data ${folders.dataDir}`)
    })

const outside = (file: string, folders: { dataDir: string; machineDir: string }): string => {
  for (const dir of [folders.dataDir, folders.machineDir]) {
    const way = relative(dir, file)
    if (!way.startsWith('..') && !isAbsolute(way))
      throw new UsageError(
        `--recovery-kit-file: not inside ${dir}, because whoever has the folder would have the code too.`,
      )
  }
  return file
}

export const runCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('run').description('run the daemon in the foreground'))
    .option(
      '--listen <address>',
      'https://HOST:PORT, or http://127.0.0.1:PORT for a proxy on this machine; repeat for more',
      many,
    )
    .option('--status-listen <address>', 'HOST:PORT for metrics and health in plain http, such as 127.0.0.1:9464')
    .option('--admin-listen <url>', 'http://127.0.0.1:PORT for programs with admin tokens')
    .option('--trusted-proxy <network>', 'a proxy whose X-Forwarded-For is believed; repeat for more', many)
    .option('--log-level <level>', 'error, warn, info or debug')
    .addHelpText('after', '\nExample:\n  postern run --data /var/lib/postern --listen 0.0.0.0:8443')
    .action(async (_options, command: Command) => {
      const settings = readSettings(
        {
          ...tools.globals(command),
          ...command.opts<Pick<Given, 'listen' | 'statusListen' | 'adminListen' | 'logLevel'>>(),
          trustedProxies: command.opts<{ trustedProxy?: string[] }>().trustedProxy,
        },
        tools.env,
      )
      const log = createLog(settings.logLevel)
      const postern = await startPostern(settings, { log, env: tools.env })
      await new Promise<void>((stopped, failed) => {
        let stopping = false
        const stop = (signal: NodeJS.Signals): void => {
          // A second signal means now.
          if (stopping) process.exit(130)
          stopping = true
          log.info('Postern stops', { signal })
          postern.stop().then(stopped, failed)
        }
        process.on('SIGTERM', stop)
        process.on('SIGINT', stop)
      })
    })

export const statusCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('status').description('how the daemon is'))
    .addHelpText('after', '\nExample:\n  postern status --json')
    .action(async (_options, command: Command) => {
      const { io } = tools
      const status = await tools.client(command).call('status.get')
      if (tools.globals(command).json === true) return printJson(io, status)
      const { keys, certificate, store, refusing } = status
      const facts: [string, string][] = [
        ['State', status.problem === null ? status.state : `${status.state}: ${status.problem.detail}`],
        ...(refusing === null
          ? []
          : [['Read-only', `since ${when(refusing.since, '-')}: ${refusing.why}`] satisfies [string, string]]),
        ['Version', `${status.version}, process ${status.pid}, since ${when(status.started_at, '-')}`],
        ['Clock', clockText(status.clock)],
        ['Data folder', status.data_dir],
        ['Store', store === null ? '-' : `${store.id}, generation ${store.generation}`],
        ['Machine key', store === null ? '-' : `kept by ${store.machine_key}`],
        ['Listens on', status.listeners.map(({ url }) => url).join(', ')],
        [
          'Certificate',
          certificate === null ? '-' : `${certificate.source}, valid until ${when(certificate.not_after, '-')}`,
        ],
        [
          'Keys',
          keys === null ? '-' : `${keys.green} green, ${keys.orange} orange, ${keys.red} red, ${keys.grey} grey`,
        ],
        [
          'Disk free',
          typeof status.host['disk_free_bytes'] === 'number'
            ? `${Math.round(status.host['disk_free_bytes'] / 1e6)} MB`
            : 'unknown',
        ],
      ]
      if (store !== null) facts.push(['Backup', await backupText(tools, command)])
      for (const [title, text] of facts) printLine(io, `${title.padEnd(12)} ${plain(text)}`)
      for (const { at, message } of status.alarms) printLine(io, `ALARM ${when(at, '')} ${plain(message)}`)
    })

const backupText = async (tools: Toolbox, command: Command): Promise<string> => {
  const { last, proven, drill_failed: failed } = await tools.client(command).call('backups.last')
  const restore = proven === null ? 'no restore proven' : `restore proven ${when(proven.at, '-')}`
  return `last ${when(last?.at ?? null, 'unknown')}, ${restore}${failed === null ? '' : ', LAST DRILL FAILED'}`
}

export const unlockCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('unlock').description('open a folder from another machine with its recovery kit'))
    .requiredOption('--recovery', 'the code comes on standard input')
    .option('--accept-rollback', 'accept a folder that is older than what this machine last wrote')
    .option('--quarantine', 'no key of the folder lives until: postern keys release')
    .addHelpText('after', '\nExample:\n  postern unlock --recovery --data /var/lib/postern')
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { acceptRollback = false, quarantine = false } = command.opts<{
        acceptRollback?: boolean
        quarantine?: boolean
      }>()
      const code = await readSecret(io, 'Recovery code: ')
      const body = { code: code.reveal(), accept_rollback: acceptRollback, quarantine }
      const said = await unlockThere(tools, command, body).catch(async (error: unknown) => {
        if (!isProblem(error, 'daemon_unreachable')) throw error
        const onAlarm = ({ message }: { message: string }): void => void io.stderr.write(`postern: ${message}\n`)
        return unlockStore(tools.folders(command), {
          code,
          acceptRollback,
          quarantine,
          now: () => io.now(),
          onAlarm,
          who: actor(),
        })
      })
      if (tools.globals(command).json === true)
        printJson(io, { store_id: said.storeId, generation: said.generation, came_up: said.cameUp })
      else {
        printLine(
          io,
          `The keystore ${said.storeId} is open here (generation ${said.generation}); this machine now has a slot of its own.`,
        )
        if (said.cameUp !== null) printLine(io, cameUpText(said.cameUp))
      }
    })

const unlockThere = async (tools: Toolbox, command: Command, body: AdminBody<'keystore.unlock'>) => {
  const status = await tools.client(command).call('keystore.unlock', { body })
  if (status.store === null) throw new Problem('keystore_locked')
  return { storeId: status.store.id, generation: status.store.generation, cameUp: status.came_up }
}

export const slotsCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('slots').description('who can open the keystore')
  withGlobals(root.command('list').description('list key slots')).action(async (_options, command: Command) => {
    const list = await tools.client(command).call('slots.list')
    if (tools.globals(command).json === true) return printJson(io, list)
    printTable<SlotView>(
      io,
      [
        { title: 'Id', text: ({ id }) => id, fixed: true },
        { title: 'Kind', text: ({ kind, this_machine }) => (this_machine ? `${kind} (this one)` : kind), fixed: true },
        { title: 'Created', text: ({ created_at }) => when(created_at, '-'), fixed: true },
        { title: 'Health', text: ({ health }) => health, fixed: true },
        {
          title: 'Kit tried',
          text: ({ kind, confirmed_at }) => (kind === 'recovery' ? when(confirmed_at, 'never') : '-'),
        },
      ],
      list.data,
    )
  })
  withGlobals(root.command('add').description('make a new recovery kit and print it once'))
    .option('--kind <kind>', 'recovery', 'recovery')
    .addHelpText('after', '\nExample:\n  postern slots add')
    .action(async (_options, command: Command) => {
      if (command.opts<{ kind: string }>().kind !== 'recovery')
        throw new UsageError('--kind: only recovery slots can be added.')
      const kit = await tools.client(command).call('slots.add', { body: { kind: 'recovery' } })
      if (tools.globals(command).json === true) printJson(io, kit)
      else printLine(io, kitText({ storeId: kit.store_id, slotId: kit.slot_id, code: kit.code }))
    })
  withGlobals(root.command('confirm').description('type in the recovery code, to know that it opens this keystore'))
    .addHelpText('after', '\nExample:\n  postern slots confirm')
    .action(async (_options, command: Command) => {
      const code = await readSecret(io, 'Recovery code: ')
      const found = await tools.client(command).call('slots.confirm', { body: { code: code.reveal() } })
      if (tools.globals(command).json === true) printJson(io, found)
      else printLine(io, `The code opens this keystore (slot ${found.slot_id}). Put the kit back where it was.`)
    })
  withGlobals(root.command('rotate').description('draw a new root key for every slot; recovery kits stay as they are'))
    .addHelpText('after', '\nExample:\n  postern slots rotate')
    .action(async (_options, command: Command) => {
      await tools.client(command).call('slots.rotate')
      if (tools.globals(command).json !== true)
        printLine(io, 'The root key is a new one. Copies of the folder made before open as they did.')
    })
  withGlobals(
    root.command('remove <id>').description('remove a slot; copies of the folder made before stay openable with it'),
  )
    .option('--yes', 'do not ask')
    .action(async (id: string, _options, command: Command) => {
      await confirm(
        io,
        `Remove the slot ${plain(id)}; backups made before stay openable with it.`,
        command.opts<{ yes?: boolean }>().yes,
      )
      await tools.client(command).call('slots.remove', { params: { slot: id } })
      if (tools.globals(command).json !== true) printLine(io, `Removed the slot ${plain(id)}.`)
    })
  return root
}
