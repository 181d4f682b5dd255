/** A notice is kept once, over openings and compaction. */
import assert from 'node:assert/strict'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Notice } from '@postern/shared'
import { openNoticeBook, type NoticeBook } from '../../../daemon/src/notices/notice-book.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('notice book', () => {
  let dir: string
  let nowMs = 0
  let book: NoticeBook
  beforeEach(async () => {
    dir = await temporaryDir()
    nowMs = Date.UTC(2026, 0, 1)
    book = await openNoticeBook({ dir, now: () => nowMs })
  })
  afterEach(async () => {
    await book.close()
    await rm(dir, { recursive: true, force: true })
  })
  const reopen = async (): Promise<void> => {
    await book.close()
    book = await openNoticeBook({ dir, now: () => nowMs })
  }
  const notice = (id: string): Notice => ({
    id,
    kind: 'key_expiry',
    severity: 'urgent',
    at: new Date(nowMs).toISOString(),
    subject: { kind: 'key', id, name: id },
    text: id,
  })
  const raise = (...ids: string[]) => book.raise(ids.map(notice), ['log', 'mail'], () => new Date(nowMs).toISOString())
  const accept = (ids: string[], channel: 'log' | 'mail') =>
    book.receive(ids, {
      channel,
      state: 'accepted',
      attempts: 1,
      at: new Date(nowMs).toISOString(),
      note: 'ok',
      next_at: null,
    })

  it('an id is raised once, whatever comes again, and what is owed survives', async () => {
    assert.equal((await raise('a', 'b', 'a')).length, 2)
    await accept(['a'], 'log')
    await reopen()
    assert.equal((await raise('a', 'b', 'c')).length, 1)
    assert.deepEqual(
      book.owed('log', nowMs).map(({ notice: { id } }) => id),
      ['b', 'c'],
    )
    assert.deepEqual(
      book.owed('mail', nowMs).map(({ notice: { id } }) => id),
      ['a', 'b', 'c'],
    )
    assert.deepEqual(book.owed('mail', nowMs - 1), [])
  })

  it('settled notices are forgotten after 400 days, owed ones never; the files shrink', async () => {
    const ids = Array.from({ length: 1_500 }, (_, at) => `old ${at}`)
    await raise(...ids)
    for (const channel of ['log', 'mail'] as const) for (const id of ids.slice(1)) await accept([id], channel)
    const bytes = async (): Promise<number> =>
      (await Promise.all((await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size))).reduce(
        (a, b) => a + b,
      )
    const before = await bytes()
    nowMs += 401 * 86_400_000
    await raise('new')
    await reopen()
    assert.deepEqual(
      book.all().map(({ notice: { id } }) => id),
      ['new', 'old 0'],
    )
    assert.ok((await bytes()) < before / 100, `${await bytes()} of ${before}`)
    await reopen()
    assert.deepEqual(
      book.all().map(({ receipts }) => receipts.size),
      [2, 2],
    )
  }).timeout(20_000)
})
