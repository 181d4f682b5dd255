/** How a key can be tried. */

/** OPTIONS is no call that says anything of a key, and ANY is no method. */
export const tryMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type TryMethod = (typeof tryMethods)[number]
export const changesNothing = (method: TryMethod): boolean => method === 'GET' || method === 'HEAD'
