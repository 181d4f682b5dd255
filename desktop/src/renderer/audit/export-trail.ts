/**
 * The trail as the command line exports it: a first line that says where it begins, the records byte for byte, and the
 * sealed line that ends it. Anybody can check it with `verify-trail.mjs`.
 */
import type { Bridge } from '../../bridge.ts'

/** Null: there are no records. `tell`: how many there are so far. */
export const exportTrail = async (
  { call }: Pick<Bridge, 'call'>,
  tell: (records: number) => void,
): Promise<string | null> => {
  const lines: string[] = []
  let first: number | undefined
  let last = 0
  for (let next: number | null = 0; next !== null;) {
    const page: Awaited<ReturnType<typeof call<'audit.lines'>>> = await call('audit.lines', { query: { after: next } })
    for (const line of page.lines) {
      const seq = seqOf(line) ?? last + 1
      if (first === undefined)
        lines.push(JSON.stringify({ postern_audit_begin: 1, store_id: page.store_id, from: seq }))
      first ??= seq
      last = seq
      lines.push(line)
    }
    tell(lines.length)
    next = page.next
  }
  if (first === undefined) return null
  lines.push((await call('audit.trailer', { query: { from: first, to: last } })).line)
  return `${lines.join('\n')}\n`
}

/** A damaged record is exported too: whoever checks the export shall see it. */
const seqOf = (line: string): number | undefined => {
  try {
    return (JSON.parse(line) as { seq: number }).seq
  } catch {
    return undefined
  }
}
