/** A field of a dialog whose meaning, or fault, is told elsewhere: below the choices it belongs to. */
import { useId, type InputHTMLAttributes } from 'react'

interface ToldFieldProps extends Pick<InputHTMLAttributes<HTMLInputElement>, 'min' | 'max' | 'inputMode'> {
  readonly label: string
  readonly type: 'date' | 'text'
  readonly value: string
  readonly isWrong: boolean
  /** Id of what tells it. */
  readonly toldBy: string
  readonly onText: (text: string) => void
}

export const ToldField = ({ label, isWrong, toldBy, onText, ...input }: ToldFieldProps) => {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        required
        data-told
        aria-invalid={isWrong}
        aria-describedby={toldBy}
        onChange={({ target }) => onText(target.value)}
      />
    </div>
  )
}
