/** What can be done with an admin token. A removed one is gone for good: its value cannot be made again. */
import type { NewToken, TokenView } from '@postern/shared'
import type { Bridge } from '../../bridge.ts'
import { usePlainActions, type PlainActions, type PlainCalls } from '../records/use-plain-actions.ts'
import type { Texts } from '../texts/texts.ts'
import { bodyOf } from './token-facts.ts'

const callsOf = (bridge: Bridge): PlainCalls<TokenView, NewToken> => ({
  disable: (token) => bridge.call('tokens.disable', { params: { token } }),
  enable: (token) => bridge.call('tokens.enable', { params: { token } }),
  edit: (token, body, ifMatch) => bridge.call('tokens.edit', { params: { token }, body, ifMatch }),
  remove: (token) => bridge.call('tokens.remove', { params: { token } }),
  bodyOf,
  remake: null,
})

const sayingsOf = ({ tokens }: Texts) => tokens.said

export const useTokenActions = (): PlainActions<TokenView, NewToken> => usePlainActions(callsOf, sayingsOf)
