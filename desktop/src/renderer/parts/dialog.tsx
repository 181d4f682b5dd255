/** A modal dialog: the browser's own, which keeps the focus inside, ends with Escape and gives the focus back. */
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'

export interface DialogProps {
  readonly title: string
  readonly alert?: boolean
  /** Besides `dialog`. */
  readonly className?: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export const Dialog = ({ title, alert = false, className = '', onClose, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // `autofocus` is no use to what is not shown yet.
    element?.querySelector<HTMLElement>('[data-focus-first]')?.focus()
    // As when one comes by Tab: what is typed takes the place of what is there.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.select()
    // Closed before it is taken away: only then the focus goes back to where it was.
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      role={alert ? 'alertdialog' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  )
}
