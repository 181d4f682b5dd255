/**
 * Line coverage by room, from c8's summary. The rooms that decide who gets in and what is kept must reach the gate;
 * a room of the gate without any file fails it. What `.c8rc.json` leaves out holds types alone and never runs.
 */
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { root } from './install-first.mjs'
import { runChild } from './run-child.mjs'

export const linesPercentMin = 95
export const gatedRooms = ['document', 'keystore', 'keys', 'access', 'gateway'].map((room) => `daemon/src/${room}`)

/** @typedef {Record<string, { lines: { total: number, covered: number } }>} CoverageSummary */

/**
 * Turns what the test run left in coverage/raw into a report.
 * @param {string} node
 * @returns {Promise<boolean>} whether every gated room reaches the gate
 */
export const checkCoverage = async (node) => {
  const code = await runChild(node, ['node_modules/c8/bin/c8.js', 'report'])
  if (code !== 0) return false
  /** @type {CoverageSummary} */
  const summary = JSON.parse(readFileSync(join(root, 'coverage', 'coverage-summary.json'), 'utf8'))
  const { rooms, below } = judgeCoverage(summary, root)
  const line = [...rooms].map(([room, percent]) => `${room.replace('daemon/src/', '')} ${percent.toFixed(1)}`)
  console.log(`Lines covered, %: ${line.join(' · ')}`)
  for (const room of below) console.error(`${room} is below ${linesPercentMin} % of lines`)
  return below.length === 0
}

/**
 * @param {CoverageSummary} summary by absolute path, with a `total` row
 * @param {string} folder the checkout
 * @returns {{ rooms: Map<string, number>, below: string[] }} percent by room, and the gated rooms under the gate
 */
export const judgeCoverage = (summary, folder) => {
  /** @type {Map<string, { total: number, covered: number }>} */
  const sums = new Map()
  for (const [path, { lines }] of Object.entries(summary)) {
    if (path === 'total') continue
    // Folders inside a room are the room: workspace, src, room.
    const room = relative(folder, path).split(sep).slice(0, -1).slice(0, 3).join('/')
    const sum = sums.get(room) ?? { total: 0, covered: 0 }
    sums.set(room, { total: sum.total + lines.total, covered: sum.covered + lines.covered })
  }
  const rooms = new Map(
    [...sums].map(([room, { total, covered }]) => [room, total === 0 ? 100 : (100 * covered) / total]),
  )
  return { rooms, below: gatedRooms.filter((room) => (rooms.get(room) ?? 0) < linesPercentMin) }
}
