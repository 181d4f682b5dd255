/** A notification that a test can read and click: `electronDouble.notifications`. */
import { EventEmitter } from 'node:events'
import { record } from './record.ts'
import { strictClass } from './strict.ts'

type Options = Electron.NotificationConstructorOptions

export class Notification
  extends EventEmitter
  implements
    Pick<
      Electron.Notification,
      | 'actions'
      | 'body'
      | 'close'
      | 'id'
      | 'groupId'
      | 'show'
      | 'silent'
      | 'subtitle'
      | 'timeoutType'
      | 'title'
      | 'urgency'
    >
{
  readonly id: string
  readonly groupId: string
  actions: Electron.NotificationAction[]
  body: string
  silent: boolean
  subtitle: string
  timeoutType: NonNullable<Options['timeoutType']>
  title: string
  urgency: NonNullable<Options['urgency']>
  static isSupported(): boolean {
    return true
  }
  constructor(options: Options = {}) {
    super()
    this.id = options.id ?? ''
    this.groupId = options.groupId ?? ''
    this.actions = options.actions ?? []
    this.body = options.body ?? ''
    this.silent = options.silent ?? false
    this.subtitle = options.subtitle ?? ''
    this.timeoutType = options.timeoutType ?? 'default'
    this.title = options.title ?? ''
    this.urgency = options.urgency ?? 'normal'
  }
  show(): void {
    record.notifications.push(this)
    this.emit('show', {})
  }
  close(): void {
    this.emit('close', {})
  }
}
strictClass('Notification', Notification)
