/** What `care.tsx` fetches. */
export { CareLinks } from './care-links.tsx'
export { KeyDialogs } from './dialogs.tsx'
export { KeyDetails } from './key-details.tsx'
