/** The files of this repository, as the house tests read them. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Every source of the product: repository path -> text. */
export const readSources = (): Map<string, string> =>
  new Map(
    ['shared/src', 'daemon/src', 'desktop/src']
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) => filesUnder(folder))
      .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
      .map((path) => [path, readText(path)]),
  )

/** Paths below a folder of the repository, with `/`. */
export const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))

/** What git holds or would take in; without git (a tarball), everything outside the folders git ignores. */
export const repositoryFiles = (): string[] => {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return listed
      .toString()
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(root, path)))
  } catch {
    return filesUnder('.').filter((path) => !/(^|\/)(node_modules|coverage|\.postern-demo|\.git)\//.test(path))
  }
}
