/** The admin call about the connector kit. */
import type { HandlersOf } from './handlers.ts'

export const kitHandlers: HandlersOf<'kit'> = {
  'kit.get': ({ query, rooms }) => rooms.kit(query),
}
