/**
 * The pictures of the tray: a round badge with a tick, an exclamation mark or a cross, or a hollow ring. Told apart by shape,
 * also by who sees no colour. Drawn here, point by point, so that no picture file has to be kept. Pure.
 */
import { crc32, deflateSync } from 'node:zlib'
import type { TrayShape } from './tray-state.ts'

type Point = readonly [x: number, y: number]

/** As in the pages, on a light and on a dark task bar alike; the hollow one is grey. */
const colours: Readonly<Record<TrayShape, readonly [r: number, g: number, b: number]>> = {
  tick: [16, 124, 16],
  mark: [190, 78, 8],
  cross: [196, 43, 28],
  hollow: [128, 128, 128],
}

/** Strokes in a square from 0 to 1. */
const strokes: Readonly<Record<TrayShape, readonly (readonly [from: Point, to: Point])[]>> = {
  tick: [
    [
      [0.29, 0.53],
      [0.44, 0.68],
    ],
    [
      [0.44, 0.68],
      [0.72, 0.36],
    ],
  ],
  mark: [
    [
      [0.5, 0.25],
      [0.5, 0.55],
    ],
    [
      [0.5, 0.74],
      [0.5, 0.745],
    ],
  ],
  cross: [
    [
      [0.34, 0.34],
      [0.66, 0.66],
    ],
    [
      [0.66, 0.34],
      [0.34, 0.66],
    ],
  ],
  hollow: [],
}

const radius = 0.48
const ring = 0.12
const halfStroke = 0.065
/** Each point is looked at so many times across and down, which makes edges smooth. */
const samples = 4

/** A square picture as a PNG file. */
export const drawTrayImage = (shape: TrayShape, size: number): Buffer => {
  // Every line begins with a byte that says how it is packed: 0, as it is.
  const lineLength = 1 + size * 4
  const lines = Buffer.alloc(size * lineLength)
  for (let at = 0; at < size * size; at++) {
    const [column, row] = [at % size, Math.floor(at / size)]
    lines.set(pointOf(shape, column, row, size), row * lineLength + 1 + column * 4)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // Eight bits for each of red, green, blue and alpha.
  header.set([8, 6], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const chunk = (name: string, content: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(content.length, 0)
  around.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)])
}

const pointOf = (shape: TrayShape, column: number, row: number, size: number): readonly number[] => {
  let filled = 0
  let white = 0
  for (let sample = 0; sample < samples * samples; sample++) {
    const x = (column + ((sample % samples) + 0.5) / samples) / size
    const y = (row + (Math.floor(sample / samples) + 0.5) / samples) / size
    const away = Math.hypot(x - 0.5, y - 0.5)
    if (away > radius || (shape === 'hollow' && away < radius - ring)) continue
    filled += 1
    if (strokes[shape].some(([from, to]) => distance([x, y], from, to) <= halfStroke)) white += 1
  }
  const share = filled === 0 ? 0 : white / filled
  const mixed = colours[shape].map((colour) => Math.round(colour * (1 - share) + 255 * share))
  return [...mixed, Math.round((255 * filled) / (samples * samples))]
}

const distance = ([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number => {
  const [alongX, alongY] = [toX - fromX, toY - fromY]
  const share = ((x - fromX) * alongX + (y - fromY) * alongY) / (alongX ** 2 + alongY ** 2)
  const at = Math.min(1, Math.max(0, share))
  return Math.hypot(x - fromX - at * alongX, y - fromY - at * alongY)
}
