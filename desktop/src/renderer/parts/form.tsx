/**
 * A form in a dialog. Promises: what is wrong is said at its field, the first such field gets the focus, no input is lost,
 * and one and the same try is carried out once, however often it is sent.
 */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import type { Texts } from '../texts/texts.ts'
import { Dialog } from './dialog.tsx'

export type Faults<F extends string> = Readonly<Partial<Record<F, string | undefined>>>

const none = {}

export interface FormDialogProps<F extends string> {
  readonly title: string
  readonly submit: string
  /** It destroys something: the button says so. */
  readonly danger?: boolean
  /** Of the dialog. */
  readonly className?: string
  /** Work that takes long, and goes on when the dialog is closed: what is shown meanwhile, and what closing is called then. */
  readonly whileBusy?: { readonly shown: ReactNode; readonly close: string }
  readonly fields: readonly F[]
  /** What is found while somebody types; a new one takes the place of what was said of the same fields before. */
  readonly live?: Faults<F>
  /** What is wrong before anything is sent. */
  readonly check?: () => Faults<F>
  /** `attempt`: the same for each try of the same input. Throws a Refusal. Closes nothing: that is up to the caller. */
  readonly save: (attempt: string) => Promise<void>
  readonly onClose: () => void
  readonly children: (faults: Faults<F>) => ReactNode
}

export const FormDialog = <F extends string>({
  title,
  submit,
  danger = false,
  className,
  whileBusy,
  fields,
  live,
  check,
  save,
  onClose,
  children,
}: FormDialogProps<F>) => {
  const { texts } = useConsole()
  const [found, setFound] = useState<Faults<F>>(none as Faults<F>)
  const [refused, setRefused] = useState('')
  const [busy, setBusy] = useState(false)
  const [attempt, setAttempt] = useState(() => crypto.randomUUID())
  const element = useRef<HTMLFormElement>(null)

  useEffect(() => {
    if (Object.keys(found).length > 0 && !busy)
      element.current?.querySelector<HTMLElement>('[aria-invalid=true][data-told]')?.focus()
  }, [busy])

  useEffect(() => {
    if (live === undefined) return
    const said = new Set(Object.keys(live))
    setFound((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !said.has(field))) as Faults<F>)
  }, [live])

  const send = async (): Promise<void> => {
    const wrong = { ...live, ...check?.() } as Faults<F>
    setBusy(true)
    setFound(wrong)
    setRefused('')
    try {
      if (Object.values(wrong).every((each) => each === undefined)) await save(attempt)
    } catch (error) {
      // What is sent next is another request.
      setAttempt(crypto.randomUUID())
      const told = faultsOf(error, fields)
      setFound(told)
      if (Object.keys(told).length === 0) setRefused(refusedText(error, texts))
    }
    setBusy(false)
  }

  return (
    <Dialog title={title} onClose={onClose} {...(className === undefined ? {} : { className })}>
      <form
        ref={element}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void send()
        }}
      >
        {children({ ...live, ...found })}
        {busy ? whileBusy?.shown : null}
        <p className="fault" role="alert">
          {refused}
        </p>
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {busy && whileBusy !== undefined ? whileBusy.close : texts.common.cancel}
          </button>
          <button type="submit" className={danger ? 'button danger' : 'button primary'} disabled={busy}>
            {busy ? texts.common.working : submit}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** A refusal that names fields is told at them; empty where it names none of these. */
const faultsOf = <F extends string>(error: unknown, fields: readonly F[]): Faults<F> => {
  if (!(error instanceof Refusal)) return none as Faults<F>
  const told = error.code === 'name_taken' ? [{ field: 'name', message: error.message }] : error.errors
  return Object.fromEntries(
    told.flatMap(({ field, message }) => {
      const found = fields.find((each) => field === each || field.startsWith(`${each}.`))
      return found === undefined ? [] : [[found, message]]
    }),
  ) as Faults<F>
}

const refusedText = (error: unknown, texts: Texts): string => {
  if (!(error instanceof Refusal)) return String(error)
  return error.code === 'precondition_failed' ? texts.form.changedMeanwhile : error.message
}

interface FieldControl {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string
  readonly 'data-told': true
}

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly fault: string | undefined
  /** Gets what joins the control to its label and to what is told of it. */
  readonly children: (props: FieldControl) => ReactNode
}

export const Field = ({ label, hint = '', fault, children }: FieldProps) => {
  const id = useId()
  const told = `${id}-told`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': told, 'data-told': true })}
      <span id={told} className={fault === undefined ? 'hint' : 'fault'}>
        {fault ?? hint}
      </span>
    </div>
  )
}
