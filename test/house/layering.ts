/**
 * Holds sources against the law of direction. Pure: a map of file texts in, violations out, so that the law itself can
 * be tested with a violation of each rule. Never lets through what it cannot read.
 */
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { readImports, type FileFacts, type Import } from './imports.ts'
import * as table from './layering-table.ts'

export type Rule =
  | 'room without a row'
  | 'edge not in the table'
  | 'types only edge'
  | 'import that cannot be read'
  | 'import of nothing'
  | 'package in the wrong room'
  | 'shared stands alone'
  | 'shared by its name'
  | 'workspaces apart'
  | 'planes apart'
  | 'out of reach of the gateway'
  | 'keystore and keys apart'
  | 'migrations stand alone'
  | 'ciphers only in the keystore'
  | 'reveal only where listed'
  | 'no files here'
  | 'no Node in pages'
  | 'no index files'

export interface Violation {
  readonly rule: Rule
  readonly file: string
  readonly says: string
}

/** @param files repository path (`daemon/src/keys/names.ts`) -> text; all sources, so that imports can be followed */
export const findViolations = (files: ReadonlyMap<string, string>, law: Law = table): Violation[] => {
  const facts = new Map([...files].map(([path, text]) => [path, readImports(path, text)]))
  return [...facts].flatMap(([path, fact]) => [
    ...judgeFile(path, fact, law),
    ...fact.imports.flatMap((each) => judgeImport(path, each, files, law)),
    ...(roomOf(path) === 'gateway' ? judgeReach(path, facts) : []),
  ])
}

type Law = Pick<typeof table, 'mayImport' | 'mayReveal' | 'packageRooms'>

/** The room a file belongs to: `shared`, a folder of daemon/src, a root file's own name, or `desktop/…`. */
export const roomOf = (path: string): string => {
  if (path.startsWith('shared/src/')) return 'shared'
  const inside = path.replace(/^daemon\/src\//, '')
  if (inside === path) return path.split('/').slice(0, 3).join('/')
  const within = table.roomsWithin.find((room) => inside === `${room}.ts` || inside.startsWith(`${room}/`))
  return within ?? inside.split('/')[0] ?? inside
}

const cipherNames = ['createCipheriv', 'createDecipheriv', 'createCipher', 'createDecipher', 'subtle', 'webcrypto']
const fileModules = /^(node:)?(fs|child_process|worker_threads|cluster|sqlite)(\/|$)/

const judgeFile = (path: string, { parses, names, reveals }: FileFacts, law: Law): Violation[] => {
  const room = roomOf(path)
  const found: Violation[] = []
  const add = (rule: Rule, says: string) => found.push({ rule, file: path, says })
  if (!parses) add('import that cannot be read', 'the file does not parse')
  if (names.has('createRequire')) add('import that cannot be read', 'createRequire hides what is loaded')
  if (law.mayImport[room] === undefined) add('room without a row', `${room} is not in the table`)
  if (path.endsWith('/index.ts') && path !== 'shared/src/index.ts')
    add('no index files', 'name the file for its export')
  const cipher = cipherNames.find((name) => names.has(name))
  if (cipher !== undefined && room !== 'keystore') add('ciphers only in the keystore', cipher)
  if (reveals && law.mayReveal[path] === undefined)
    add('reveal only where listed', 'add the file and its reason to mayReveal')
  return found
}

const judgeImport = (path: string, { specifier, typeOnly }: Import, files: ReadonlyMap<string, string>, law: Law) => {
  const say = (rule: Rule, says: string): Violation[] => [{ rule, file: path, says }]
  const room = roomOf(path)
  if (specifier === undefined) return say('import that cannot be read', 'the name of the module is computed')
  if (specifier.startsWith('.')) return judgeRelative(path, { specifier, typeOnly }, files, law)
  if (specifier === '@postern/shared') return judgeEdge(path, 'shared', typeOnly, law)
  if (specifier.startsWith('@postern/shared/')) return say('shared by its name', specifier)
  if (specifier.startsWith('@postern/')) return say('workspaces apart', specifier)
  if (isBuiltin(specifier)) {
    if (room.startsWith('desktop/') && room !== 'desktop/src/main') return say('no Node in pages', specifier)
    if (room === 'shared') return say('shared stands alone', specifier)
    const barred = fileModules.test(specifier) && table.roomsWithoutFiles.some((each) => each === room)
    return barred ? say('no files here', specifier) : []
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  return law.packageRooms[name]?.includes(room) === true
    ? []
    : say('package in the wrong room', `${room} imports ${specifier}`)
}

const judgeRelative = (
  path: string,
  { specifier, typeOnly }: { specifier: string; typeOnly: boolean },
  files: ReadonlyMap<string, string>,
  law: Law,
): Violation[] => {
  const target = posix.join(posix.dirname(path), specifier)
  if (workspaceOf(target) !== workspaceOf(path))
    return [
      {
        rule: workspaceOf(target) === 'shared' ? 'shared by its name' : 'workspaces apart',
        file: path,
        says: specifier,
      },
    ]
  if (!files.has(target)) return [{ rule: 'import of nothing', file: path, says: specifier }]
  return roomOf(target) === roomOf(path) ? [] : judgeEdge(path, roomOf(target), typeOnly, law)
}

const workspaceOf = (path: string): string => path.split('/')[0] ?? ''

const judgeEdge = (path: string, to: string, typeOnly: boolean, law: Law): Violation[] => {
  const from = roomOf(path)
  if (from === to && to === 'shared') return [{ rule: 'shared by its name', file: path, says: 'inside shared' }]
  const edge = law.mayImport[from]?.[to]
  if (edge === undefined) return [{ rule: brokenLaw(from, to), file: path, says: `${from} -> ${to}` }]
  if (edge.types === true && !typeOnly)
    return [{ rule: 'types only edge', file: path, says: `${from} -> ${to} must be "import type": ${edge.why}` }]
  return []
}

/** A forbidden edge that has a law of its own is told by that law's name. */
const brokenLaw = (from: string, to: string): Rule => {
  const pair = [from, to].toSorted().join(' ')
  if (pair === 'admin gateway') return 'planes apart'
  if (pair === 'keys keystore') return 'keystore and keys apart'
  if (from === 'document/migrations') return 'migrations stand alone'
  if (from === 'shared') return 'shared stands alone'
  return 'edge not in the table'
}

const judgeReach = (start: string, facts: ReadonlyMap<string, FileFacts>): Violation[] => {
  const barred = new Set<string>(table.outOfReachOfGateway)
  const cameFrom = new Map<string, string | undefined>([[start, undefined]])
  // A Map visits what is added while it is walked: this is the whole closure.
  for (const [path] of cameFrom) {
    for (const { specifier } of facts.get(path)?.imports ?? []) {
      if (specifier?.startsWith('.') !== true) continue
      const target = posix.join(posix.dirname(path), specifier)
      if (facts.has(target) && !cameFrom.has(target)) cameFrom.set(target, path)
    }
  }
  return [...cameFrom.keys()]
    .filter((path) => barred.has(roomOf(path)))
    .map((path) => ({ rule: 'out of reach of the gateway', file: start, says: chain(path, cameFrom) }))
}

const chain = (end: string, cameFrom: ReadonlyMap<string, string | undefined>): string => {
  const steps: string[] = []
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) steps.unshift(at)
  return steps.join(' -> ')
}
