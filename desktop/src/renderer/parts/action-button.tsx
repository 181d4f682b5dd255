/** A button that may be off: it stays where it is, keeps the focus, and says why when it is pressed all the same. */
import { useConsole } from '../console-context.ts'

interface ActionButtonProps {
  readonly text: string
  readonly onPress: () => void
  /** Why it is off; null: it is not. */
  readonly off: string | null
  readonly kind?: 'primary' | 'danger'
  /** Where the text alone does not say what it is about. */
  readonly label?: string
}

export const ActionButton = ({ text, onPress, off, kind, label }: ActionButtonProps) => {
  const { toasts } = useConsole()
  return (
    <button
      type="button"
      className={kind === undefined ? 'button' : `button ${kind}`}
      aria-disabled={off !== null}
      aria-label={label}
      title={off ?? undefined}
      onClick={() => {
        if (off === null) onPress()
        else toasts.show(off, { key: 'off' })
      }}
    >
      {text}
    </button>
  )
}
