/**
 * Runs a program in the foreground. Promises: signals reach it once, its exit code comes back, and a program started
 * with `endsWithParent` does not outlive this one, however this one ends. Never: a shell in between.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './install-first.mjs'

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ endsWithParent?: boolean, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options] `endsWithParent` is for
 * Node programs only; after `timeoutMs` the program is killed
 * @returns {Promise<number>} the exit code; 128 + n for a program that signal n ended
 */
export const runChild = async (program, args, { endsWithParent = false, env, timeoutMs } = {}) => {
  const preload = ['--import', new URL('end-with-parent.mjs', import.meta.url).href]
  const child = spawn(program, endsWithParent ? [...preload, ...args] : args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: endsWithParent ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  })
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const stopForwarding = forwardSignals((signal) => child.kill(signal))
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    })
  } finally {
    clearTimeout(timer)
    stopForwarding()
  }
}

/** @param {(signal: NodeJS.Signals) => void} send */
const forwardSignals = (send) => {
  /** @type {Set<NodeJS.Signals>} */
  const sent = new Set()
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    // A terminal sends Ctrl-C to every program in the foreground, and npm passes it on once more: a daemon that takes
    // the second one as "at once" must see only one.
    const terminalSentIt = signal === 'SIGINT' && process.stdin.isTTY
    if (!terminalSentIt && !sent.has(signal)) send(signal)
    sent.add(signal)
  }
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
  }
}
