/** Archives as `tar` knows them (POSIX ustar with pax headers where they are needed), written and read piece by piece. */
import { extract, pack, type Pack } from 'tar-stream'

export interface FileToPack {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly pieces: AsyncIterable<Buffer> | Iterable<Buffer>
}

/** An archive ends with two empty blocks (POSIX.1-2001, pax, "ustar Interchange Format"). */
export const endBytes = 1_024

/**
 * Writes one archive, everything in it under the folder `root`, readable by its owner alone. `take` gets its bytes in
 * order; what it throws ends the work.
 */
export const packInto = async <R>(
  { root, modifiedMs, take }: { root: string; modifiedMs: number; take: (piece: Buffer) => Promise<void> },
  fill: (add: (file: FileToPack) => Promise<void>) => Promise<R>,
): Promise<R> => {
  const packing: Pack = pack()
  const taking = (async () => {
    for await (const piece of packing as AsyncIterable<Buffer>) await take(piece)
  })()
  // Whoever waits for room in a pack that nobody empties any more would wait for ever.
  const failed = taking.then(() => new Promise<never>(() => undefined))
  const unlessFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failed])
  const folders = new Set<string>()
  const addFolder = (name: string): void => {
    if (folders.has(name)) return
    folders.add(name)
    packing.entry({ name, type: 'directory', mode: 0o700, mtime: new Date(modifiedMs) })
  }
  const add = async ({ path, bytes, modifiedMs: mtimeMs, pieces }: FileToPack): Promise<void> => {
    const parts = path.split('/').slice(0, -1)
    for (let at = 0; at <= parts.length; at++) addFolder([root, ...parts.slice(0, at)].join('/'))
    await new Promise<void>((resolve, reject) => {
      const header = { name: `${root}/${path}`, size: bytes, mode: 0o600, mtime: new Date(mtimeMs) }
      const entry = packing.entry(header, (error) => {
        if (error === null || error === undefined) resolve()
        else reject(error)
      })
      const write = async (): Promise<void> => {
        for await (const piece of pieces)
          if (!entry.write(piece)) await new Promise<void>((drained) => entry.once('drain', drained))
        entry.end()
      }
      write().catch(reject)
    })
  }
  try {
    const result = await unlessFailed(fill((file) => unlessFailed(add(file))))
    packing.finalize()
    await taking
    return result
  } catch (error) {
    packing.destroy()
    await taking.catch(() => undefined)
    throw error
  }
}

export interface PackedEntry {
  readonly name: string
  readonly type: string
  readonly bytes: number
  /** May be read once, before the next entry. */
  readonly pieces: AsyncIterable<Buffer>
}

/** The entries of an archive in their order. Throws an Error for bytes that are none. */
export async function* entriesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<PackedEntry> {
  const reading = extract()
  const feeding = (async () => {
    for await (const piece of bytes)
      if (!reading.write(piece) && !reading.destroyed)
        await new Promise<void>((go) => {
          reading.once('drain', go)
          reading.once('close', go)
        })
    reading.end()
  })()
  // An archive that cannot be read has to end the reading of its entries too.
  feeding.catch((error: unknown) => reading.destroy(error as Error))
  for await (const entry of reading) {
    const { name, type, size } = entry.header
    yield { name, type: type ?? 'file', bytes: size ?? 0, pieces: entry as AsyncIterable<Buffer> }
    entry.resume()
  }
  await feeding
}
