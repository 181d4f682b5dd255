/** Lists of networks as they are typed: one to a line. Whether each is one, the daemon says. Pure. */
import type { AddressesInput } from '@postern/shared'

export interface NetworkTexts {
  /** Empty: from anywhere. */
  readonly allow: string
  readonly deny: string
}

export const linesOf = (networks: readonly string[]): string => networks.join('\n')

/** No network has a blank or a comma in it, so what is pasted in one line is a list too. */
const networksOf = (text: string): string[] => text.split(/[\s,;]+/).filter((each) => each !== '')

/** Nothing allowed by name means anywhere: to let nothing through, a key is disabled. */
export const addressesOf = ({ allow, deny }: NetworkTexts): Required<AddressesInput> => {
  const allowed = networksOf(allow)
  return { allow: allowed.length === 0 ? null : allowed, deny: networksOf(deny) }
}
