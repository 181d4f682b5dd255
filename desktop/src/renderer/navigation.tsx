/** The pages, and how many keys are pressing. */
import { useMemo } from 'react'
import { useConsole, useKnown } from './console-context.ts'
import { standingOf } from './keys/standing.ts'
import { pageNames, pages, type PageName } from './pages.tsx'
import { useJudgedTime } from './use-judged-time.ts'

export const Navigation = ({ at }: { at: PageName }) => {
  const { texts, dates, go, model, nowMs } = useConsole()
  const { keys } = useKnown(model)
  const judgedMs = useJudgedTime(keys, nowMs)
  const pressing = useMemo(
    () => keys.filter((key) => ['expired', 'urgent'].includes(standingOf(key, judgedMs))).length,
    [keys, judgedMs],
  )
  return (
    <nav aria-label={texts.frame.navigation}>
      <p className="product">{texts.product}</p>
      {pageNames.map((name) => {
        const { Icon } = pages[name]
        const badge = name === 'keys' && pressing > 0 ? pressing : null
        return (
          <button key={name} type="button" aria-current={name === at ? 'page' : undefined} onClick={() => go(name)}>
            <Icon />
            <span className="page-name">{texts.pages[name]}</span>
            {badge === null ? null : (
              <span className="badge">
                <span aria-hidden="true">{dates.number(badge)}</span>
                <span className="unseen">{texts.frame.pressing(badge)}</span>
              </span>
            )}
          </button>
        )
      })}
    </nav>
  )
}
