/** How high the rows are. Pure. */
export const densities = ['compact', 'normal', 'comfortable'] as const
export type Density = (typeof densities)[number]

const heights: Readonly<Record<Density, number>> = { compact: 32, normal: 44, comfortable: 56 }

/** `dateUnderName`: where there is no room beside the name its expiry stands below it, which takes two lines. */
export const rowHeightOf = (density: Density, dateUnderName: boolean): number =>
  dateUnderName ? Math.max(heights.normal, heights[density]) : heights[density]
