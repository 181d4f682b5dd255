/** Status, in every state. */
import { damaged, locked, toPage, type States } from './state.ts'

const toStatus = toPage('Status')

export const statusStates: States = {
  status: { scenario: {}, says: 'Postern is working. 3 keys need attention.', go: toStatus },
  'status, loading': { scenario: { answers: { 'GET /v1/status': null } }, says: 'Loading status', go: toStatus },
  'status, fine and empty': { scenario: { keys: [] }, says: 'No key expires.', go: toStatus },
  'status, locked': { scenario: { status: locked }, says: 'Postern is locked. Callers are refused.', go: toStatus },
  'status, damaged': { scenario: { status: damaged }, says: 'Postern cannot read its key store.', go: toStatus },
  'status, no backup': {
    scenario: { answers: { 'GET /v1/backups': { last: null } } },
    says: 'postern backup create DIR',
    go: toStatus,
  },
  'status, clock': {
    scenario: { status: { now: new Date(Date.now() + 7_200_000).toISOString() } },
    says: 'Expiry is judged by the gateway.',
    go: toStatus,
  },
}
