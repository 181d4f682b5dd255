/** What `unlock` says of the folder it has opened: from when it is, what is known of the time since, and what was done. */
import type { CameUpView } from '@postern/shared'
import { plain, when } from './output.ts'

export const cameUpText = (view: CameUpView): string => {
  const known = view.gap
    ? 'Newer generations of this store are known to have been, but not all that was taken back since.'
    : view.newer_known
      ? 'What was taken back since is known.'
      : 'What happened after that is not known here: a key that was removed, disabled or rotated since is as it was then.'
  const lines = [`The folder is of generation ${view.generation}, written ${when(view.written_at, '-')}. ${known}`]
  if (view.reapplied.length > 0) lines.push('', 'Taken back since then, and now again:')
  for (const { kind, id, name, what } of view.reapplied)
    lines.push(`  ${kind} "${plain(name)}" (${id}): ${what.map(plain).join(', ')}`)
  if (view.quarantined.length > 0) lines.push('', 'These keys are refused until somebody confirms them:')
  for (const { id, name } of view.quarantined) lines.push(`  "${plain(name)}" (${id})`)
  if (view.quarantined.length > 0) lines.push('Let them live again: postern keys release KEY, or --all.')
  return lines.join('\n')
}
