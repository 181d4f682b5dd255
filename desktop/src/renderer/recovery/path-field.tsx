/** Where a backup lies, as every dialog asks for it. */
import { useConsole } from '../console-context.ts'
import { TextField } from '../notices/text-field.tsx'

interface PathFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly fault: string | undefined
  readonly autoFocus?: boolean
}

export const PathField = (props: PathFieldProps) => {
  const { path, pathHint } = useConsole().texts.recovery
  return <TextField label={path} hint={pathHint} {...props} />
}
