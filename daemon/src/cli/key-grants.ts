/** `postern keys grants`: which admin tokens may see, reveal and manage one key. */
import type { Command } from 'commander'
import { keyRights, type KeyEdit, type KeyRight, type KeyView } from '@postern/shared'
import type { KeyKit } from './key-kit.ts'
import { many } from './options.ts'
import { plain, printJson, printLine } from './output.ts'
import { UsageError } from './prompt.ts'

export const addGrantsCommand = ({ tools, sub }: KeyKit): void => {
  const { io } = tools
  sub(
    'grants <key>',
    'show or set who may see and manage a key besides administrators',
    "grants 'Invoice robot' --to Deploys=view,manage --to Helpdesk=view",
  )
    .option('--to <token=rights>', 'an admin token and what it may: view, reveal, manage; repeat for more', many)
    .option('--administrators', 'nobody but administrators')
    .option('--by-role', 'whoever has the role, as for a new key')
    .action(async (ref: string, _options, command: Command) => {
      const options = command.opts<{ to?: string[]; administrators?: boolean; byRole?: boolean }>()
      const { to, administrators, byRole } = options
      if ([to, administrators, byRole].filter((each) => each !== undefined).length > 1)
        throw new UsageError('Give one of --to, --administrators and --by-role.')
      const grants = byRole === true ? null : administrators === true ? [] : to?.map(readGrant)
      const client = tools.client(command)
      const before = await client.call('keys.get', { params: { key: ref } })
      const asked = { params: { key: before.id }, ifMatch: before.etag }
      const key = grants === undefined ? before : await client.call('keys.edit', { ...asked, body: { grants } })
      if (tools.globals(command).json === true) printJson(io, key)
      else printLine(io, grantsText(key))
    })
}

const grantsText = ({ name, grants }: KeyView): string => {
  if (grants === null) return `"${plain(name)}": whoever has the role may see and manage it.`
  if (grants.length === 0) return `"${plain(name)}": administrators alone.`
  const each = grants.map(({ token, rights }) => `  ${plain(token.name)} (${token.id}): ${rights.join(', ')}`)
  return `"${plain(name)}": administrators, and\n${each.join('\n')}`
}

const isRight = (text: string): text is KeyRight => (keyRights as readonly string[]).includes(text)

const readGrant = (text: string): NonNullable<KeyEdit['grants']>[number] => {
  // Names may hold an equals sign; rights do not.
  const at = text.lastIndexOf('=')
  const rights = text.slice(at + 1).split(',')
  if (at < 1 || !rights.every(isRight))
    throw new UsageError(
      `--to: "${text}" is not TOKEN=RIGHTS with rights of ${keyRights.join(', ')}, such as Deploys=view,manage.`,
    )
  return { token: text.slice(0, at), rights }
}
