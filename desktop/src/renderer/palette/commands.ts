/** What the palette offers: THE table of commands that stand alone, and what can be done with each key. */
import { useMemo } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole, useKnown, whyOff, type Console } from '../console-context.ts'
import { anywhere } from '../help/shortcuts.ts'
import { healthReport } from '../health-report.ts'
import { useKeyActions, type KeyActions } from '../keys/use-key-actions.ts'
import { pageNames } from '../pages.tsx'
import { themes } from '../theme.ts'
import {
  addEquivalent,
  backupEquivalents,
  helpEquivalent,
  keyEquivalent,
  keyVerbs,
  kitEquivalent,
  pageEquivalents,
  reportEquivalent,
  whyEquivalent,
  type KeyVerb,
} from './equivalents.ts'
import { begins, findPairs, recentFirst, wordsOf } from './find.ts'

export interface Command {
  /** Kept among those used lately. */
  readonly id: string
  readonly text: string
  /** As words of the command line; null: no command does this. */
  readonly equivalent: readonly string[] | null
  readonly shortcut?: string
  /** Why it cannot be done now. */
  readonly off?: string | null
  run(): void
}

const shownMost = 60

const backupCommands = ['create', 'prove', 'verify', 'restore', 'schedule'] as const

/** A new command is a row here. */
const standingCommands = (console: Console, off: string | null): readonly Command[] => {
  const { texts, model, bridge, toasts, preferences, go, open } = console
  const { commands } = texts.palette
  const known = model.get()
  const copyReport = (): void =>
    void bridge.copyText(healthReport(known)).then(() => toasts.show(texts.palette.reportCopied))
  const windowOnly = bridge.door === 'window'
  return [
    ...pageNames.map((name, at) => ({
      id: `page:${name}`,
      text: texts.palette.goTo(texts.pages[name]),
      equivalent: pageEquivalents[name] ?? null,
      ...(windowOnly && at < anywhere.page.keys.length ? { shortcut: anywhere.page.keys[at] ?? '' } : {}),
      run: () => go(name),
    })),
    {
      id: 'add',
      text: commands.add,
      equivalent: addEquivalent,
      ...(windowOnly ? { shortcut: 'Ctrl+N' } : {}),
      off,
      run: () => go('keys', 'add'),
    },
    {
      id: 'import',
      text: commands.import,
      equivalent: null,
      off: whyOff(known, texts, 'administrator'),
      run: () => go('keys', 'do:import'),
    },
    ...backupCommands.map((name) => ({
      id: name,
      text: commands[name],
      equivalent: backupEquivalents[name],
      off: whyOff(known, texts, 'administrator'),
      run: () => go('recovery', `do:${name}`),
    })),
    { id: 'why', text: commands.why, equivalent: whyEquivalent, run: () => go('usage', 'why') },
    { id: 'kit', text: commands.kit, equivalent: kitEquivalent, run: () => go('clients', 'do:kit') },
    { id: 'report', text: commands.report, equivalent: reportEquivalent, run: copyReport },
    { id: 'refresh', text: commands.refresh, equivalent: null, shortcut: 'F5', run: () => void model.refresh() },
    ...(preferences.isSettled('theme') ? [] : themes).map((theme) => ({
      id: `theme:${theme}`,
      text: texts.palette.theme[theme],
      equivalent: null,
      run: () => preferences.set('theme', theme),
    })),
    { id: 'help', text: commands.help, equivalent: helpEquivalent, shortcut: 'F1', run: () => open('help') },
    { id: 'notes', text: commands.notes, equivalent: null, run: () => open('notes') },
    ...(bridge.enter === null
      ? []
      : [{ id: 'end', text: texts.frame.endSession, equivalent: null, run: () => bridge.end() }]),
  ]
}

interface Doing {
  readonly console: Console
  readonly actions: KeyActions
  readonly off: string | null
}

const keyCommand = (verb: KeyVerb, key: KeyView, { console, actions, off }: Doing): Command => {
  const { texts, go } = console
  const notKept = verb === 'copy' && key.reveal !== 'always' ? texts.keys.notKept : null
  const acts = verb === 'copy' || verb === 'disable' || verb === 'enable'
  return {
    id: `${verb}:${key.id}`,
    text: texts.palette.keyVerbs[verb](key.name),
    equivalent: keyEquivalent(verb, key),
    off: verb === 'view' || verb === 'why' || verb === 'kit' ? null : (off ?? notKept),
    run: () => (acts ? actions[verb](key) : go('keys', `${verb}:${key.id}`)),
  }
}

/** For what was typed: what was used lately, what stands alone, and what can be done with keys of such names. */
export const useCommands = (text: string, recent: readonly string[]): readonly Command[] => {
  const console = useConsole()
  const known = useKnown(console.model)
  const actions = useKeyActions()
  const off = whyOff(known, console.texts)
  const { keys } = known
  return useMemo(() => {
    const wanted = wordsOf(text)
    const also: Readonly<Record<string, string>> = console.texts.palette.also
    const fits = (verb: KeyVerb, key: KeyView): boolean =>
      verb === 'disable' ? key.state !== 'disabled' : verb === 'enable' ? key.state === 'disabled' : true
    const commandOf = (verb: KeyVerb, key: KeyView): Command => keyCommand(verb, key, { console, actions, off })
    const standing = standingCommands(console, off).filter(({ id, text: said }) =>
      begins(wanted, wordsOf(`${said} ${also[id] ?? ''}`)),
    )
    if (wanted.length === 0) {
      const lately = recent.flatMap((id) => {
        const [verb, of] = id.split(':')
        const found = keyVerbs.find((each) => each === verb)
        const key = keys.find((each) => each.id === of)
        return found === undefined || key === undefined || !fits(found, key) ? [] : [commandOf(found, key)]
      })
      return recentFirst([...standing, ...lately], recent)
    }
    const verbs = keyVerbs.map((verb) => ({
      verb,
      words: wordsOf(`${console.texts.palette.keyVerbs[verb]('')} ${also[verb] ?? ''}`),
      fits: (key: KeyView) => fits(verb, key),
    }))
    const pairs = findPairs(wanted, { things: keys, nameOf: ({ name }) => name, verbs }, shownMost)
    const found = [...standing, ...pairs.map(({ thing, verb }) => commandOf(verb, thing))]
    return recentFirst(found, recent).slice(0, shownMost)
  }, [text, recent, console, actions, off, keys])
}
