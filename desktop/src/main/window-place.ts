/** Where the window goes: as it was left, but never out of sight and never too small. Pure. */

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const leastSize = { width: 720, height: 480 } as const
const firstSize = { width: 1180, height: 780 } as const

/** As much of the title bar has to be seen that it can be taken hold of. */
const graspWidth = 120
const graspHeight = 30

/** `screens`: what is free of task bars; the first is the main one. */
export const placeWindow = (kept: Rectangle | null, screens: readonly Rectangle[]): Rectangle => {
  const main = screens[0] ?? { x: 0, y: 0, ...firstSize }
  if (kept === null) return centred(firstSize, main)
  for (const screen of screens) {
    const placed = { x: kept.x, y: kept.y, ...fitted(kept, screen) }
    if (canBeGrasped(placed, screen)) return placed
  }
  return centred(kept, main)
}

const canBeGrasped = ({ x, y, width }: Rectangle, screen: Rectangle): boolean => {
  const seen = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return seen >= graspWidth && y >= screen.y && y <= screen.y + screen.height - graspHeight
}

const fitted = (
  { width, height }: Pick<Rectangle, 'width' | 'height'>,
  screen: Rectangle,
): Pick<Rectangle, 'width' | 'height'> => ({
  width: Math.max(leastSize.width, Math.min(width, screen.width)),
  height: Math.max(leastSize.height, Math.min(height, screen.height)),
})

const centred = (size: Pick<Rectangle, 'width' | 'height'>, screen: Rectangle): Rectangle => {
  const { width, height } = fitted(size, screen)
  const middle = (start: number, room: number, taken: number): number =>
    start + Math.max(0, Math.round((room - taken) / 2))
  return { x: middle(screen.x, screen.width, width), y: middle(screen.y, screen.height, height), width, height }
}

const zoomMin = -3
const zoomMax = 5

export const isZoom = (level: number): boolean => level >= zoomMin && level <= zoomMax

/** The level after a key press, in Chromium's steps of a fifth; nothing where the keys are no zoom. */
export const zoomAfter = (
  level: number,
  { key, control, alt }: { readonly key: string; readonly control: boolean; readonly alt: boolean },
): number | undefined => {
  if (!control || alt) return undefined
  if (key === '0') return 0
  const step = key === '+' || key === '=' ? 1 : key === '-' ? -1 : 0
  return step === 0 ? undefined : Math.min(zoomMax, Math.max(zoomMin, level + step))
}
