/**
 * What can still be read of a store none of whose generations opens, for the person who has to decide what to do about it.
 * Promises: looks at every generation that was not read past, and at those set aside; changes nothing; tells of no content.
 */
import { join } from 'node:path'
import { namesIn, readWhole } from '../disk/disk-calls.ts'
import type { DiskCalls } from '../disk/durable-file.ts'
import { readableOf, type Readable } from './generation-file.ts'
import type { Layout } from './layout.ts'

export interface DamagedFile {
  readonly file: string
  /** `null`: the disk does not give it back. */
  readonly size: number | null
  readonly readable: Readable | null
}

const shown = 8

/** Every generation in the store folder, set-aside ones included, newest first. */
export const surveyStore = async (
  layout: Layout,
  rootKeys: readonly Buffer[],
  disk: DiskCalls,
): Promise<DamagedFile[]> => {
  const names = (await namesIn(layout.store, disk)).filter((name) => /^\d{10}\.pks(?:\..*)?$/.test(name))
  const found: DamagedFile[] = []
  for (const file of names.toSorted().toReversed()) {
    const bytes = await readWhole(join(layout.store, file), disk)
    found.push({ file, size: bytes?.length ?? null, readable: bytes === undefined ? null : mostOf(bytes, rootKeys) })
  }
  return found
}

/** What can be read with the root key that opens most of it. */
const mostOf = (bytes: Buffer, rootKeys: readonly Buffer[]): Readable | null =>
  rootKeys
    .map((rootKey) => readableOf(bytes, rootKey))
    .toSorted((one, other) => (other.chunks?.good ?? -1) - (one.chunks?.good ?? -1))[0] ?? null

/** The survey in words, a line for each file; the newest few. */
export const surveyText = (files: readonly DamagedFile[]): string =>
  [
    ...files.slice(0, shown).map((each) => `  ${each.file}: ${textOf(each)}`),
    ...(files.length > shown ? [`  and ${files.length - shown} older ones`] : []),
  ].join('\n')

const textOf = ({ size, readable }: DamagedFile): string => {
  if (size === null || readable === null) return 'the disk does not give it back'
  const { checksum, chunks, bytes } = readable
  const opens =
    chunks === null
      ? 'nothing of it opens'
      : `${chunks.good} of ${chunks.all} chunks open, ${bytes} bytes of the document are readable`
  return `${size} bytes, checksum ${checksum}, ${opens}`
}
