/** A load on one address: wrk where it is installed, else a plain client of our own, which says that it is used. */
import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'

export interface Load {
  readonly headers: readonly string[]
  readonly connections: number
  readonly seconds: number
  readonly core: number | undefined
}

const hasWrk = spawnSync('wrk', ['-v']).error === undefined

/** Answers a second. Throws when any answer is not 2xx. */
export const load = async (url: string, asked: Load): Promise<number> =>
  hasWrk ? loadByWrk(url, asked) : loadByClient(url, asked)

const loadByWrk = (url: string, { headers, connections, seconds, core }: Load): number => {
  const command = [
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    ...headers.flatMap((header) => ['-H', header]),
    url,
  ]
  const [program = '', ...args] = core === undefined ? command : ['taskset', '-c', String(core), ...command]
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' })
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

const loadByClient = async (url: string, { headers, connections, seconds }: Load): Promise<number> => {
  const { hostname, port, pathname } = new URL(url)
  const request = Buffer.from(
    `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`,
  )
  const endsAtMs = Date.now() + seconds * 1000
  let answers = 0
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () => socket.write(request))
          socket.on('data', (chunk: Buffer) => {
            // Small answers come in one piece; anything else is not what is measured here.
            if (!chunk.subarray(0, 12).equals(good)) return reject(new Error(chunk.toString('latin1').slice(0, 200)))
            answers += 1
            if (Date.now() < endsAtMs) socket.write(request)
            else socket.destroy()
          })
          socket.on('close', () => resolve())
          socket.on('error', reject)
        }),
    ),
  )
  return answers / seconds
}

const good = Buffer.from('HTTP/1.1 200')
