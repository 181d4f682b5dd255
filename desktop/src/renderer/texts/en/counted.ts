/** Numbers and what is counted, in English. */
const rules = new Intl.PluralRules('en')
export const numbers = new Intl.NumberFormat('en')
export const many = (count: number, one: string, other: string): string =>
  `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`
