/** The shapes of how callers of a client prove themselves with tokens that somebody else has made. */
import { z } from 'zod'
import { signInAlgorithms } from './access.ts'

const reference = z.object({ id: z.string(), name: z.string() })
const algorithms = z.array(z.enum(signInAlgorithms))
const claims = z.array(z.strictObject({ name: z.string().min(1).max(200), value: z.string().max(1_000).nullable() }))

/** Given whole; a secret that is left out stays what it was. */
export const signInInput = z.strictObject({
  kind: z
    .enum(['jwt', 'oidc'])
    .meta({ description: 'jwt: checked by a key given here; oidc: by an issuer’s own keys' }),
  algorithms: algorithms
    .min(1)
    .optional()
    .meta({ description: 'the only ones that are taken; default: what fits the key; for oidc RS256 and ES256' }),
  secret: z.string().max(1_000).optional().meta({ description: 'jwt by HMAC: the shared secret, at least 32 bytes' }),
  public_key: z.string().max(20_000).optional().meta({ description: 'jwt by RSA or EC: PEM of the public key' }),
  issuer: z
    .string()
    .max(2_000)
    .nullable()
    .optional()
    .meta({ description: 'oidc: an https URL, where /.well-known/openid-configuration stands' }),
  jwks_url: z
    .string()
    .max(2_000)
    .nullable()
    .optional()
    .meta({ description: 'oidc: an https URL of the keys themselves' }),
  ca: z.string().nullable().optional().meta({ description: 'PEM certificates to trust for these addresses' }),
  allowed_issuers: z.array(z.string().max(2_000)).max(50).optional().meta({ description: 'iss is one of these' }),
  audience: z.string().max(2_000).nullable().optional().meta({ description: 'aud holds this; needed for oidc' }),
  required_claims: claims.max(50).optional().meta({ description: 'have to be there; with a value: and hold it' }),
  profile_claim: z
    .string()
    .max(200)
    .nullable()
    .optional()
    .meta({ description: 'the claim that names the key, by id or name, whose rights a call has' }),
  key: z
    .string()
    .max(400)
    .nullable()
    .optional()
    .meta({ description: 'the key of this client whose rights calls have when no claim names one' }),
})
export type SignInInput = z.infer<typeof signInInput>

export const signInView = z.object({
  kind: z.enum(['jwt', 'oidc']),
  algorithms,
  secret_set: z.boolean(),
  public_key: z.string().nullable(),
  issuer: z.string().nullable(),
  jwks_url: z.string().nullable(),
  ca: z.string().nullable(),
  allowed_issuers: z.array(z.string()),
  audience: z.string().nullable(),
  required_claims: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  profile_claim: z.string().nullable(),
  key: reference.nullable(),
})
export type SignInView = z.infer<typeof signInView>
