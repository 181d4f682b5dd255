/** Cron expressions in words: only where the words say all that the expression says. */
import assert from 'node:assert/strict'
import { cronInWords, meaningOf, weekdayNames } from '../../../../desktop/src/renderer/recovery/cron-words.ts'
import { englishTexts } from '../../../../desktop/src/renderer/texts/english.ts'

describe('console: schedules in words', () => {
  for (const [cron, words] of [
    ['0 * * * *', 'Every hour'],
    ['5 * * * *', 'Every hour, 05 minutes past'],
    ['0 2 * * *', 'Every night at 02:00'],
    ['30 13 * * *', 'Every day at 13:30'],
    [' 0  3 * * 0 ', 'Every Sunday at 03:00'],
    ['0 3 * * 7', 'Every Sunday at 03:00'],
    ['15 22 * * 5', 'Every Friday at 22:15'],
    ['0 4 1 * *', 'On day 1 of every month at 04:00'],
  ] as const)
    it(`${cron}: ${words}`, () => assert.equal(cronInWords(cron, englishTexts, weekdayNames('en')), words))

  for (const cron of [
    '*/5 * * * *',
    '0 2 * * 1-5',
    '0 2,14 * * *',
    '0 2 1 * 1',
    '0 2 1 6 *',
    '0 24 * * *',
    '60 1 * * *',
    '0 * * * 1',
    '0 2 * * * *',
    '0 2 * *',
    '@daily',
    '',
  ])
    it(`‘${cron}’ is no such time, and is shown as it is`, () => {
      assert.equal(meaningOf(cron), null)
      assert.ok(cronInWords(cron, englishTexts, weekdayNames('en')).includes(cron))
    })
})
