/** An instant as the date and time on a wall in some zone, as `2027-03-31T17:05:30`, and back. Pure. */

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const made = formats.get(timeZone)
  if (made !== undefined) return made
  const two = '2-digit'
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  })
  formats.set(timeZone, format)
  return format
}

export const wallOf = (ms: number, zone: string): string => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
  const { year, month, day, hour, minute, second } = parts
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`
}

/**
 * The instant at which the wall shows this, in milliseconds; null: no date and time. Of an hour that comes twice, the first;
 * in an hour that is left out, as much later as it is.
 */
export const instantOf = (wall: string, zone: string): number | null => {
  const seemingMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/.test(wall)
    ? Date.parse(`${wall}Z`)
    : Number.NaN
  if (Number.isNaN(seemingMs)) return null
  const aheadMs = (ms: number): number => Date.parse(`${wallOf(ms, zone)}Z`) - Math.floor(ms / 1000) * 1000
  const dayMs = 86_400_000
  // What the zone was ahead by the day before and is the day after: the two that it can be.
  const found = [aheadMs(seemingMs - dayMs), aheadMs(seemingMs + dayMs)].map((ahead) => seemingMs - ahead)
  const [first = 0, second = 0] = found
  const fitting = found.filter((ms) => ms + aheadMs(ms) === seemingMs)
  return fitting.length === 0 ? Math.max(first, second) : Math.min(...fitting)
}
