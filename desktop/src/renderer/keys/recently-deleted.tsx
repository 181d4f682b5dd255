/** Keys that were deleted and can still be taken back: by whom, when, and until when. */
import { useEffect, useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { RecordTable } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { useKeyActions } from './use-key-actions.ts'

const perPage = 500
/** The trail is asked for one key at a time where its newest records do not say it. */
const askedOneByOne = 20

export const RecentlyDeleted = ({ off, onClose }: { off: string | null; onClose: () => void }) => {
  const { texts, dates, nowMs } = useConsole()
  const { deleted } = texts.care
  const asked = useAsked('keys.list', { query: { state: 'removed', per_page: perPage } })
  const removers = useRemovers(asked.data?.data ?? null)
  const { restore } = useKeyActions()
  const newestFirst = (keys: readonly KeyView[]): KeyView[] =>
    keys.toSorted((a, b) => (b.removed_at ?? '').localeCompare(a.removed_at ?? ''))
  return (
    <Dialog title={deleted.title} className="broad" onClose={onClose}>
      <p className="hint">{deleted.about}</p>
      <Loaded asked={asked} text={deleted.loading} rows={3}>
        {({ data }) => (
          <RecordTable
            caption={deleted.title}
            rows={newestFirst(data)}
            idOf={({ id }) => id}
            nothing={<p>{deleted.none}</p>}
            columns={[
              { name: 'name', head: deleted.columns.name, cell: ({ name }) => name },
              {
                name: 'deleted',
                head: deleted.columns.deleted,
                cell: ({ id, removed_at: at }) => {
                  const who = removers.get(id)
                  return (
                    <>
                      {at === null ? '' : dates.dayAndTime(at)}
                      {who === undefined ? null : <span className="hint"> {deleted.by(who)}</span>}
                    </>
                  )
                },
              },
              {
                name: 'until',
                head: deleted.columns.until,
                cell: ({ purged_at: until }) =>
                  until === null ? null : (
                    <>
                      {dates.dayAndTime(until)} <span className="hint">{dates.relative(until, nowMs())}</span>
                    </>
                  ),
              },
              {
                name: 'restore',
                head: deleted.columns.restore,
                cell: (key) => (
                  <button
                    type="button"
                    className="button"
                    aria-label={deleted.restoreOf(key.name)}
                    disabled={off !== null}
                    title={off ?? undefined}
                    onClick={() => restore(key)}
                  >
                    {deleted.restore}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      <div className="row end">
        <button type="button" className="button primary" onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}

/** Who deleted each, as far as the trail says; by id. */
const useRemovers = (keys: readonly KeyView[] | null): ReadonlyMap<string, string> => {
  const { bridge } = useConsole()
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map())
  const ids = keys?.map(({ id }) => id).join(' ') ?? ''
  useEffect(() => {
    if (ids === '') return undefined
    let current = true
    const background = { background: true }
    const look = async (): Promise<void> => {
      const known = new Map<string, string>()
      const learn = async (object?: string): Promise<void> => {
        const query = { per_page: object === undefined ? perPage : 20, ...(object === undefined ? {} : { object }) }
        const { data } = await bridge.call('audit.list', { query }, background)
        for (const entry of data)
          if (entry.action === 'key.remove' && entry.came_true && !known.has(entry.object.id))
            known.set(entry.object.id, entry.actor.name)
        if (current) setFound(new Map(known))
      }
      await learn()
      const left = ids.split(' ').filter((id) => !known.has(id))
      for (const id of left.slice(0, askedOneByOne)) if (current) await learn(id)
    }
    // Without it the list says less, and all that is needed to take a key back.
    look().catch(() => undefined)
    return () => {
      current = false
    }
  }, [bridge, ids])
  return found
}
