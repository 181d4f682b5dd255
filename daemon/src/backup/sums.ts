/**
 * `SHA256SUMS`: the hashes of a backup's files, as `sha256sum -c` reads them. Pure. Never: a path that leads out of the
 * backup.
 */

export const sumsName = 'SHA256SUMS'

/** One line to a file, in the order given. GNU writes a backslash before a line whose path holds a line break or one. */
export const formatSums = (sums: ReadonlyMap<string, string>): string =>
  [...sums]
    .map(([path, hash]) => {
      const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
      return `${escaped === path ? '' : '\\'}${hash}  ${escaped}\n`
    })
    .join('')

/** Reads it back: path -> hex hash. Throws an Error that names the first line that is none. */
export const parseSums = (text: string): Map<string, string> => {
  const sums = new Map<string, string>()
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('its last line is cut')
  for (const [at, line] of lines.entries()) {
    const [, escaped, hash, named] = /^(\\?)([0-9a-f]{64})[ ][ *](.+)$/s.exec(line) ?? []
    if (hash === undefined || named === undefined) throw new Error(`line ${at + 1} is no line of sha256sum`)
    const path = escaped === '' ? named : unescape(named, at + 1)
    if (!isPlainPath(path)) throw new Error(`line ${at + 1} names a file outside of the backup`)
    if (sums.has(path)) throw new Error(`line ${at + 1} names a file for the second time`)
    sums.set(path, hash)
  }
  return sums
}

const unescape = (text: string, line: number): string =>
  text.replaceAll(/\\(.?)/gs, (_all, character: string) => {
    const plain = { '\\': '\\', n: '\n', r: '\r' }[character]
    if (plain === undefined) throw new Error(`line ${line} has an escape that sha256sum does not write`)
    return plain
  })

/** A relative path with forward slashes that stays where it begins, on any system. */
export const isPlainPath = (path: string): boolean =>
  path !== '' && !/[\\\0:]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
