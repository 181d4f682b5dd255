/** The shapes of what narrows a key or a client: addresses, methods, endpoints, policies, and who may manage a key. */
import { z } from 'zod'
import { accessLimits, callMethods, keyRights } from './access.ts'

const reference = z.object({ id: z.string(), name: z.string() })
const idOrName = z.string().min(1).max(400).meta({ description: 'an id, or a name' })
const networks = z
  .array(z.string().max(100))
  .max(accessLimits.networksMax)
  .meta({ description: 'IPv4 or IPv6 addresses or networks in CIDR form, such as 203.0.113.7 or 2001:db8::/32' })

/** Given whole: what is absent becomes what a new key has. */
export const addressesInput = z.strictObject({
  allow: networks.nullable().optional().meta({ description: 'calls come from these only; null or absent: anywhere' }),
  deny: networks.optional().meta({ description: 'calls from these are refused, whatever is allowed' }),
})
export type AddressesInput = z.infer<typeof addressesInput>

export const addressesView = z.object({ allow: z.array(z.string()).nullable(), deny: z.array(z.string()) })
export type AddressesView = z.infer<typeof addressesView>

const methods = z.array(z.enum(callMethods)).max(callMethods.length)
export const policiesInput = z.array(idOrName).max(accessLimits.policiesMax)

/** The fields of a key that say what it may do, and who may manage it. */
export const keyRightsInput = {
  subject: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'as whom its calls act; upstreams are told in X-Postern-Subject' }),
  endpoints: z
    .array(idOrName)
    .max(1000)
    .nullable()
    .optional()
    .meta({ description: 'ids or "METHOD /path"; null: every endpoint of its collections' }),
  methods: methods.nullable().optional().meta({ description: 'null: every method; GET covers HEAD' }),
  addresses: addressesInput.optional(),
  policies: policiesInput.optional().meta({ description: 'limits that hold for this key alone' }),
  grants: z
    .array(z.strictObject({ token: idOrName, rights: z.array(z.enum(keyRights)).min(1) }))
    .max(accessLimits.grantsMax)
    .nullable()
    .optional()
    .meta({ description: 'admin tokens that may see it, besides administrators; null: whoever has the role' }),
}

export const keyRightsView = {
  subject: z.string().nullable(),
  endpoints: z.array(reference).nullable().meta({ description: 'null: every endpoint of its collections' }),
  methods: z.array(z.enum(callMethods)).nullable().meta({ description: 'null: every method' }),
  addresses: addressesView,
  policies: z.array(reference),
  grants: z
    .array(z.object({ token: reference, rights: z.array(z.enum(keyRights)) }))
    .nullable()
    .meta({ description: 'null: whoever has the role' }),
  imported: z.boolean().meta({ description: 'its value was brought from elsewhere' }),
}

export const deprecationInput = z.strictObject({
  since: z.string().meta({ description: 'a date in UTC or an instant' }),
  sunset: z.string().nullable().optional().meta({ description: 'when it will answer no more; not before since' }),
  link: z.string().nullable().optional().meta({ description: 'an http or https URL that says what to do' }),
})
export const deprecationView = z.object({
  since: z.string(),
  sunset: z.string().nullable(),
  link: z.string().nullable(),
})
