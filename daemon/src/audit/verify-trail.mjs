#!/usr/bin/env node
// Checks an exported audit trail of Postern with nothing but Node and the public key:
//
//   node verify-trail.mjs EXPORT.jsonl PUBLIC-KEY.pem
//
// Each line names in `prev` the SHA-256 of the line before it. The last line of every append carries `sig`, an Ed25519
// signature over "postern-audit/v1\n<store id>\n<line without sig>". The very last line of the file ends the export and is
// signed for "postern-audit-export/v1". Prints OK or the first bad record; ends with 0 or 1. Take the public key from
// somewhere else than the export: whoever can make up a trail can make up a key with it.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'

const [file, keyFile] = process.argv.slice(2)
if (keyFile === undefined) {
  process.stderr.write('usage: node verify-trail.mjs EXPORT.jsonl PUBLIC-KEY.pem\n')
  process.exit(2)
}
const key = createPublicKey(readFileSync(keyFile))
const sha256 = (line) => createHash('sha256').update(line).digest('hex')
const signature = /^(.*),"sig":"([A-Za-z0-9_-]{86})"\}$/s

const genuine = (line, purpose, store) => {
  const [, start, sig] = signature.exec(line) ?? []
  if (start === undefined) return false
  return verify(null, Buffer.from(`${purpose}\n${store}\n${start}}`), key, Buffer.from(sig, 'base64url'))
}

const say = (text) => process.stdout.write(`${text}\n`)
const fail = (seq, reason) => {
  say(`BAD at record ${seq}: ${reason}`)
  process.exit(1)
}

async function* linesOf(path) {
  let rest = Buffer.alloc(0)
  for await (const piece of createReadStream(path)) {
    rest = Buffer.concat([rest, piece])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString('utf8')
      rest = rest.subarray(end + 1)
    }
  }
  if (rest.length > 0) yield rest.toString('utf8')
}

let store
let first
let last
let count = 0
let batch = []
let ended = false
const gaps = []

for await (const line of linesOf(file)) {
  const expected = (batch.at(-1)?.seq ?? last?.seq ?? first - 1) + 1
  if (ended) fail(expected, 'something follows the end of the export')
  let record
  try {
    record = JSON.parse(line)
  } catch {
    fail(expected || 1, 'the record cannot be read')
  }
  if (record.postern_audit_begin === 1) {
    store = record.store_id
    first = record.from
    continue
  }
  if (first === undefined) fail(1, 'the line that begins an export is missing')
  if (record.postern_audit_end === 1) {
    if (!genuine(line, 'postern-audit-export/v1', store)) fail(expected, 'the end of the export is not genuine')
    const whole =
      record.from === first && record.count === count && record.to === last?.seq && record.head === last.hash
    if (batch.length > 0) fail(batch[0].seq, 'the record is not sealed')
    if (!whole) fail(expected, 'records are missing before the end of the export')
    ended = true
    continue
  }
  batch.push({ line, ...record })
  if (record.prev !== undefined && !signature.test(line)) continue

  // One append: trusted from its seal backwards, as far as the chain holds; then looked at from its first record on.
  let trusted = record.prev === undefined || genuine(line, 'postern-audit/v1', store) ? batch.length - 1 : batch.length
  while (trusted > 0 && trusted < batch.length && sha256(batch[trusted - 1].line) === batch[trusted].prev) trusted -= 1
  batch.forEach(({ line: text, seq, prev, missing }, at) => {
    const next = (last?.seq ?? first - 1) + 1
    const explained = missing?.from === next && missing.to === seq - 1 && at >= trusted
    if (seq !== next && !explained) fail(next, `record ${next} is expected here, ${seq} is found`)
    if (last !== undefined && prev !== undefined && prev !== last.hash)
      fail(at > 0 && at >= trusted ? last.seq : seq, 'it does not fit the record beside it')
    if (last?.chained && prev === undefined) fail(seq, 'the record is not part of the chain')
    if (explained) gaps.push(`${missing.from} to ${missing.to}`)
    last = { seq, hash: sha256(text), chained: prev !== undefined }
    count += 1
  })
  if (trusted === batch.length) fail(record.seq, 'the seal of the record is not genuine')
  batch = []
}
if (!ended) fail(last === undefined ? 1 : last.seq + 1, 'the end of the export is missing')
say(`OK: records ${first} to ${last.seq} of store ${store}, ${count} in all; last ${last.hash}`)
for (const gap of gaps) say(`NOTE: records ${gap} are missing, and a sealed record says so`)
