/** Questions to a person, and secrets from standard input. Never: an echo of a secret, or a guess where nobody can answer. */
import { createInterface } from 'node:readline/promises'
import { Secret } from '../problem.ts'
import type { Io } from './io.ts'

/** Wrong usage: said in one sentence, exit code 2. */
export class UsageError extends Error {}

const inputMax = 10_000

/** Asks before harm is done. Without a terminal `--yes` has to be said. */
export const confirm = async (io: Io, question: string, yes: boolean | undefined): Promise<void> => {
  if (yes === true) return
  if (io.stdin.isTTY !== true) throw new UsageError(`${question} Say so with --yes.`)
  const asking = createInterface({ input: io.stdin, output: io.stderr })
  try {
    const answer = await asking.question(`${question} [y/N] `)
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new UsageError('Nothing was changed.')
  } finally {
    asking.close()
  }
}

/** Reads one line from standard input; on a terminal without showing it. */
export const readSecret = async (io: Io, question: string): Promise<Secret> => {
  if (io.stdin.isTTY !== true) {
    let text = ''
    for await (const chunk of io.stdin) {
      text += String(chunk)
      if (text.length > inputMax) throw new UsageError('What came on standard input is too long to be a code.')
    }
    return new Secret(text.trim())
  }
  io.stderr.write(question)
  io.stdin.setRawMode?.(true)
  let text = ''
  try {
    for await (const chunk of io.stdin) {
      for (const character of String(chunk)) {
        if (character === '\u0003') throw new UsageError('Nothing was changed.')
        if (character === '\r' || character === '\n') return new Secret(text.trim())
        text = character === '\u007f' ? text.slice(0, -1) : text + character
      }
    }
    return new Secret(text.trim())
  } finally {
    io.stdin.setRawMode?.(false)
    io.stderr.write('\n')
  }
}
