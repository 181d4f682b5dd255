/** A folder to plant things in and to scan, and what a scan said in short. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scanLimits, type ScanLimits } from '../../daemon/src/scan/archive.ts'
import { scan, type ScanResult } from '../../daemon/src/scan/scan.ts'
import { temporaryDir } from './start-postern.ts'

export interface ScanFolder {
  readonly dir: string
  plant(path: string, bytes: Buffer | string): Promise<void>
  /** By default the whole folder, with the limits of the product. */
  look(paths?: readonly string[], limits?: Partial<ScanLimits>): Promise<ScanResult>
  remove(): Promise<void>
}

export const scanFolder = async (): Promise<ScanFolder> => {
  const dir = await temporaryDir()
  return {
    dir,
    async plant(path, bytes) {
      await mkdir(join(dir, path, '..'), { recursive: true })
      await writeFile(join(dir, path), bytes)
    },
    look: (paths = ['.'], limits = {}) => scan({ paths, cwd: dir, limits: { ...scanLimits, ...limits } }),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

const whereOf = ({ path, entry }: { path: string; entry: string | null }): string =>
  entry === null ? path : `${path}!/${entry}`

export const places = ({ findings }: ScanResult): string[] =>
  findings.map((finding) => `${whereOf(finding)} ${finding.masked}`)

export const reasons = ({ notes }: ScanResult): string[] =>
  notes.map((note) => `${note.kind} ${whereOf(note)}: ${note.reason}`)
