/** Chance that can be had again: the same seed draws the same numbers (mulberry32). */
export interface Chance {
  /** 0 up to, and without, `below`. */
  under(below: number): number
  pick<T>(from: readonly [T, ...T[]]): T
  bytes(length: number): Buffer
}

export const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const under = (below: number): number => Math.floor(draw() * below)
  return {
    under,
    pick: (from) => from[under(from.length)] ?? from[0],
    bytes: (length) => Buffer.from(Array.from({ length }, () => under(256))),
  }
}
