/** The text form of Prometheus, read back; and the judge that Prometheus brings along. */
import { spawnSync } from 'node:child_process'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Every sample of a scrape. Throws for a line that is neither a sample nor a comment. */
export const readSamples = (text: string): Sample[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', inside = '', value] = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (value === undefined) throw new Error(`not a sample: ${line}`)
      const labels = [...inside.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map(([, key, text_]) => [key, text_])
      return { name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) }
    })

/** The value of the one sample with this name and at least these labels; nothing when there is none. */
export const valueOf = (
  samples: readonly Sample[],
  name: string,
  labels: Sample['labels'] = {},
): number | undefined => {
  const found = samples.filter((sample) => sample.name === name && has(sample, labels))
  if (found.length > 1) throw new Error(`${found.length} samples of ${name}`)
  return found[0]?.value
}

export const sumOf = (samples: readonly Sample[], name: string, labels: Sample['labels'] = {}): number =>
  samples.reduce((sum, each) => (each.name === name && has(each, labels) ? sum + each.value : sum), 0)

const has = (sample: Sample, labels: Sample['labels']): boolean =>
  Object.entries(labels).every(([label, value]) => sample.labels[label] === value)

/** What promtool says of a scrape; empty when it has nothing against it, `undefined` when it is not installed. */
export const judgeByPromtool = (text: string): string | undefined => {
  const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  })
  if (error !== undefined) return undefined
  return status === 0 ? `${stdout}${stderr}` : `ended with ${status}: ${stdout}${stderr}`
}
