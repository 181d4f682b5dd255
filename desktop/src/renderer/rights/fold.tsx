/** A part of a form that is folded away. Promises: what is wrong in it is in sight before the focus goes there. */
import { useEffect, useState, type ReactNode } from 'react'

interface FoldProps {
  readonly summary: string
  /** What is in it, in a few words, while it is folded; empty: as it is by default. */
  readonly said?: string
  readonly isWrong: boolean
  readonly isOpen?: boolean
  readonly children: ReactNode
}

export const Fold = ({ summary, said = '', isWrong, isOpen = false, children }: FoldProps) => {
  const [open, setOpen] = useState(isOpen)
  useEffect(() => {
    if (isWrong) setOpen(true)
  }, [isWrong])
  const shown = open || isWrong
  return (
    <details className="more" open={shown} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {summary}
        {shown || said === '' ? null : <span className="hint"> {said}</span>}
      </summary>
      {shown ? children : null}
    </details>
  )
}
