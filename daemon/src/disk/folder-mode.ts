/** Refuses folders that others on the machine could read or change. */
import { join } from 'node:path'
import { Problem } from '../problem.ts'
import { realDisk, type DiskCalls } from './disk-calls.ts'

/**
 * Checks a folder, and everything in it down to `depth` levels: no access for group or others, owned by this user. Throws
 * `folder_unsafe` naming the path, what is wrong and the command that mends it. On Windows access is governed by lists that
 * Node cannot read, so nothing is checked there.
 */
export const assertPrivate = async (path: string, depth = 2, disk: DiskCalls = realDisk): Promise<void> => {
  if (process.platform === 'win32') return
  const facts = await disk.lstat(path)
  if (facts.isSymbolicLink()) refuse(path, 'is a link', `replace the link by the folder or file itself`)
  const own = process.geteuid?.() ?? facts.uid
  if (facts.uid !== own)
    refuse(
      path,
      `belongs to user id ${facts.uid}, not to this one (${own})`,
      `run the command as that user; if the folder should be this one's: chown -R ${own} ${path}`,
    )
  if ((facts.mode & 0o077) !== 0) {
    const mode = (facts.mode & 0o777).toString(8).padStart(4, '0')
    refuse(path, `has mode ${mode}; others on this machine can reach it`, `chmod -R go= ${path}`)
  }
  if (!facts.isDirectory() || depth === 0) return
  for (const name of await disk.readdir(path)) {
    await assertPrivate(join(path, name), depth - 1, disk).catch((error: NodeJS.ErrnoException) => {
      // Files come and go while a folder is read; one that is gone cannot be read by anyone.
      if (error.code !== 'ENOENT') throw error
    })
  }
}

const refuse = (path: string, fault: string, fix: string): never => {
  throw new Problem('folder_unsafe', { detail: `${path} ${fault}. Mend it with: ${fix}` })
}
