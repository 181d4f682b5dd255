/** What an edge of the law of direction is, and those that many rows share; see layering-table.ts. */

/** `types` edges may only be `import type`: the room is handed the thing itself. */
export interface Edge {
  readonly why: string
  readonly types?: true
}

export type Rows = Readonly<Record<string, Readonly<Record<string, Edge>>>>

export const problem: Edge = { why: 'the one way to say an expected failure' }
export const shared: Edge = { why: 'the contracts' }
export const types = (why: string): Edge => ({ why, types: true })
export const held = types('handed in')
