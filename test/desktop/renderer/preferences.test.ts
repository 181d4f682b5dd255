/** What somebody has chosen, and what an organisation has settled over it. */
import assert from 'node:assert/strict'
import { consolePolicy } from '@postern/shared'
import { clipboardSeconds, lockMinutes, settledBy, type Bridge, type Preferences } from '../../../desktop/src/bridge.ts'
import { createPreferences } from '../../../desktop/src/renderer/preferences.ts'

describe('console: preferences', () => {
  const kept = (from: Preferences) => {
    const written: Preferences[] = []
    const bridge = { keepPreferences: (all: Preferences) => written.push(all) } as unknown as Bridge
    return { written, preferences: createPreferences(bridge, from) }
  }

  it('what is settled goes before the choice, cannot be changed, and is never written over the choice', () => {
    const { written, preferences } = kept({ theme: 'light', density: 'compact' })
    let told = 0
    preferences.subscribe(() => (told += 1))
    preferences.settle(settledBy({ theme: 'dark' }))
    preferences.settle(settledBy({ theme: 'dark' }))
    assert.equal(told, 1)
    assert.deepEqual([preferences.get('theme'), preferences.isSettled('theme')], ['dark', true])
    assert.deepEqual([preferences.get('density'), preferences.isSettled('density')], ['compact', false])
    preferences.set('theme', 'light')
    assert.deepEqual([preferences.get('theme'), written], ['dark', []])
    preferences.set('density', 'normal')
    assert.deepEqual(written, [{ theme: 'light', density: 'normal' }])
    preferences.settle(settledBy({}))
    assert.deepEqual([preferences.get('theme'), preferences.isSettled('theme')], ['light', false])
  })

  it('each setting of the policy settles one preference, with a value that this console knows', () => {
    const policy = {
      theme: 'dark',
      density: 'compact',
      time_zone: 'utc',
      clipboard_seconds: 15,
      lock_after_idle_minutes: 5,
    } as const
    assert.deepEqual(Object.keys(policy), Object.keys(consolePolicy.shape))
    const settled = settledBy(policy)
    assert.deepEqual(settled, { theme: 'dark', density: 'compact', zone: 'utc', clipboard: '15', lock: '5' })
    assert.deepEqual([clipboardSeconds(settled), lockMinutes(settled)], [15, 5])
    assert.deepEqual(settledBy(undefined), {})
  })

  it('every number that a policy may name is a choice of the console', () => {
    for (const seconds of [15, 45, 120] as const)
      assert.equal(clipboardSeconds(settledBy(consolePolicy.parse({ clipboard_seconds: seconds }))), seconds)
    for (const minutes of [5, 15, 30, 60] as const)
      assert.equal(lockMinutes(settledBy(consolePolicy.parse({ lock_after_idle_minutes: minutes }))), minutes)
    assert.equal(lockMinutes(settledBy({ lock_after_idle_minutes: 0 })), null)
    for (const lock of [undefined, 'nonsense', '1']) assert.equal(lockMinutes(lock === undefined ? {} : { lock }), 15)
  })
})
