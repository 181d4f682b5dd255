/**
 * Calls as scripts, for people who begin with one. Promises: the key comes from the environment variable POSTERN_KEY; only one
 * call is carried out, and only one that reads: the others stand beside it as comments. Pure.
 */
import { callFor, commentText, trustFor, type SnippetGateway, type SnippetKind } from '@postern/shared'
import { operationsOf, takesBody, urlForHost, type Operation } from './operations.ts'
import { placeholderOf } from './postman.ts'
import type { KitSource } from './source.ts'

const callsMax = 20

export const scriptNames: Readonly<Record<SnippetKind, string>> = {
  curl: 'calls.sh',
  powershell: 'calls.ps1',
  node: 'calls.mjs',
}

export const scriptOf = (source: KitSource, kind: SnippetKind): string => {
  const operations = operationsOf(source)
  const first = firstToTry(operations)
  const shown = [...(first === null ? [] : [first]), ...operations.filter((each) => each !== first)].slice(0, callsMax)
  const mark = kind === 'node' ? '//' : '#'
  const { baseUrl: url, caFile } = source
  const left = operations.length - shown.length
  const lines = [
    ...(kind === 'curl' ? ['#!/bin/sh'] : []),
    `${mark} ${commentText(`${source.title} ${source.version}`)}`,
    `${mark} The key is read from the environment variable POSTERN_KEY. Replace what begins with YOUR_.`,
    ...(caFile !== null && url.startsWith('https:')
      ? [`${mark} The authority to trust lies on the gateway's machine; elsewhere name the copy you have made of it.`]
      : []),
    ...(first === null
      ? [`${mark} Each of these calls may change something: take the mark off the one you want.`]
      : []),
    ...guardOf(kind),
    trustFor(kind, { url, caFile }, scriptNames.node).trimEnd(),
    ...shown.flatMap((operation) =>
      callLines(operation, { url, caFile }, { kind, mark, isFirst: operation === first }),
    ),
    ...(left === 0 ? [] : ['', `${mark} ${left} more are in the documents of this kit.`]),
  ]
  // Windows PowerShell takes a file without the mark for one in the system's own code page.
  const begin = kind === 'powershell' ? '\uFEFF' : ''
  return `${begin}${lines.filter((line, at) => line !== '' || lines[at - 1] !== '').join('\n')}\n`
}

/**
 * One that reads: rather at the gateway's own address, for whose name everybody can look up, and with the fewest segments to
 * fill in. `null`: none reads.
 */
const firstToTry = (operations: readonly Operation[]): Operation | null => {
  const open = ({ segments }: Operation): number => segments.filter(({ kind }) => kind !== 'literal').length
  const elsewhere = ({ hosts }: Operation): number => (hosts.length === 0 ? 0 : 1)
  const reading = operations.filter(({ method }) => method === 'GET')
  return reading.toSorted((one, other) => elsewhere(one) - elsewhere(other) || open(one) - open(other))[0] ?? null
}

const guardOf = (kind: SnippetKind): string[] =>
  kind === 'curl'
    ? [': "${POSTERN_KEY:?put the key into the environment variable POSTERN_KEY}"']
    : kind === 'powershell'
      ? [`if (-not $env:POSTERN_KEY) { throw 'Put the key into the environment variable POSTERN_KEY.' }`]
      : [`if (!process.env.POSTERN_KEY) throw new Error('Put the key into the environment variable POSTERN_KEY.')`]

/** Each of its lines: the name of a file may have some. */
const commented = (call: string, mark: string): string[] =>
  call.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `${mark} ${line}`)

const callLines = (
  operation: Operation,
  gateway: SnippetGateway,
  { kind, mark, isFirst }: { kind: SnippetKind; mark: string; isFirst: boolean },
): string[] => {
  const path = operation.segments
    .map((segment) => `/${segment.kind === 'literal' ? segment.text : placeholderOf(segment.name)}`)
    .join('')
  const [host] = operation.hosts
  const url = host === undefined ? gateway.url : urlForHost(gateway.url, host)
  const call = callFor(
    kind,
    { url, caFile: gateway.caFile },
    { method: operation.method, path, ...(takesBody(operation) ? { body: true } : {}) },
  )
  const line = kind === 'node' ? `console.log(await (${call}).text())` : call
  const told = commentText(operation.summary)
  const head = commentText(`${operation.method} ${operation.path}`)
  return ['', `${mark} ${told === head ? head : `${head}: ${told}`}`, ...(isFirst ? [line] : commented(line, mark))]
}
