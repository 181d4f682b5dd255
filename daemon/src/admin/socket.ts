/**
 * The admin API's door: a Unix socket that its owner and the group `postern-admin` may use. Promises: never open to others,
 * not even for a moment; a socket that somebody answers on is not taken away.
 */
import { chown, lstat, mkdir, readFile, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { Problem } from '../problem.ts'

const group = 'postern-admin'

/** Listens on `path`. Throws `folder_in_use` when somebody answers there, `settings_invalid` when it cannot be made. */
export const listenOnSocket = async (
  server: Server,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  if (process.platform === 'win32') {
    if (env['POSTERN_DEV_PIPE'] !== '1')
      throw new Problem('settings_invalid', {
        detail:
          'Named pipes are not protected yet, so Postern does not open one. For development only: POSTERN_DEV_PIPE=1',
      })
    return start(server, path)
  }
  // One level, for the folder that a restart of the machine takes away; a mistyped path must not become folders.
  await mkdir(dirname(path), { mode: 0o750 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST')
      throw new Problem('settings_invalid', {
        detail: `--socket: the folder ${dirname(path)} is not there and cannot be made (${error.code ?? 'unknown'}); make it first, or choose another path`,
      })
  })
  if (await isAnswered(path))
    throw new Problem('folder_in_use', {
      detail: `Another Postern answers on ${path}. Stop it, or choose another --socket.`,
    })
  const left = await lstat(path).catch(() => undefined)
  if (left !== undefined && !left.isSocket())
    throw new Problem('settings_invalid', {
      detail: `--socket: ${path} is there and is no socket; it stays as it is. Choose another path.`,
    })
  if (left !== undefined) await unlink(path)
  // The mode has to be right from the first instant, so it is set by the mask and not afterwards.
  const before = process.umask(0o117)
  try {
    await start(server, path)
  } finally {
    process.umask(before)
  }
  const gid = await groupId()
  // Only root may give it away; anyone else's socket stays their own.
  if (gid !== undefined) await chown(path, process.geteuid?.() ?? -1, gid).catch(() => undefined)
}

const start = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Problem('settings_invalid', {
          detail: `--socket: ${path} cannot be listened on (${error.code ?? 'unknown'})`,
          cause: error,
        }),
      ),
    )
    server.listen(path, resolve)
  })

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const groupId = async (): Promise<number | undefined> => {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  const line = groups.split('\n').find((each) => each.startsWith(`${group}:`))
  return line === undefined ? undefined : Number(line.split(':')[2])
}
