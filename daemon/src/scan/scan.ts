/**
 * The leak finder: finds our key values in files and folders, by prefix and checksum, without asking anybody. Promises:
 * memory does not grow with the files; what was not looked into is told with its reason; symbolic links are not followed,
 * devices, pipes and sockets not opened. Never: a key value in what it gives back, or anything written anywhere.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, realpathSync, type Dirent } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { scanLimits, type ScanLimits } from './archive.ts'
import { createFileScanner, type FileScanner } from './scan-file.ts'
import { createSightings, findInName, maskText, type Finding, type Note, type Sightings } from './sightings.ts'

export type { Finding, Note } from './sightings.ts'

export interface ScanCounts {
  readonly files: number
  readonly folders: number
  /** Read from files, and inflated. */
  readonly bytes: number
  /** Symbolic links, not followed. */
  readonly links: number
  /** Devices, pipes and sockets, not opened. */
  readonly special: number
}

export interface ScanResult {
  /** In the order in which they were come upon: by path, then by place. */
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
  readonly counts: ScanCounts
}

export interface ScanOptions {
  /** Files and folders, relative to `cwd`. One that lies within another is looked at once. */
  readonly paths: readonly string[]
  readonly cwd: string
  /** Hears often what has been done so far; must be quick. */
  readonly onProgress?: (counts: ScanCounts) => void
  readonly limits?: ScanLimits
}

/** Never throws for what it finds on the disk: that becomes a note. */
export const scan = async ({
  paths,
  cwd,
  onProgress = () => undefined,
  limits = scanLimits,
}: ScanOptions): Promise<ScanResult> => {
  const findings: Finding[] = []
  const notes: Note[] = []
  const counts = { files: 0, folders: 0, bytes: 0, links: 0, special: 0 }
  const scanner = createFileScanner(limits, (bytes) => {
    counts.bytes += bytes
    onProgress(counts)
  })
  const note = (path: string, kind: Note['kind'], reason: string): void =>
    void notes.push({ path: maskText(path), entry: null, kind, reason, times: 1 })

  const scanFile = async ({ at, path }: Branch): Promise<void> => {
    const sightings = createSightings(maskText(path))
    try {
      if (await scanFileAt(at, scanner, sightings)) counts.files += 1
      else counts.special += 1
    } catch (error) {
      note(path, 'unreadable', reasonOf(error))
    }
    findings.push(...sightings.findings())
    notes.push(...sightings.notes())
    onProgress(counts)
  }

  const scanFolder = ({ at, path }: Branch): Branch[] => {
    let entries: Dirent<Buffer>[]
    try {
      entries = readdirSync(at, { withFileTypes: true, encoding: 'buffer' })
    } catch (error) {
      note(path, 'unreadable', reasonOf(error))
      return []
    }
    counts.folders += 1
    if (holdsGitHistory(entries)) note(path, 'not_opened', gitReason)
    return entries
      .toSorted((a, b) => Buffer.compare(a.name, b.name))
      .map((entry) => ({
        at: Buffer.concat([at, separator, entry.name]),
        path: join(path, entry.name.toString()),
        kind: entry,
      }))
  }

  /** One thing; gives what is in it when it is a folder. */
  const visit = async (branch: Branch): Promise<Branch[]> => {
    const { path, kind } = branch
    findings.push(...findInName(basename(path), maskText(path)))
    if (kind.isDirectory()) return scanFolder(branch)
    if (kind.isFile()) await scanFile(branch)
    else if (kind.isSymbolicLink()) counts.links += 1
    else counts.special += 1
    return []
  }

  for (const path of outermost(paths, cwd)) {
    const at = resolve(cwd, path)
    let kind: Branch['kind']
    try {
      kind = lstatSync(at)
    } catch (error) {
      note(path, 'unreadable', reasonOf(error))
      continue
    }
    if (kind.isSymbolicLink()) note(path, 'unreadable', 'is a symbolic link; name what it leads to')
    else if (!kind.isFile() && !kind.isDirectory()) note(path, 'unreadable', 'is neither a file nor a folder')
    const left: Branch[] = [{ at: Buffer.from(at), path, kind }]
    for (let branch = left.pop(); branch !== undefined; branch = left.pop())
      left.push(...(await visit(branch)).toReversed())
  }
  return { findings, notes, counts }
}

interface Branch {
  /** Bytes, because a name need not be UTF-8; absolute. */
  readonly at: Buffer
  /** As it was named, key values in it not masked yet. */
  readonly path: string
  readonly kind: Pick<Dirent, 'isDirectory' | 'isFile' | 'isSymbolicLink'>
}

const separator = Buffer.from(sep)

/** False: it is no file, whatever it was a moment ago. */
const scanFileAt = async (at: Buffer, scanner: FileScanner, sightings: Sightings): Promise<boolean> => {
  const fd = openSync(at, openFlags)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return false
    await scanner.scan({ fd, size: stat.size, name: basename(at.toString()) }, sightings)
    return true
  } finally {
    closeSync(fd)
  }
}

// What was put in the place of a file since its folder was read must neither be followed nor be waited for. Windows has
// neither flag.
const openFlags = [constants.O_RDONLY, constants.O_NOFOLLOW, constants.O_NONBLOCK].reduce(
  (flags, flag: number | undefined) => flags | (flag ?? 0),
  0,
)

/** Each path once, and none that lies within another; those that lead nowhere last, to be told of. */
const outermost = (paths: readonly string[], cwd: string): string[] => {
  const real = new Map<string, string>()
  const gone: string[] = []
  for (const path of paths) {
    const at = realOf(resolve(cwd, path))
    if (at === null) gone.push(path)
    else if (!real.has(at)) real.set(at, path)
  }
  const within = (inner: string, outer: string): boolean =>
    inner !== outer && inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)
  const kept = [...real].filter(([at]) => ![...real.keys()].some((other) => within(at, other)))
  return [...kept.map(([, path]) => path), ...gone]
}

const realOf = (path: string): string | null => {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

const gitReason = 'git keeps its history compressed, which was not opened; see postern scan --rules'

const holdsGitHistory = (entries: readonly Dirent<Buffer>[]): boolean => {
  const names = new Set(entries.map(({ name }) => name.toString('latin1')))
  return names.has('objects') && names.has('HEAD') && names.has('refs')
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  ELOOP: 'has become a symbolic link',
  EIO: 'cannot be read: the disk reports an error',
}

/** The code alone: what the system says besides names the path, and a path can hold a key value. */
const reasonOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) throw error
  return reasons[code] ?? `cannot be read (${code})`
}
