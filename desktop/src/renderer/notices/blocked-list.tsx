/** Addresses that are refused because a honey key came from there, and the way to let one in again. */
import { useState } from 'react'
import type { BlockView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { RecordTable, type RecordColumn } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'

const perPage = 500

export const BlockedList = ({ off }: { off: string | null }) => {
  const { bridge, texts, dates, toasts, go } = useConsole()
  const words = texts.notices
  const blocks = useAsked('blocks.list', { query: { per_page: perPage } }, ['records', 'notices'])
  const [asking, setAsking] = useState<BlockView | null>(null)
  const lift = async ({ network }: BlockView): Promise<void> => {
    await bridge.call('blocks.lift', { body: { network } })
    setAsking(null)
    blocks.again()
    toasts.show(words.lifted(network))
  }
  const columns: readonly RecordColumn<BlockView>[] = [
    { name: 'network', head: words.network, cell: ({ network }) => <code>{network}</code> },
    {
      name: 'honey',
      head: words.honey,
      cell: ({ key }) => (
        <button type="button" className="link" onClick={() => go('keys', `view:${key.id}`)}>
          {key.name}
        </button>
      ),
    },
    { name: 'since', head: words.since, cell: (block) => dates.dayAndTime(block.created_at) },
    { name: 'until', head: words.until, cell: ({ until }) => dates.dayAndTime(until) },
    {
      name: 'lift',
      head: texts.keys.columns.actions,
      cell: (block) => (
        <ActionButton
          text={words.lift}
          label={`${words.lift} ${block.network}`}
          off={off}
          onPress={() => setAsking(block)}
        />
      ),
    },
  ]
  return (
    <>
      <Loaded asked={blocks} text={words.loadingBlocks}>
        {({ data, count }) => (
          <>
            <RecordTable
              caption={words.blocksTable}
              rows={data}
              idOf={({ network }) => network}
              columns={columns}
              nothing={<p>{words.noBlocks}</p>}
            />
            {count > data.length ? <p className="hint beside">{words.firstOf(data.length, count)}</p> : null}
          </>
        )}
      </Loaded>
      {asking === null ? null : (
        <ConfirmDialog
          title={words.liftTitle(asking.network)}
          go={words.liftGo}
          keep={words.liftKeep}
          danger
          act={() => lift(asking)}
          onClose={() => setAsking(null)}
        >
          <p>{words.liftAbout(asking.key.name, dates.dayAndTime(asking.created_at))}</p>
          <p>{words.liftEffect}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
