/** What a key slot is to people: who opens the key store with it. */
import type { SlotView } from '@postern/shared'
import type { Texts } from '../texts/texts.ts'

export const kindOf = ({ kind, this_machine: isThis }: SlotView, { recovery }: Texts): string => {
  if (kind === 'recovery') return recovery.kit
  return isThis ? recovery.machine : recovery.otherMachine
}
