/** Every key that works, from the table of shortcuts, and where to read on. */
import { useId } from 'react'
import { useConsole } from '../console-context.ts'
import { isPageName } from '../pages.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Command } from '../parts/states.tsx'
import { anywhere, inTable, type Shortcut } from './shortcuts.ts'

const helpCommand = 'postern --help'

export const HelpDialog = ({ onClose }: { onClose: () => void }) => {
  const { texts } = useConsole()
  const { help } = texts
  return (
    <Dialog title={help.title} onClose={onClose} className="help">
      <div className="key-lists">
        <KeyList title={help.anywhere} of={anywhere} does={help.does} />
        <KeyList title={help.inTable} of={inTable} does={help.doesInTable} />
      </div>
      <p>{help.more}</p>
      <Command text={helpCommand} />
      <div className="row end">
        <button type="button" className="button primary" data-focus-first onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}

interface KeyListProps<N extends string> {
  readonly title: string
  readonly of: Readonly<Record<N, Shortcut>>
  readonly does: Readonly<Record<N, string>>
}

const KeyList = <N extends string>({ title, of, does }: KeyListProps<N>) => {
  const { bridge, texts } = useConsole()
  const titleId = useId()
  // What does nothing here is not promised.
  const works = (name: N): boolean =>
    (bridge.door === 'window' || of[name].windowOnly !== true) && (name !== 'settings' || isPageName(name))
  const names = (Object.keys(of) as N[]).filter(works)
  const written = (key: string): string =>
    key
      .split('+')
      .map((part) => (texts.help.keyNames as Readonly<Record<string, string>>)[part] ?? part)
      .join('+')
  const shown = (keys: readonly string[]): readonly string[] =>
    keys.length > 4 ? [`${keys[0] ?? ''}…${keys.at(-1)?.split('+').at(-1) ?? ''}`] : keys
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      <dl className="keys">
        {names.map((name) => (
          <div key={name}>
            <dt>
              {shown(of[name].keys).map((key) => (
                <kbd key={key}>{written(key)}</kbd>
              ))}
            </dt>
            <dd>{does[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
