/**
 * Reads an instant of RFC 3339, or a date alone, which is in UTC. `dateAddsMs`: what a date alone means beyond its first
 * instant; a last day means all of it. NaN for anything else, and for days that no calendar has.
 */
export const readInstant = (text: string, dateAddsMs: number): number => {
  const [, date = '', time] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? []
  const startMs = Date.parse(`${date}T00:00:00Z`)
  // 31 November would be read as 1 December.
  if (Number.isNaN(startMs) || !new Date(startMs).toISOString().startsWith(date)) return NaN
  return time === undefined ? startMs + dateAddsMs : Date.parse(text)
}
