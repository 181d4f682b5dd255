/** What is said by the frame and the table of keys, which are there first. The build takes no more of the catalogue with them. */
export { common, evidence, frame, grid, keys, pages, product, states } from './en.ts'
