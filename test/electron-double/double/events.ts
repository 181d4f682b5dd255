/** The event objects Electron hands to listeners. */

interface Preventable {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

/** The parts of `extra` are copied; `defaultPrevented` is read from the event itself, never a copy of its first value. */
export const cancellable = <T extends object>(extra?: T): Preventable & T => {
  let prevented = false
  return Object.defineProperties({ ...extra } as Preventable & T, {
    defaultPrevented: { get: () => prevented, enumerable: true },
    preventDefault: { value: () => (prevented = true), enumerable: true },
  })
}
