/** Above the table: the filters, how many keys they leave, and how high the rows are. */
import { useMemo } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { LinesIcon } from '../parts/icons.tsx'
import { usePreference, useSettled } from '../preferences.ts'
import { densities, type Density } from './density.ts'
import { chips, inChip, type Chip } from './search.ts'

interface ChipsProps {
  readonly keys: readonly KeyView[]
  readonly chosen: Chip
  readonly onChoose: (chip: Chip) => void
  readonly judgedMs: number
  readonly shown: number
}

export const useDensity = () => usePreference('density', densities, 'normal')

export const Chips = ({ keys, chosen, onChoose, judgedMs, shown }: ChipsProps) => {
  const { texts, dates } = useConsole()
  const counts = useMemo(
    () => chips.map((chip) => keys.reduce((count, key) => count + (inChip(key, chip, judgedMs) ? 1 : 0), 0)),
    [keys, judgedMs],
  )
  return (
    <div className="chips" role="group" aria-label={texts.keys.filter}>
      {chips.map((chip, at) => (
        <button key={chip} type="button" className="chip" aria-pressed={chip === chosen} onClick={() => onChoose(chip)}>
          {texts.keys.chips[chip]} <span className="count">{dates.number(counts[at] ?? 0)}</span>
        </button>
      ))}
      <span className="hint shown">{texts.keys.shown(shown)}</span>
      <DensityChoice />
    </div>
  )
}

const lines: Readonly<Record<Density, 2 | 3 | 4>> = { compact: 4, normal: 3, comfortable: 2 }

const DensityChoice = () => {
  const { texts } = useConsole()
  const [density, setDensity] = useDensity()
  if (useSettled('density')) return null
  return (
    <span className="density" role="group" aria-label={texts.grid.density}>
      {densities.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === density}
          aria-label={texts.grid.densities[each]}
          title={texts.grid.densities[each]}
          onClick={() => setDensity(each)}
        >
          <LinesIcon lines={lines[each]} />
        </button>
      ))}
    </span>
  )
}
