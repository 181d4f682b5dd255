/** What the stand-in does not have, it says by name. Never: an `undefined` that a test takes for an answer. */

export const unimplemented = (name: string): Error =>
  new Error(`electron-double: ${name} is not implemented; add it with its real type`)

/** Looked for by Node and by promises on anything they are handed. */
const probed = new Set(['then', 'toJSON', 'domain'])

/**
 * Reading a member that is not there throws. The net hangs at the end of the prototype chain, so that `this`, private
 * fields and `instanceof` stay what they are.
 */
export const strict = <T extends object>(name: string, thing: T): T => {
  const parent = Object.getPrototypeOf(thing) as object
  const net = new Proxy(parent, {
    get: (target, key, receiver): unknown => {
      if (typeof key === 'symbol' || key in target || probed.has(key)) return Reflect.get(target, key, receiver)
      throw unimplemented(`${name}.${key}`)
    },
  })
  Object.setPrototypeOf(thing, net)
  return thing
}

/** For a class: what its instances lack and what it lacks itself. */
export const strictClass = <T extends { readonly prototype: object }>(name: string, made: T): T => {
  strict(name, made.prototype)
  return strict(name, made)
}

/** A module or class of Electron's that the stand-in lacks altogether: it may be imported, any use of it throws. */
export const absent = (name: string): never =>
  new Proxy(function () {}, {
    get: (_target, key) => {
      if (typeof key === 'symbol' || probed.has(key)) return undefined
      throw unimplemented(`${name}.${key}`)
    },
    apply: () => {
      throw unimplemented(name)
    },
    construct: () => {
      throw unimplemented(name)
    },
  }) as never
