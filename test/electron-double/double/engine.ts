/** The one Chromium of this process, for whoever needs it before it is up. */
import type { Chromium } from './chromium.ts'

const started = Promise.withResolvers<Chromium>()

export const engine: Promise<Chromium> = started.promise
export const engineIsUp = (chromium: Chromium): void => started.resolve(chromium)
