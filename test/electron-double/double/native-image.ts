/** `nativeImage`: PNG bytes and their size; nothing is decoded or drawn. */
import { readFileSync } from 'node:fs'
import { strict, strictClass } from './strict.ts'

class NativeImage implements Pick<
  Electron.NativeImage,
  'getSize' | 'isEmpty' | 'isTemplateImage' | 'resize' | 'setTemplateImage' | 'toDataURL' | 'toPNG'
> {
  #png: Buffer
  #size: Electron.Size
  #template = false
  constructor(png: Buffer, size = sizeOfPng(png)) {
    this.#png = png
    this.#size = size
  }
  isEmpty(): boolean {
    return this.#png.length === 0
  }
  getSize(): Electron.Size {
    return this.#size
  }
  resize({ width, height }: Electron.ResizeOptions): Electron.NativeImage {
    return make(this.#png, { width: width ?? this.#size.width, height: height ?? this.#size.height })
  }
  setTemplateImage(option: boolean): void {
    this.#template = option
  }
  isTemplateImage(): boolean {
    return this.#template
  }
  toPNG(): Buffer {
    return this.#png
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`
  }
}
strictClass('NativeImage', NativeImage)

/** Width and height stand at a fixed place in every PNG. Anything else is an empty image, as in Electron. */
const sizeOfPng = (png: Buffer): Electron.Size =>
  isPng(png) ? { width: png.readUInt32BE(16), height: png.readUInt32BE(20) } : { width: 0, height: 0 }
const isPng = (bytes: Buffer): boolean => bytes.length > 24 && bytes.toString('latin1', 1, 4) === 'PNG'

const make = (bytes: Buffer, size?: Electron.Size): Electron.NativeImage =>
  new NativeImage(isPng(bytes) ? bytes : Buffer.alloc(0), size) as unknown as Electron.NativeImage

export const nativeImage = strict('nativeImage', {
  createEmpty: () => make(Buffer.alloc(0)),
  createFromBuffer: (buffer, { scaleFactor = 1 } = {}) => {
    const { width, height } = sizeOfPng(buffer)
    return make(buffer, { width: width / scaleFactor, height: height / scaleFactor })
  },
  createFromDataURL: (dataURL) => make(Buffer.from(dataURL.slice(dataURL.indexOf(',') + 1), 'base64')),
  createFromPath: (path) => {
    try {
      return make(readFileSync(path))
    } catch {
      return make(Buffer.alloc(0))
    }
  },
} satisfies Partial<typeof Electron.NativeImage>)
