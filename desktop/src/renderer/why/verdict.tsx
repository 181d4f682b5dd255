/** A verdict with every rule that was asked, in order: a shape and a word for each, so that no colour is needed. */
import { useEffect, useRef } from 'react'
import type { Explanation, RuleAnswer } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { actionText } from '../audit/in-words.ts'
import type { Standing } from '../keys/standing.ts'
import { StandingIcon } from '../parts/icons.tsx'

export const Verdict = ({ of: found }: { of: Explanation }) => {
  const { texts, dates } = useConsole()
  const { why } = texts
  const passes = found.verdict === 'allow'
  const isOpen = passes && found.rules.some(({ outcome }) => outcome === 'unknown')
  const when = dates.dayAndTime(found.at)
  const box = useRef<HTMLDivElement>(null)
  // What is asked stands above, and may leave no room for the answer.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <>
      <div ref={box} className={passes ? 'verdict fine' : 'verdict'}>
        <StandingIcon standing={isOpen ? 'soon' : passes ? 'active' : 'expired'} />
        <div>
          <p>
            <strong>{isOpen ? why.passesPerhaps : passes ? why.passes : why.refused(found.status ?? 0)}</strong>{' '}
            {found.reason === null ? '' : `${texts.usage.reasons[found.reason]}.`}
          </p>
          <p>{found.judged_by === 'live' ? why.judgedNow(when) : why.judgedToday(when)}</p>
        </div>
      </div>
      <h3>{why.rules}</h3>
      <ol className="rules">
        {found.rules.map((rule) => (
          <Rule key={rule.rule} of={rule} />
        ))}
      </ol>
      {found.changed_since.length === 0 ? null : (
        <>
          <h3>{why.changed}</h3>
          <ul className="plain-list">
            {found.changed_since.map(({ at, action, by }, index) => (
              <li key={`${at} ${index}`}>{why.change(dates.dayAndTime(at), by, actionText({ action }, texts))}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const shapeOf: Readonly<Record<RuleAnswer['outcome'], Standing>> = {
  pass: 'active',
  refuse: 'expired',
  not_asked: 'disabled',
  unknown: 'soon',
}

const Rule = ({ of: { rule, outcome, said } }: { of: RuleAnswer }) => {
  const { texts } = useConsole()
  const { why } = texts
  return (
    <li className={`rule ${outcome}`}>
      <StandingIcon standing={shapeOf[outcome]} />
      <span className="outcome">{why.outcomes[outcome]}</span>
      <span>{why.rule[rule]}</span>
      <span className="hint">{said}</span>
    </li>
  )
}
