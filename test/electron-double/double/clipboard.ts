/**
 * Electron's clipboard since version 44: promises, and items of many formats written in one step. The machine's own
 * clipboard is never touched, and a page's `navigator.clipboard` is not this one.
 */
import { strict, strictClass } from './strict.ts'

type Content = string | Electron.ClipboardBookmark | Blob
type Contents = ConstructorParameters<typeof Electron.ClipboardItem>[0]

export class ClipboardItem implements Pick<Electron.ClipboardItem, 'types'> {
  readonly types: string[]
  #contents: Contents
  constructor(items: Contents) {
    if (Object.keys(items).length === 0) throw new TypeError('ClipboardItem: at least one format is needed')
    this.#contents = items
    this.types = Object.keys(items)
  }
  async getType(type: string): Promise<Blob | Electron.ClipboardBookmark> {
    const content: Content | undefined = await this.#contents[type]
    if (content === undefined) throw new Error(`The type '${type}' was not found in the ClipboardItem`)
    return typeof content === 'string' ? new Blob([content], { type }) : content
  }
}
strictClass('ClipboardItem', ClipboardItem)

const plain = 'text/plain'

const makeClipboard = () => {
  let held: readonly ClipboardItem[] = []
  const find = (type: string): ClipboardItem | undefined => held.find(({ types }) => types.includes(type))
  return {
    clear: () => {
      held = []
    },
    has: (mimetype) => Promise.resolve(find(mimetype) !== undefined),
    read: () => Promise.resolve(held as unknown as Electron.ClipboardItem[]),
    readText: async () => {
      const content = await find(plain)?.getType(plain)
      return content instanceof Blob ? content.text() : ''
    },
    write: async (data) => {
      const items = data as unknown as ClipboardItem[]
      // All of it is at hand before any of it is there.
      for (const item of items) for (const type of item.types) await item.getType(type)
      held = items
    },
    writeText: (text) => {
      held = [new ClipboardItem({ [plain]: text })]
      return Promise.resolve()
    },
  } satisfies Partial<Electron.Clipboard>
}

export const clipboard = strict('clipboard', { ...makeClipboard(), selection: strict('clipboard', makeClipboard()) })
