/** The search boxes of clients, endpoints and calls: every word must be somewhere. Pure. */
import type { ClientView } from '@postern/shared'

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

export const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/\s+/)
    .filter((word) => word !== '')

/** `id`: found only where it is written out; a few letters of it say nothing. */
export const holdsWords = (words: readonly string[], id: string, ...texts: readonly (string | null)[]): boolean => {
  const all = fold(texts.join('\n'))
  return words.every((word) => all.includes(word) || fold(id) === word)
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  collator.compare(a.name, b.name)

export const byText = (a: string, b: string): number => collator.compare(a, b)

/** What finds the keys of this client, and of no other, on the page of keys: by its name, or by its id where a name would find more. */
export const keysSearchFor = (client: ClientView, clients: readonly ClientView[]): string => {
  const name = fold(client.name)
  const isPlain =
    !client.name.includes('"') && clients.every((each) => each.id === client.id || !fold(each.name).includes(name))
  return isPlain ? `client:"${client.name}"` : `client:${client.id}`
}
