/** What a `*.long.ts` exports: a rig in its long size, and the broken writers that it must find out. */
import type { Tally } from './tally.ts'

export interface LongRig {
  readonly name: string
  /** `say`: how far it is. */
  run(say: (text: string) => void): Promise<Tally>
  /** The same rig on something deliberately broken: a control that finds nothing is a failure. */
  readonly controls?: readonly { readonly name: string; run(): Promise<Tally> }[]
}
