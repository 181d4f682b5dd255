/** What a schema refused, field by field, in words that name the limit and the fix. Never repeats what was given. */
import type { z } from 'zod'
import { couldHoldSecret } from './key-format.ts'
import type { FieldError } from './problems.ts'

export const fieldErrorsOf = (error: z.ZodError): FieldError[] => error.issues.flatMap((issue) => errorsOf(issue))

const errorsOf = (issue: z.core.$ZodIssue): FieldError[] => {
  const field = issue.path.join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        field: [...issue.path, couldHoldSecret(key) ? '…' : key.slice(0, 100)].join('.'),
        message: 'there is no such field; see the API document for those there are',
      }))
    case 'invalid_value':
      return [{ field, message: `one of ${issue.values.map(String).join(', ')}` }]
    case 'invalid_type':
      return [
        {
          field,
          message:
            issue.input === undefined ? `needed, and of type ${issue.expected}` : `must be of type ${issue.expected}`,
        },
      ]
    case 'too_big':
      return [{ field, message: `at most ${String(issue.maximum)}` }]
    case 'too_small':
      return [{ field, message: `at least ${String(issue.minimum)}` }]
    case 'invalid_union':
      return [{ field, message: 'not in a form that is allowed here; see the API document' }]
    default:
      return [{ field, message: issue.message }]
  }
}
