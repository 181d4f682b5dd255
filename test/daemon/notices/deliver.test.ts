/** Every due notice arrives at least once, none early, none marked accepted that was not; through stops and crashes. */
import assert from 'node:assert/strict'
import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChannelName, Notice } from '@postern/shared'
import { createDelivery, type Channel, type Delivery } from '../../../daemon/src/notices/deliver.ts'
import { dueAt } from '../../../daemon/src/notices/due.ts'
import { openNoticeBook, type NoticeBook } from '../../../daemon/src/notices/notice-book.ts'
import { dueNotices } from '../../../daemon/src/notices/watch.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = Date.UTC(2026, 0, 1)
const names: readonly ChannelName[] = ['mail', 'webhook', 'syslog']

describe('delivery', () => {
  let dir: string
  let nowMs: number
  let book: NoticeBook
  const opened: NoticeBook[] = []
  beforeEach(async () => {
    dir = await temporaryDir()
    nowMs = start
  })
  afterEach(async () => {
    // What a crash left open is closed too; closing writes nothing.
    for (const each of opened.splice(0)) await each.close()
    await rm(dir, { recursive: true, force: true })
  })
  const open = async (): Promise<NoticeBook> => {
    book = await openNoticeBook({ dir, now: () => nowMs })
    opened.push(book)
    return book
  }
  const notice = (id: string, more: Partial<Notice> = {}): Notice => ({
    id,
    kind: 'key_expiry',
    severity: 'urgent',
    at: new Date(nowMs).toISOString(),
    subject: { kind: 'key', id, name: id },
    text: id,
    ...more,
  })
  const deliveryTo = (
    channels: readonly Channel[],
    more: Partial<Parameters<typeof createDelivery>[0]> = {},
  ): Delivery =>
    createDelivery({
      book,
      channels: () => channels,
      now: () => nowMs,
      onGivenUp: async () => undefined,
      onFault: (error) => assert.fail(String(error)),
      ...more,
    })
  const raise = (notices: readonly Notice[], channels = names): Promise<Notice[]> =>
    book.raise(notices, channels, (channel, each) => dueAt(channel, each, nowMs, 'UTC'))
  const statesOf = (id: string) =>
    Object.fromEntries(
      [
        ...(book
          .all()
          .find((each) => each.notice.id === id)
          ?.receipts.values() ?? []),
      ].map(({ channel, state }) => [channel, state]),
    )

  it('a channel that hangs or refuses delays no other, and is tried again later and later until it accepts', async () => {
    await open()
    await raise([notice('one')])
    const tried: number[] = []
    let refusing = true
    const delivery = deliveryTo(
      [
        { name: 'mail', batchMax: 10, send: () => new Promise(() => undefined) },
        {
          name: 'webhook',
          batchMax: 1,
          send: async () => {
            tried.push(nowMs - start)
            if (refusing) throw new Error('the receiver answered 500')
            return 'answered 200'
          },
        },
        { name: 'syslog', batchMax: 1, send: async () => 'written' },
      ],
      { attemptMs: 20 },
    )
    await delivery.tick()
    assert.deepEqual(statesOf('one'), { mail: 'owed', webhook: 'owed', syslog: 'accepted' })
    for (let minute = 1; minute <= 16; minute++) {
      nowMs += 60_000
      refusing = minute < 15
      await delivery.tick()
    }
    assert.deepEqual(
      tried.map((ms) => ms / 60_000),
      [0, 1, 3, 7, 15],
    )
    const webhook = book.all()[0]?.receipts.get('webhook')
    assert.deepEqual([webhook?.state, webhook?.attempts, webhook?.note], ['accepted', 5, 'answered 200'])
    assert.match(book.all()[0]?.receipts.get('mail')?.note ?? '', /no answer within/)
  })

  it('after a week of refusals a channel gives up, and the others are told of it', async () => {
    await open()
    await raise([notice('one')], ['webhook'])
    const given: string[] = []
    const delivery = deliveryTo([{ name: 'webhook', batchMax: 1, send: () => Promise.reject(new Error('refused')) }], {
      onGivenUp: async (channel, notices, error) => void given.push(`${channel} ${notices.length} ${error}`),
    })
    for (; nowMs < start + 9 * dayMs; nowMs += hourMs) await delivery.tick()
    assert.deepEqual([statesOf('one'), given], [{ webhook: 'given_up' }, ['webhook 1 refused']])
  })

  it('an acceptance that could not be written is not one: the channel is told again', async () => {
    await open()
    await raise([notice('one')], ['syslog'])
    let sent = 0
    const channels: Channel[] = [{ name: 'syslog', batchMax: 1, send: async () => `${(sent += 1)}` }]
    const faults: unknown[] = []
    const failing = { ...book, receive: () => Promise.reject(new Error('ENOSPC')) }
    await deliveryTo(channels, { book: failing, onFault: (error) => faults.push(error) }).tick()
    assert.deepEqual([statesOf('one'), faults.length], [{ syslog: 'owed' }, 1])
    await deliveryTo(channels).tick()
    assert.deepEqual([statesOf('one'), sent], [{ syslog: 'accepted' }, 2])
  })

  it('mail waits for nine o’clock in the gateway’s zone unless it is urgent, and goes as one message', async () => {
    nowMs = Date.UTC(2026, 2, 29, 12)
    const at = (zone: string, severity: Notice['severity'] = 'warning', channel: ChannelName = 'mail') =>
      dueAt(channel, { severity }, nowMs, zone)
    assert.equal(at('UTC'), '2026-03-30T09:00:00.000Z')
    assert.equal(at('Europe/Berlin'), '2026-03-30T07:00:00.000Z')
    assert.equal(at('America/New_York'), '2026-03-29T13:00:00.000Z')
    assert.equal(at('UTC', 'urgent'), '2026-03-29T12:00:00.000Z')
    assert.equal(at('UTC', 'warning', 'webhook'), '2026-03-29T12:00:00.000Z')
    await open()
    await raise([notice('a', { severity: 'warning' }), notice('b', { severity: 'warning' }), notice('c')], ['mail'])
    const mails: string[][] = []
    const send: Channel['send'] = async (notices) => `${mails.push(notices.map(({ id }) => id))}`
    const delivery = deliveryTo([{ name: 'mail', batchMax: 200, send }])
    for (let hour = 0; hour < 48; hour++, nowMs += hourMs) await delivery.tick()
    assert.deepEqual(mails, [['c'], ['a', 'b']])
  })

  it('a year with 1,000 keys, receivers that fail and lie, stops, crashes and weeks off: all told, none early, none falsely', async () => {
    let seed = 7
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const keys = Array.from({ length: 1_000 }, (_, at) => ({
      id: `key${at}`,
      name: `Key ${at}`,
      owner: null,
      expiresAt: new Date(start + Math.floor(random() * 365 * dayMs)).toISOString(),
      disabledAt: null,
      removedAt: null,
      quarantinedAt: null,
      honey: null,
      usedAfterExpiryAt: null,
    }))
    const accepted = new Map<ChannelName, Map<string, number>>(names.map((name) => [name, new Map()]))
    const channels: Channel[] = names.map((name) => ({
      name,
      batchMax: name === 'mail' ? 200 : 1,
      send: async (notices) => {
        if (random() < 0.2) throw new Error('the receiver answered 500')
        for (const { id, at, due_at: dueFrom = at } of notices) {
          assert.ok(Date.parse(dueFrom) <= nowMs, `${id} came early`)
          accepted.get(name)?.set(id, nowMs)
        }
        // Accepted by the receiver, but the answer is lost: it must be told again, not believed.
        if (random() < 0.05) throw new Error('the connection was cut')
        return 'taken'
      },
    }))
    await open()
    let delivery = deliveryTo(channels)
    const due = new Set<string>()
    for (let tick = 0; nowMs < start + 366 * dayMs; tick++, nowMs += 3 * hourMs) {
      if (tick % 400 === 399) nowMs += 7 * dayMs
      if (tick % 97 === 96) {
        // A crash in the middle of a line: nothing is closed.
        const [newest = ''] = (await readdir(dir))
          .filter((name) => name.endsWith('.jsonl'))
          .toSorted()
          .toReversed()
        if (tick % 2 === 0) await book.close()
        else await appendFile(join(dir, newest), '{"ids":["key1')
        await open()
        delivery = deliveryTo(channels)
      }
      const now = dueNotices(
        { keys, certificateNotAfter: null, untriedKit: null, backup: null, diskFreeBytes: null, clockBackMs: 0 },
        nowMs,
      )
      for (const { id } of now) due.add(id)
      await raise(now)
      await delivery.tick()
    }
    for (let more = 0; more < 60; more++, nowMs += 3 * hourMs) await delivery.tick()
    for (const [name, ids] of accepted)
      assert.deepEqual(
        [...due].filter((id) => !ids.has(id)),
        [],
        name,
      )
    for (const { notice: each, receipts } of book.all())
      for (const { channel, state } of receipts.values()) {
        assert.equal(state, 'accepted', `${each.id} ${channel}`)
        assert.ok(accepted.get(channel)?.has(each.id))
      }
    assert.ok(due.size > 3_000, String(due.size))
  }).timeout(60_000)
})
