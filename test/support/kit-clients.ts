/** What connector authors do with the kit's files: newman carries out the collection, a generator makes a client of a document. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const packageAt = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
const newman = join(packageAt('newman'), 'bin', 'newman.js')
const generator = join(packageAt('swagger-typescript-api'), 'dist', 'cli.mjs')

/** How a program on this machine gets through: the key, and the file of the authority to trust. */
export interface Access {
  readonly key: string
  readonly caFile: string
}

export interface NewmanRun {
  readonly executions: readonly { item: { name: string }; response?: { code: number } }[]
  readonly failures: readonly object[]
}

/** Runs `postman_collection.json` with `postman_environment.json`, both in `dir`. */
export const runByNewman = async (dir: string, { key, caFile }: Access): Promise<NewmanRun> => {
  const report = join(dir, 'newman.json')
  const files = [join(dir, 'postman_collection.json'), '-e', join(dir, 'postman_environment.json')]
  const reporters = ['--reporters', 'json', '--reporter-json-export', report]
  const trust = ['--ssl-extra-ca-certs', caFile]
  await run(process.execPath, [newman, 'run', ...files, '--env-var', `apiKey=${key}`, ...trust, ...reporters])
  const { run: done } = JSON.parse(await readFile(report, 'utf8')) as { run: NewmanRun }
  return done
}

/** Generates a client from a document beside it and runs `calls` with it as `api`. */
export const runByGenerated = async (
  dir: string,
  document: string,
  { calls, key, caFile }: Access & { calls: string },
): Promise<string> => {
  const name = `${document.replace(/\.json$/, '')}.client`
  await run(process.execPath, [generator, 'generate', '-p', join(dir, document), '-o', dir, '--js', '-n', `${name}.js`])
  const program = join(dir, `${name}.calls.mjs`)
  await writeFile(
    program,
    `import { Api } from './${name}.js'
const api = new Api({ baseApiParams: { headers: { 'X-API-Key': process.env.POSTERN_KEY } } })
${calls}\n`,
  )
  const env = { ...process.env, POSTERN_KEY: key, NODE_EXTRA_CA_CERTS: caFile }
  return (await run(process.execPath, [program], { env })).stdout
}
