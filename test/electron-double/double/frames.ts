/** The frames of a page, as `senderFrame` and `mainFrame` name them. A frame is one object for as long as it is there. */
import { originOf, toAppUrl } from './protocol.ts'
import { strict } from './strict.ts'

type Frame = Pick<
  Electron.WebFrameMain,
  'detached' | 'frames' | 'frameToken' | 'isDestroyed' | 'name' | 'origin' | 'parent' | 'top' | 'url'
>

export interface Frames {
  /** @param url as Chromium says it */
  set(id: string, at: { url: string; name: string; parentId: string | undefined }): void
  remove(id: string): void
  get(id: string): Electron.WebFrameMain | null
}

export const makeFrames = (): Frames => {
  const frames = new Map<string, { frame: Frame; url: string; name: string; parentId: string | undefined }>()
  const get = (id: string | undefined): Electron.WebFrameMain | null =>
    id === undefined ? null : ((frames.get(id)?.frame as Electron.WebFrameMain | undefined) ?? null)

  const make = (id: string): Frame =>
    strict('webFrameMain', {
      frameToken: id,
      get url() {
        return toAppUrl(frames.get(id)?.url ?? '')
      },
      get origin() {
        return originOf(this.url)
      },
      get name() {
        return frames.get(id)?.name ?? ''
      },
      get parent() {
        return get(frames.get(id)?.parentId)
      },
      get top() {
        return this.parent === null ? get(id) : this.parent.top
      },
      get frames() {
        return [...frames].flatMap(([child, { parentId, frame }]) =>
          parentId === id && child !== id ? [frame as Electron.WebFrameMain] : [],
        )
      },
      get detached() {
        return !frames.has(id)
      },
      isDestroyed: () => !frames.has(id),
    })

  return {
    set: (id, at) => void frames.set(id, { frame: frames.get(id)?.frame ?? make(id), ...at }),
    remove: (id) => void frames.delete(id),
    get,
  }
}
