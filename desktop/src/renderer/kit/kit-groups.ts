/** The files of a kit by what they are for. Pure. */
import type { KitFile, KitFormat } from '@postern/shared'

/** In the order in which they are offered: what is tried out soonest comes first. */
const groupOrder = [
  'postman',
  'openapi',
  'swagger',
  'power-platform',
  'curl',
  'powershell',
  'node',
] as const satisfies readonly KitFormat[]

/** They are short, and read before they are run: so they can be copied too. */
const snippets: readonly KitFormat[] = ['curl', 'powershell', 'node']

export interface KitGroup {
  readonly format: KitFormat
  readonly files: readonly KitFile[]
  readonly isSnippet: boolean
}

export const kitGroups = (files: readonly KitFile[]): KitGroup[] =>
  groupOrder
    .map((format) => ({
      format,
      files: files.filter((file) => file.format === format),
      isSnippet: snippets.includes(format),
    }))
    .filter((group) => group.files.length > 0)

export interface KitOf {
  readonly kind: 'client' | 'collection'
  readonly id: string
}

/** As the value of a choice, and back; null: nothing is chosen. */
export const textOfKit = (of: KitOf | null): string => (of === null ? '' : `${of.kind}:${of.id}`)
export const kitOfText = (text: string): KitOf | null => {
  const [kind, id = ''] = text.split(':')
  return (kind === 'client' || kind === 'collection') && id !== '' ? { kind, id } : null
}

/** The command that writes all of them into a folder. */
export const kitCommand = ({ kind, id }: KitOf): readonly string[] => ['kit', `--${kind}`, id, '--out', 'kit']
