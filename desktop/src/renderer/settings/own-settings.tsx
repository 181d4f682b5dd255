/** What somebody chooses for this console alone: how it looks, and for how long a copied secret stays in the clipboard. */
import { useEffect, useId, useState, type ReactNode } from 'react'
import { clipboardChoices, clipboardDefault, lockChoices, lockDefault } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { densities } from '../keys/density.ts'
import { LockIcon } from '../parts/icons.tsx'
import { usePreference, useSettled } from '../preferences.ts'
import { themes } from '../theme.ts'
import { shownZones } from '../use-shown-dates.ts'

const clockEveryMs = 1_000

export const OwnSettings = () => {
  const { bridge, texts } = useConsole()
  const isWindow = bridge.door === 'window'
  const words = texts.settings
  return (
    <section aria-labelledby="own-settings">
      <h2 id="own-settings">{words.own}</h2>
      <p className="hint">{isWindow ? words.ownAboutWindow : words.ownAbout}</p>
      <Choices name="theme" choices={themes} fallback="system" label={words.theme} names={words.themes} />
      <Choices name="density" choices={densities} fallback="normal" label={words.density} names={words.densities} />
      <Choices name="zone" choices={shownZones} fallback="gateway" label={words.zone} names={words.zones}>
        <Zone />
      </Choices>
      <Choices
        name="clipboard"
        choices={clipboardChoices}
        fallback={clipboardDefault}
        label={words.clipboard}
        names={words.clipboards}
      >
        {words.clipboardHint}
      </Choices>
      <Choices name="lock" choices={lockChoices} fallback={lockDefault} label={words.lock} names={words.locks}>
        {isWindow ? words.lockHintWindow : words.lockHintBrowser}
      </Choices>
    </section>
  )
}

interface ChoicesProps<T extends string> {
  /** Of the preference. */
  readonly name: string
  readonly choices: readonly T[]
  readonly fallback: T
  readonly label: string
  readonly names: Readonly<Record<T, string>>
  readonly children?: ReactNode
}

const Choices = <T extends string>({ name, choices, fallback, label, names, children }: ChoicesProps<T>) => {
  const [chosen, choose] = usePreference(name, choices, fallback)
  const { texts } = useConsole()
  const isSettled = useSettled(name)
  const hintId = useId()
  return (
    <fieldset className="choices" aria-describedby={children === undefined && !isSettled ? undefined : hintId}>
      <legend>{label}</legend>
      {choices.map((each) => (
        <label key={each} className="choice">
          <input
            type="radio"
            name={name}
            checked={chosen === each}
            disabled={isSettled}
            onChange={() => choose(each)}
          />
          {names[each]}
        </label>
      ))}
      {children === undefined && !isSettled ? null : (
        <p id={hintId} className="hint">
          {isSettled ? (
            <span className="settled">
              <LockIcon /> {texts.settings.settled}
            </span>
          ) : null}{' '}
          {children}
        </p>
      )}
    </fieldset>
  )
}

/** What time it is in the chosen zone, and in which one keys end. */
const Zone = () => {
  const { texts, dates, nowMs } = useConsole()
  const [ms, setMs] = useState(nowMs)
  useEffect(() => {
    const timer = setInterval(() => setMs(nowMs()), clockEveryMs)
    return () => clearInterval(timer)
  }, [nowMs])
  const now = texts.settings.zoneNow(dates.time(ms), dates.shownZone)
  return dates.shownZone === dates.zone ? now : `${now} ${texts.settings.zoneEnds(dates.zone)}`
}
