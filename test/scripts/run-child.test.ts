import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { runChild } from '../../scripts/run-child.mjs'

const runner = new URL('../../scripts/run-child.mjs', import.meta.url).href

/** A command that runs, as `npm start` does, a program that tells its pid and each signal it gets. */
const startCommand = (program: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { runChild } from ${JSON.stringify(runner)}
       process.exitCode = await runChild(process.execPath, ['--eval', process.argv[1]], { endsWithParent: true })`,
      program,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

const daemon = `
  let signals = 0
  process.on('SIGINT', () => { signals += 1; setImmediate(() => { console.log('stopped after ' + signals); process.exit(7) }) })
  setInterval(() => {}, 1e6)
  console.log('pid ' + process.pid)`

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('scripts: run a child', () => {
  it('the exit code of the program is the answer', async () => {
    assert.equal(await runChild(process.execPath, ['--eval', 'process.exit(3)']), 3)
    assert.equal(await runChild(process.execPath, ['--eval', '']), 0)
  })

  it('a program ended by a signal is told apart from one that ended well', async () => {
    assert.equal(await runChild(process.execPath, ['--eval', 'process.kill(process.pid, "SIGKILL")']), 137)
  })

  it('a program that outlasts its time is killed', async () => {
    assert.equal(await runChild(process.execPath, ['--eval', 'setInterval(() => {}, 1e6)'], { timeoutMs: 200 }), 137)
  })

  it('a program that is not there is an error, not a success', async () => {
    await assert.rejects(runChild('/nonexistent/program', []), /ENOENT/)
  })

  it('an interrupt reaches the program once, and its exit code comes back', async () => {
    const command = startCommand(daemon)
    let output = ''
    command.stdout?.on('data', (bytes: Buffer) => {
      output += bytes.toString()
      if (output.startsWith('pid ') && !output.includes('stopped')) command.kill('SIGINT')
    })
    const [code] = (await once(command, 'exit')) as [number | null]
    assert.equal(code, 7)
    assert.match(output, /stopped after 1/)
  })

  it('a program does not outlive its command, even one that was killed', async () => {
    const command = startCommand(`setInterval(() => {}, 1e6); console.log('pid ' + process.pid)`)
    assert.ok(command.stdout)
    const [bytes] = (await once(command.stdout, 'data')) as [Buffer]
    const pid = Number(/pid (\d+)/.exec(bytes.toString())?.[1])
    assert.ok(isAlive(pid))
    command.kill('SIGKILL')
    const deadline = Date.now() + 5000
    while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.equal(isAlive(pid), false)
  })
})
