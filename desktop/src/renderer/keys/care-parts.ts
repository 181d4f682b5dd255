/** What `care.tsx` fetches. */
export { KeyDialogs } from './dialogs.tsx'
export { KeyDetails } from './key-details.tsx'
