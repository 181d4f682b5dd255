/** Beside the filters: what might be tidied up, and what was deleted. */
import { useDeferredValue, useMemo, useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { RecentlyDeleted } from './recently-deleted.tsx'
import { suggestionsOf } from './suggestions.ts'
import { SuggestionsPanel } from './suggestions-panel.tsx'

const hourMs = 3_600_000

export interface CareLinksProps {
  readonly keys: readonly KeyView[]
  readonly judgedMs: number
  readonly off: string | null
  readonly onImport: () => void
}

export const CareLinks = ({ keys, judgedMs, off, onImport }: CareLinksProps) => {
  const { model, texts } = useConsole()
  const importOff = whyOff(useKnown(model), texts, 'administrator')
  const { suggestions, deleted } = texts.care
  const [open, setOpen] = useState<'suggestions' | 'deleted' | null>(null)
  // Not urgent: uses of keys, which come each second, must not wait for it.
  const settled = useDeferredValue(keys)
  const hour = Math.floor(judgedMs / hourMs)
  const found = useMemo(() => suggestionsOf(settled, hour * hourMs), [settled, hour])
  const close = (): void => setOpen(null)
  return (
    <>
      <div className="care-links">
        {found.count === 0 && open !== 'suggestions' ? null : (
          <button
            type="button"
            className="plain"
            aria-expanded={open === 'suggestions'}
            onClick={() => setOpen(open === 'suggestions' ? null : 'suggestions')}
          >
            {suggestions.open(found.count)}
          </button>
        )}
        <button type="button" className="plain" aria-haspopup="dialog" onClick={() => setOpen('deleted')}>
          {deleted.open}
        </button>
        <button
          type="button"
          className="plain"
          aria-haspopup="dialog"
          aria-disabled={importOff !== null}
          title={importOff ?? undefined}
          onClick={() => {
            if (importOff === null) onImport()
          }}
        >
          {texts.keyImport.open}
        </button>
      </div>
      {open === 'suggestions' ? <SuggestionsPanel of={found} judgedMs={judgedMs} off={off} onClose={close} /> : null}
      {open === 'deleted' ? <RecentlyDeleted off={off} onClose={close} /> : null}
    </>
  )
}
