/**
 * Values of the structured clone algorithm as JSON: what goes between page and main process goes as text. Promises: what
 * structured clone refuses is refused; what it takes and this does not know is named. Written as one function without
 * outer names, for its text is also put into the page.
 */

export interface Codec {
  encode(value: unknown): unknown
  decode(coded: unknown): unknown
}

export const makeCodec = (): Codec => {
  type Coded = { readonly $: string; readonly v?: unknown; readonly k?: string }
  /** Electron's own words. */
  const refusal = 'An object could not be cloned.'

  const encodeNumber = (value: number): unknown =>
    Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $: 'number', v: Object.is(value, -0) ? '-0' : `${value}` }

  const encodeObject = (value: object, above: readonly object[]): Coded => {
    if (above.includes(value)) throw new Error('electron-double: values that hold themselves are not implemented')
    const encode = (inner: unknown): unknown => encodeAny(inner, [...above, value])
    if (Array.isArray(value)) return { $: 'array', v: Array.from(value, encode) }
    if (value instanceof Date) return { $: 'date', v: value.getTime() }
    if (value instanceof RegExp) return { $: 'regexp', v: [value.source, value.flags] }
    if (value instanceof Error) return { $: 'error', v: [value.name, value.message, value.stack ?? ''] }
    if (value instanceof Map) return { $: 'map', v: [...value].map(([key, held]) => [encode(key), encode(held)]) }
    if (value instanceof Set) return { $: 'set', v: [...value].map(encode) }
    if (value instanceof ArrayBuffer) return { $: 'buffer', v: new Uint8Array(value).toBase64() }
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
      return { $: 'view', k: value.constructor.name, v: bytes.toBase64() }
    }
    const kind = Object.prototype.toString.call(value)
    if (kind !== '[object Object]') throw new Error(`electron-double: ${kind} between page and main is not implemented`)
    return { $: 'object', v: Object.entries(value).map(([key, held]) => [key, encode(held)]) }
  }

  const encodeAny = (value: unknown, above: readonly object[]): unknown => {
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'number') return encodeNumber(value)
    if (typeof value === 'bigint') return { $: 'bigint', v: `${value}` }
    if (typeof value === 'object' && value !== null) return encodeObject(value, above)
    return value
  }

  const decode = (coded: unknown): unknown => {
    if (typeof coded !== 'object' || coded === null) return coded
    const { $: kind, v, k = '' } = coded as Coded
    switch (kind) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(v)
      case 'bigint':
        return BigInt(v as string)
      case 'date':
        return new Date(v as number)
      case 'regexp':
        return new RegExp(...(v as [string, string]))
      case 'error': {
        const [name, message, stack] = v as [string, string, string]
        return Object.assign(new Error(message), { name, stack })
      }
      case 'map':
        return new Map((v as [unknown, unknown][]).map(([key, held]) => [decode(key), decode(held)]))
      case 'set':
        return new Set((v as unknown[]).map(decode))
      case 'buffer':
        return Uint8Array.fromBase64(v as string).buffer
      case 'view': {
        const views = globalThis as unknown as Record<string, new (bytes: ArrayBuffer) => unknown>
        const View = views[k]
        if (View === undefined) throw new Error(`electron-double: no such view: ${k}`)
        return new View(Uint8Array.fromBase64(v as string).buffer)
      }
      case 'array':
        return (v as unknown[]).map(decode)
      default:
        return Object.fromEntries((v as [string, unknown][]).map(([key, held]) => [key, decode(held)]))
    }
  }

  return {
    encode: (value) => {
      let clone: unknown
      try {
        clone = structuredClone(value)
      } catch {
        throw new Error(refusal)
      }
      return encodeAny(clone, [])
    },
    decode,
  }
}
