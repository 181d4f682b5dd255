/** The admin calls about backups. */
import { Problem } from '../problem.ts'
import type { HandlersOf } from './handlers.ts'

export const backupHandlers: HandlersOf<'backups'> = {
  'backups.last': ({ rooms }) => rooms.store().backups.view(),
  'backups.create': ({ body: { dir, file }, who, gone, rooms }) => {
    const { backups } = rooms.store()
    if (dir !== undefined && file === undefined) return backups.create(who, { dir }, gone)
    if (file !== undefined && dir === undefined) {
      if (!file.endsWith('.tar')) return refuse('file', 'the name of an archive ends in .tar')
      return backups.create(who, { file }, gone)
    }
    return refuse('dir', 'name either a folder (dir) or an archive (file)')
  },
  'backups.note': ({ who, rooms }) => rooms.store().backups.note(who),
  'backups.schedule': async ({ body, who, rooms }) => {
    const { backups } = rooms.store()
    await backups.schedule(who, body.schedule)
    return backups.view()
  },
  'backups.drill': ({ body, who, rooms }) => rooms.store().backups.drill(who, body.path),
  'backups.drillSchedule': async ({ body, who, rooms }) => {
    const { backups } = rooms.store()
    await backups.drillSchedule(who, body.schedule)
    return backups.view()
  },
  'backups.verify': ({ body, who, rooms }) => rooms.store().backups.verify(who, body.path, body.keys ?? true),
  'backups.preview': ({ body, rooms }) => rooms.store().backups.preview(body.path, body.replace ?? false),
  'backups.restore': ({ body: { path, replace = false, hash }, who, rooms }) =>
    rooms.store().backups.restore(who, { path, replace, hash }),
}

const refuse = (field: string, message: string): never => {
  throw new Problem('field_invalid', { detail: `${field}: ${message}`, errors: [{ field, message }] })
}
