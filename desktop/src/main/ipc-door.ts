/**
 * The way in from the pages. Promises: only the console's own page is answered, and only where its arguments are what the
 * contract says; while the console is locked nothing is told; what fails comes back as a value with the code and the words of a refusal. Never: an exception, a path or a
 * stack of this program.
 */
import { Refusal } from '../bridge.ts'
import type { IpcAnswer, IpcArgs, IpcName, IpcResult } from '../ipc.ts'
import { readArguments } from './ipc-arguments.ts'
import { isOwnPage } from './page-files.ts'

/** The frame that a call came from; nothing of it where it is gone already. */
export interface IpcCaller {
  readonly url: string | undefined
  readonly isTop: boolean
}

export type IpcAnswers = {
  readonly [N in IpcName]: (...args: IpcArgs<N>) => Promise<IpcAnswer<N>> | IpcAnswer<N>
}

export interface IpcDoor {
  ask<N extends IpcName>(name: N, caller: IpcCaller, given: readonly unknown[]): Promise<IpcResult<IpcAnswer<N>>>
}

export interface IpcDoorDeps {
  readonly answers: IpcAnswers
  readonly isLocked: () => boolean
  readonly onFault: (name: IpcName, error: unknown) => void
}

/** What the page that says so needs while the console is locked. */
const answeredWhileLocked: readonly IpcName[] = ['opening', 'reopen', 'readPreferences']

export const createIpcDoor = ({ answers, isLocked, onFault }: IpcDoorDeps): IpcDoor => ({
  ask: async <N extends IpcName>(name: N, { url, isTop }: IpcCaller, given: readonly unknown[]) => {
    try {
      if (!isTop || url === undefined || !isOwnPage(url))
        throw new Refusal('forbidden', 'Only the pages of this console may ask for this.')
      if (isLocked() && !answeredWhileLocked.includes(name))
        throw new Refusal('forbidden', 'The console is locked. Open it again first.')
      const args = readArguments(name, given)
      return { ok: true, value: await answers[name](...args) }
    } catch (error) {
      if (error instanceof Refusal) {
        const { code, message: detail, errors, requestId } = error
        return { ok: false, code, detail, errors, requestId }
      }
      onFault(name, error)
      const detail = 'The console could not do this. Try again, and restart the console if it fails again.'
      return { ok: false, code: 'internal', detail, errors: [], requestId: null }
    }
  },
})
