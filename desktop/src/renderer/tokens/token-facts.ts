/** What of an admin token the console works with: how it ends, and what of it can be edited. Pure. */
import type { NewToken, TokenView } from '@postern/shared'
import type { Ending } from '../keys/standing.ts'

/** A token stands by the rule of keys. */
export const endingOf = ({ enabled, created_at, expires_at }: TokenView): Ending => ({
  state: enabled ? 'active' : 'disabled',
  created_at,
  expires_at,
  removed_at: null,
  quarantined: false,
})

/** All that can be edited of a token, as it is now. */
export const bodyOf = ({ name, description, role, expires_at: at }: TokenView): Required<NewToken> => ({
  name,
  description,
  role,
  expires: at === null ? { never: true } : { at },
})
