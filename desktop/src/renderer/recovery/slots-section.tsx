/** Who can open the key store, and what can be done about it. The last recovery slot and this machine's own stay. */
import { useState } from 'react'
import type { IssuedKit, SlotView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { StandingIcon } from '../parts/icons.tsx'
import { RecordTable, type RecordColumn } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { KitDialog } from './kit-dialog.tsx'
import { RemoveSlot } from './remove-slot.tsx'
import { kindOf } from './slot-kind.ts'
import { TryKit } from './try-kit.tsx'

type Asking = { readonly what: 'make' | 'try' | 'rotate' } | { readonly what: 'remove'; readonly slot: SlotView }

export const SlotsSection = ({ off }: { off: string | null }) => {
  const { bridge, texts, toasts } = useConsole()
  const words = texts.recovery
  const slots = useAsked('slots.list', {})
  const columns = useColumns()
  const [asking, setAsking] = useState<Asking | null>(null)
  const [kit, setKit] = useState<IssuedKit | null>(null)
  const close = (): void => setAsking(null)
  const make = async (): Promise<void> => {
    const made = await bridge.makeKit()
    close()
    slots.again()
    setKit(made)
  }
  const remove = async (slot: SlotView): Promise<void> => {
    await bridge.call('slots.remove', { params: { slot: slot.id } })
    close()
    slots.again()
    toasts.show(words.removed(slot.id))
  }
  const rotate = async (): Promise<void> => {
    await bridge.call('slots.rotate')
    close()
    slots.again()
    toasts.show(words.rotated)
  }
  return (
    <section aria-labelledby="slots">
      <div className="top">
        <div>
          <h2 id="slots">{words.slots}</h2>
          <p className="hint">{words.slotsAbout}</p>
        </div>
        <ActionButton text={words.tryKit} off={off} onPress={() => setAsking({ what: 'try' })} />
        <ActionButton text={words.newKit} kind="primary" off={off} onPress={() => setAsking({ what: 'make' })} />
      </div>
      <Loaded asked={slots} text={words.loadingSlots} rows={2}>
        {({ data }) => (
          <RecordTable
            caption={words.slots}
            rows={data}
            idOf={({ id }) => id}
            columns={columns}
            menu={{
              label: ({ id }) => words.actionsOf(id),
              items: ({ kind }) => [
                ...(kind === 'recovery' ? [{ name: 'try', text: words.tryIt, off }] : []),
                { name: 'remove', text: words.remove, danger: true, off },
              ],
              onPick: (item, slot) => setAsking(item === 'try' ? { what: 'try' } : { what: 'remove', slot }),
            }}
            nothing={<p>{words.noSlots}</p>}
          />
        )}
      </Loaded>
      <p className="beside">
        <ActionButton text={words.rotate} off={off} onPress={() => setAsking({ what: 'rotate' })} />
      </p>
      {asking?.what === 'rotate' ? (
        <ConfirmDialog
          title={words.rotateTitle}
          go={words.rotateGo}
          keep={texts.common.cancel}
          act={rotate}
          onClose={close}
        >
          <p>{words.rotateAbout}</p>
          <p>{words.rotateCopies}</p>
        </ConfirmDialog>
      ) : null}
      {asking?.what === 'make' ? (
        <ConfirmDialog title={words.makeTitle} go={words.makeGo} keep={texts.common.cancel} act={make} onClose={close}>
          <p>{words.makeAbout}</p>
          <p>{words.makeShown}</p>
          <p>{words.makeOthers}</p>
        </ConfirmDialog>
      ) : null}
      {asking?.what === 'try' ? <TryKit onTried={slots.again} onClose={close} /> : null}
      {asking?.what === 'remove' ? (
        <RemoveSlot
          of={asking.slot}
          among={slots.data?.data ?? []}
          remove={() => remove(asking.slot)}
          onClose={close}
        />
      ) : null}
      {kit === null ? null : <KitDialog kit={kit} onClose={() => setKit(null)} />}
    </section>
  )
}

const useColumns = (): readonly RecordColumn<SlotView>[] => {
  const { texts, dates, nowMs } = useConsole()
  const words = texts.recovery
  return [
    { name: 'kind', head: words.kind, cell: (slot) => kindOf(slot, texts) },
    { name: 'id', head: words.id, cell: ({ id }) => <code>{id}</code> },
    { name: 'created', head: words.created, cell: ({ created_at: at }) => dates.dayAndTime(at) },
    {
      name: 'health',
      head: words.health,
      cell: ({ health }) => {
        const standing = health === 'ok' ? 'active' : 'expired'
        return (
          <span className={`pill ${standing}`}>
            <StandingIcon standing={standing} />
            {health === 'ok' ? words.healthy : words.damaged}
          </span>
        )
      },
    },
    {
      name: 'tried',
      head: words.tried,
      cell: ({ kind, this_machine: isThis, confirmed_at: at }) => {
        if (kind === 'machine') return isThis ? words.notNeeded : words.notKnown
        if (at !== null)
          return (
            <time dateTime={at}>
              {dates.dayAndTime(at)}
              <span className="hint">{dates.relative(at, Math.max(nowMs(), Date.parse(at)))}</span>
            </time>
          )
        return (
          <span className="pill soon">
            <StandingIcon standing="soon" />
            {words.never}
          </span>
        )
      },
    },
  ]
}
