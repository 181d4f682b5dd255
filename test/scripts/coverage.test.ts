import assert from 'node:assert/strict'
import { gatedRooms, judgeCoverage } from '../../scripts/coverage.mjs'

const summary = (percent: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(percent).map(([file, covered]) => [`/opt/checkout/${file}`, { lines: { total: 100, covered } }]),
  )
const allAt = (percent: number) => Object.fromEntries(gatedRooms.map((room) => [`${room}/file.ts`, percent]))

describe('scripts: coverage', () => {
  it('the gate is met at exactly 95 % and missed just below it', () => {
    assert.deepEqual(judgeCoverage(summary(allAt(95)), '/opt/checkout').below, [])
    assert.deepEqual(judgeCoverage(summary(allAt(94)), '/opt/checkout').below, gatedRooms)
  })

  it('a room is judged by all its lines, and by none of its neighbour', () => {
    const files = { ...allAt(100), 'daemon/src/keys/weak.ts': 80, 'daemon/src/cli/none.ts': 0 }
    const { rooms, below } = judgeCoverage(summary(files), '/opt/checkout')
    assert.equal(rooms.get('daemon/src/keys'), 90)
    assert.deepEqual(below, ['daemon/src/keys'])
  })

  it('a gated room without any file does not pass', () => {
    const { 'daemon/src/gateway/file.ts': _gone, ...rest } = allAt(100)
    assert.deepEqual(judgeCoverage(summary(rest), '/opt/checkout').below, ['daemon/src/gateway'])
  })

  it('folders inside a room count for the room', () => {
    const files = { ...allAt(100), 'daemon/src/document/migrations/1.ts': 0 }
    assert.deepEqual(judgeCoverage(summary(files), '/opt/checkout').below, ['daemon/src/document'])
  })
})
