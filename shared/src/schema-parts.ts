/** What many shapes of the admin API are made of. */
import { z } from 'zod'
import { keyLimits } from './keys.ts'

export const instant = z.string().meta({ format: 'date-time' })
export const name = z.string().meta({
  description: `${keyLimits.nameMin} to ${keyLimits.nameMax} characters, unique whatever the case or Unicode form`,
})
export const description = z.string().meta({ description: `at most ${keyLimits.descriptionMax} characters` })
export const reference = z.object({ id: z.string(), name: z.string() })
export const idOrName = z.string().min(1).max(400).meta({ description: 'an id, or a name' })
export const grants = z.array(idOrName).max(1000).nullable()
