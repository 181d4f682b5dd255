/** What might be tidied up among the keys, each with one click that does it and can be undone. */
import { useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field, FormDialog } from '../parts/form.tsx'
import { CloseIcon } from '../parts/icons.tsx'
import type { Suggestions } from './suggestions.ts'
import { useKeyActions } from './use-key-actions.ts'

const shownOfEach = 8

interface PanelProps {
  readonly of: Suggestions
  readonly judgedMs: number
  readonly off: string | null
  readonly onClose: () => void
}

export const SuggestionsPanel = ({ of: { unused, noOwner }, judgedMs, off, onClose }: PanelProps) => {
  const { texts, dates } = useConsole()
  const { suggestions } = texts.care
  const { disable } = useKeyActions()
  const [owned, setOwned] = useState<KeyView | null>(null)
  const usedText = ({ last_used_at: usedAt }: KeyView): string =>
    usedAt === null ? suggestions.never : suggestions.lastUsed(dates.relative(usedAt, judgedMs))
  return (
    <section className="suggestions" aria-label={suggestions.title}>
      <div className="top">
        <h2>{suggestions.title}</h2>
        <button type="button" className="plain" aria-label={texts.common.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <div className="kinds">
        <Kind
          title={suggestions.unused}
          why={suggestions.unusedWhy}
          keys={unused}
          said={usedText}
          act={suggestions.disable}
          actOf={suggestions.disableOf}
          off={off}
          onAct={disable}
        />
        <Kind
          title={suggestions.noOwner}
          why={suggestions.noOwnerWhy}
          keys={noOwner}
          said={usedText}
          act={suggestions.setOwner}
          actOf={suggestions.setOwnerOf}
          off={off}
          onAct={setOwned}
        />
      </div>
      {owned === null ? null : <OwnerDialog of={owned} onClose={() => setOwned(null)} />}
    </section>
  )
}

interface KindProps {
  readonly title: string
  readonly why: string
  readonly keys: readonly KeyView[]
  readonly said: (key: KeyView) => string
  readonly act: string
  readonly actOf: (name: string) => string
  readonly off: string | null
  readonly onAct: (key: KeyView) => void
}

const Kind = ({ title, why, keys, said, act, actOf, off, onAct }: KindProps) => {
  const { texts } = useConsole()
  if (keys.length === 0) return null
  return (
    <div className="kind">
      <h3>{title}</h3>
      <p className="hint">{why}</p>
      <ul className="plain-list">
        {keys.slice(0, shownOfEach).map((key) => (
          <li key={key.id} data-suggested={key.id}>
            <span className="cut" title={key.name}>
              {key.name}
            </span>
            <span className="hint">{said(key)}</span>
            <button
              type="button"
              className="button"
              aria-label={actOf(key.name)}
              disabled={off !== null}
              title={off ?? undefined}
              onClick={() => onAct(key)}
            >
              {act}
            </button>
          </li>
        ))}
      </ul>
      {keys.length > shownOfEach ? (
        <p className="hint">{texts.care.suggestions.others(keys.length - shownOfEach)}</p>
      ) : null}
    </div>
  )
}

const fields = ['owner'] as const

const OwnerDialog = ({ of: key, onClose }: { of: KeyView; onClose: () => void }) => {
  const { texts } = useConsole()
  const { suggestions } = texts.care
  const { edit } = useKeyActions()
  const [owner, setOwner] = useState('')
  return (
    <FormDialog
      title={suggestions.ownerTitle(key.name)}
      submit={texts.form.save}
      fields={fields}
      check={() => (owner.trim() === '' ? { owner: suggestions.ownerMissing } : {})}
      save={async () => {
        await edit(key, { owner: owner.trim() })
        onClose()
      }}
      onClose={onClose}
    >
      {(faults) => (
        <Field label={texts.form.owner} hint={texts.form.ownerHint} fault={faults.owner}>
          {(props) => (
            <input
              {...props}
              type="text"
              autoFocus
              autoComplete="off"
              value={owner}
              onChange={(event) => setOwner(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  )
}
