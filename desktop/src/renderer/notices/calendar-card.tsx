/** A calendar of expiries that calendar programs subscribe to. Promises: its address is shown once, when it is made. */
import { useState } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { StandingIcon } from '../parts/icons.tsx'
import { Fact, Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { SecretDialog } from './secret-dialog.tsx'

type Asking = 'make' | 'again' | 'remove'

export const CalendarCard = ({ off }: { off: string | null }) => {
  const { bridge, model, texts, dates, toasts } = useConsole()
  const { status } = useKnown(model)
  const words = texts.notices
  const calendar = useAsked('calendar.get', {})
  const [asking, setAsking] = useState<Asking | null>(null)
  const [address, setAddress] = useState<{ open: string; whole: string } | null>(null)
  const close = (): void => setAsking(null)
  const make = async (): Promise<void> => {
    const { path, token } = await bridge.makeCalendar()
    const open = `${status?.listeners[0]?.url ?? ''}${path}?token=`
    close()
    calendar.again()
    setAddress({ open: `${open}…`, whole: `${open}${token}` })
  }
  const remove = async (): Promise<void> => {
    await bridge.call('calendar.remove')
    close()
    calendar.again()
    toasts.show(words.calendarRemoved)
  }
  return (
    <section className="card channel" data-channel="calendar">
      <h2>{words.calendar}</h2>
      <Loaded asked={calendar} text={words.loadingChannels} rows={2}>
        {({ created_at: at, path }) => {
          const standing = at === null ? 'disabled' : 'active'
          return (
            <>
              <p className={`mark ${standing}`}>
                <StandingIcon standing={standing} /> {at === null ? words.notSet : words.on}
              </p>
              <p>{words.calendarAbout}</p>
              {at === null ? null : (
                <dl>
                  <Fact label={words.calendarSince}>{dates.dayAndTime(at)}</Fact>
                  <Fact label={words.calendarPath}>
                    <code>{path}</code>
                  </Fact>
                </dl>
              )}
              <div className="row">
                {at === null ? (
                  <ActionButton text={words.calendarMake} off={off} onPress={() => setAsking('make')} />
                ) : (
                  <>
                    <ActionButton text={words.calendarAgain} off={off} onPress={() => setAsking('again')} />
                    <ActionButton
                      text={words.remove}
                      label={`${words.remove} ${words.calendar}`}
                      kind="danger"
                      off={off}
                      onPress={() => setAsking('remove')}
                    />
                  </>
                )}
              </div>
            </>
          )
        }}
      </Loaded>
      {asking === 'make' ? (
        <ConfirmDialog
          title={words.calendarMakeTitle}
          go={words.calendarMakeGo}
          keep={texts.common.cancel}
          act={make}
          onClose={close}
        >
          <p>{words.calendarAbout}</p>
          <p>{words.calendarOnce}</p>
        </ConfirmDialog>
      ) : null}
      {asking === 'again' ? (
        <ConfirmDialog
          title={words.calendarAgainTitle}
          go={words.calendarAgainGo}
          keep={words.keepIt}
          danger
          act={make}
          onClose={close}
        >
          <p>{words.calendarAgainAbout}</p>
        </ConfirmDialog>
      ) : null}
      {asking === 'remove' ? (
        <ConfirmDialog
          title={words.calendarRemoveTitle}
          go={words.calendarRemoveGo}
          keep={words.keepIt}
          danger
          act={remove}
          onClose={close}
        >
          <p>{words.calendarRemoveAbout}</p>
        </ConfirmDialog>
      ) : null}
      {address === null ? null : (
        <SecretDialog
          title={words.calendarTitle}
          label={words.url}
          value={address.whole}
          masked={address.open}
          onClose={() => setAddress(null)}
        >
          <p className="hint">{words.calendarOnce}</p>
          <p className="hint">{words.calendarPassword}</p>
          <p className="hint">{words.calendarHost}</p>
        </SecretDialog>
      )}
    </section>
  )
}
