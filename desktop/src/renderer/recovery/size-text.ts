/** How large something is, as people say it: 7.7 MB. Pure. */
const unitBytes = 1_000
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

export const sizeText = (bytes: number, number: (count: number) => string): string => {
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(unitBytes)))
  const size = bytes / unitBytes ** step
  return `${number(step === 0 ? size : Math.round(size * 10) / 10)} ${units[step] ?? 'B'}`
}
