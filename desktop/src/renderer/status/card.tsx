/** A card of the status page. Promises: one that needs somebody says so in colour, shape and words, and has one first action. */
import type { ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { isPageName } from '../pages.tsx'
import { StandingIcon } from '../parts/icons.tsx'
import type { Tone } from './judge.ts'

export interface CardAction {
  readonly text: string
  readonly run: () => void
}

interface CardProps {
  readonly title: string
  readonly tone?: Tone
  readonly wide?: boolean
  readonly action?: CardAction | null
  readonly children: ReactNode
}

export const Card = ({ title, tone = 'fine', wide = false, action = null, children }: CardProps) => {
  const { texts } = useConsole()
  return (
    <section className={`card ${tone}${wide ? ' wide' : ''}`}>
      <h2>
        <span>{title}</span>
        {tone === 'fine' ? null : (
          <span className={`pill ${tone}`}>
            <StandingIcon standing={tone} />
            {tone === 'urgent' ? texts.status.dangerMark : texts.status.attentionMark}
          </span>
        )}
      </h2>
      {children}
      {action === null ? null : (
        <p className="act">
          <button type="button" className={tone === 'fine' ? 'button' : 'button primary'} onClick={action.run}>
            {action.text}
          </button>
        </p>
      )}
    </section>
  )
}

/** To the page where it can be mended, where there is one; else the command that does it. */
export const useWayTo = (): ((page: string, line: string) => CardAction) => {
  const { texts, go } = useConsole()
  const copy = useCopyAction()
  return (page, line) =>
    isPageName(page) ? { text: texts.palette.goTo(texts.pages[page]), run: () => go(page) } : copy(line)
}

/** Puts a command into the clipboard. */
export const useCopyAction = (): ((line: string, text?: string) => CardAction) => {
  const { bridge, texts, toasts } = useConsole()
  return (line, text = texts.status.copyCommand) => ({
    text,
    run: () => void bridge.copyText(line).then(() => toasts.show(texts.common.copied)),
  })
}
