/** What is sent to take an edit back: what it has changed, as it was, and nothing else. Pure. */
import { bodiesOf, type EditOf, type Kind, type ViewOf } from './kinds.ts'

export interface Back<K extends Kind> {
  /** Empty: nothing of it can be taken back. */
  readonly was: EditOf[K]
  /** False: the rest of the edit stays. */
  readonly isWhole: boolean
}

/** How callers of a client sign in goes by a secret that the service shows nobody: once it is another, there is no way back. */
const signInParts: readonly string[] = ['accepts', 'sign_in']

export const backOf = <K extends Kind>(kind: K, record: ViewOf[K], edit: EditOf[K]): Back<K> => {
  const before = (bodiesOf[kind] as (view: ViewOf[K]) => EditOf[K])(record)
  const isWhole = !losesSecret(record, edit)
  const was = Object.entries(before).filter(([field]) => field in edit && (isWhole || !signInParts.includes(field)))
  return { was: Object.fromEntries(was) as EditOf[K], isWhole }
}

const losesSecret = (record: ViewOf[Kind], edit: EditOf[Kind]): boolean => {
  if (!('sign_in' in record) || record.sign_in?.secret_set !== true) return false
  if (!('sign_in' in edit) || edit.sign_in === undefined) return false
  const { sign_in: next } = edit
  return next === null || next.kind !== 'jwt' || next.secret !== undefined || next.public_key !== undefined
}
