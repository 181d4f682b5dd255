/**
 * The console as a program of its own (Electron's main process). Puts the parts together, and is the only file that knows
 * when the program begins and ends. Promises: one console for each user; quitting it leaves the service running.
 */
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { app, ipcMain, Menu, powerMonitor, protocol, session } from 'electron'
import { clipboardSeconds, lockMinutes, settledBy, type Preferences, type Push } from '../bridge.ts'
import { channelOf, ipcNames } from '../ipc.ts'
import { englishTexts as texts } from '../renderer/texts/english.ts'
import { createAttendant } from './attendant.ts'
import { createClipboardKeeper } from './clipboard-keeper.ts'
import { readCommandLine } from './command-line.ts'
import { createConsoleLock } from './console-lock.ts'
import { createDaemonClient } from './daemon-client.ts'
import { startDaemonLink } from './daemon-link.ts'
import { linkScheme, readDeepLink, type DeepLink } from './deep-link.ts'
import { findDataDir, findSocket } from './find-socket.ts'
import { createIpcAnswers, createMissed } from './ipc-answers.ts'
import { createIpcDoor } from './ipc-door.ts'
import { createKeyWatch } from './key-watch.ts'
import { openPreferences } from './kept-preferences.ts'
import { createPageFiles, pageScheme } from './page-files.ts'
import { restartWords } from './restart-words.ts'
import { lockSession } from './session-locks.ts'
import { loginState, notify, saveText, showCommand, startAtLogin, systemClipboard } from './system.ts'
import { openTray, type TrayIcon } from './tray.ts'
import { hasTray, trayMenu } from './tray-state.ts'
import { openWindow } from './window.ts'

const folder = import.meta.dirname
const lookEveryMs = 60_000
const lookAfterNewsMs = 300
const lookForIdleEveryMs = 5_000
/** Whoever quits is not kept waiting for a clipboard that does not answer. */
const quitWithinMs = 1_000

const started = readCommandLine(process.argv)

const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}

const run = (): void => {
  const now = Date.now
  const preferences = openPreferences(join(app.getPath('userData'), 'preferences.json'))
  const client = createDaemonClient({ socketPath: () => findSocket(started), actorName: userName(), now })
  const watch = createKeyWatch(client, now)
  const missed = createMissed()
  let tray: TrayIcon | undefined
  let quitting = false
  const inForce = (): Preferences => ({ ...preferences.get().pages, ...settledBy(watch.get().status?.console) })

  const clipboard = createClipboardKeeper({
    clipboard: systemClipboard,
    tell: (push) => tell(push),
    seconds: () => clipboardSeconds(inForce()),
    after: (ms, what) => {
      const timer = setTimeout(what, ms)
      return () => clearTimeout(timer)
    },
  })

  const explainTray = (): void => {
    if (preferences.get().toldOfTray) return
    preferences.set({ toldOfTray: true })
    const { staysTitle, staysBody } = texts.window.notice
    notify({ title: staysTitle, body: staysBody }, () => window.show())
  }

  const window = openWindow({
    folder,
    title: texts.product,
    preferences,
    showAtOnce: !started.hidden || !hasTray(process.platform, process.env),
    onClose: () => {
      if (quitting || tray === undefined) return false
      explainTray()
      return true
    },
  })

  const lock = createConsoleLock({
    idleSeconds: () => powerMonitor.getSystemIdleTime(),
    minutes: () => lockMinutes(inForce()),
    onLock: () => {
      void clipboard.release()
      window.startAnew()
    },
  })
  setInterval(() => lock.look(), lookForIdleEveryMs)
  const tell = (push: Push): void => {
    if (!lock.isLocked()) window.send(push)
  }

  const go = (link: DeepLink): void => {
    if (window.isListening() && !lock.isLocked()) window.send(link)
    else missed.keep(link)
  }
  const follow = (link: DeepLink | undefined): void => {
    window.show()
    if (link !== undefined) go(link)
  }
  if (started.link !== undefined) go(started.link)

  const attendant = createAttendant({
    watch,
    preferences,
    texts,
    now,
    seen: () => window.seen(),
    showTray: (state, paused) => {
      const hasReport = watch.get().status !== null
      tray?.show(state, trayMenu(state, { paused, login: loginState(), hasReport }, texts))
    },
    notify: (words, leadsTo) => notify(words, () => follow(leadsTo)),
  })
  const look = (): void => void attendant.look()
  const showRestart = async (): Promise<void> => {
    const words = restartWords(watch.get().status?.data_dir ?? findDataDir(started), texts)
    if (await showCommand(words)) await clipboard.writeText(words.command)
  }

  if (hasTray(process.platform, process.env))
    tray = openTray({
      open: () => window.show(),
      report: () => void clipboard.writeText(JSON.stringify(watch.get().status, null, 2)),
      tomorrow: () => attendant.pause('tomorrow'),
      monday: () => attendant.pause('monday'),
      resume: () => attendant.resume(),
      login: () => {
        startAtLogin(loginState() !== true)
        look()
      },
      restart: () => void showRestart(),
      quit: () => app.quit(),
    })

  let lookTimer: NodeJS.Timeout | undefined
  const link = startDaemonLink(client, (push: Push) => {
    watch.hear(push)
    tell(push)
    // News come in flocks.
    clearTimeout(lookTimer)
    lookTimer = setTimeout(look, lookAfterNewsMs)
  })
  setInterval(look, lookEveryMs)
  look()

  const door = createIpcDoor({
    answers: createIpcAnswers({
      client,
      clipboard,
      preferences,
      saveText,
      opening: () => {
        window.listens()
        return lock.isLocked() ? [{ kind: 'lock', on: true }] : missed.take(link.last())
      },
      reopen: () => {
        lock.open()
        return missed.take(link.last())
      },
    }),
    isLocked: () => lock.isLocked(),
    // What it was about may hold a secret: the kind of fault has to do.
    onFault: (name, error) =>
      process.stderr.write(`postern console: ${name}: ${error instanceof Error ? error.name : 'fault'}\n`),
  })
  for (const name of ipcNames)
    ipcMain.handle(channelOf(name), ({ senderFrame, sender }, ...given: unknown[]) => {
      const isTop = senderFrame !== null && senderFrame.parent === null && window.contains(sender)
      return door.ask(name, { url: senderFrame?.url, isTop }, given)
    })

  powerMonitor.on('lock-screen', () => lock.lock())
  powerMonitor.on('suspend', () => lock.lock())
  powerMonitor.on('resume', () => link.wake())
  powerMonitor.on('unlock-screen', () => link.wake())
  app.on('second-instance', (_event, argv) => follow(readCommandLine(argv).link))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    follow(readDeepLink(url))
  })
  app.on('activate', () => window.show())
  app.on('before-quit', (event) => {
    if (quitting) return
    quitting = true
    event.preventDefault()
    link.stop()
    const late = new Promise((resolve) => setTimeout(resolve, quitWithinMs))
    void Promise.race([clipboard.release(), late]).then(() => app.quit())
  })
}

const start = async (): Promise<void> => {
  await app.whenReady()
  // Those of Electron would offer to load again, and developers' tools. Texts are edited by the system's own keys.
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  )
  const files = createPageFiles(join(folder, '..', 'window'))
  protocol.handle(pageScheme, (request) => files.answer(request.url, request.method))
  lockSession(session.defaultSession)
  run()
}

app.enableSandbox()
app.setName('Postern')
if (process.platform === 'win32') app.setAppUserModelId('Postern.Console')
if (!app.commandLine.hasSwitch('user-data-dir')) {
  // On Windows not the roaming folder: where a window was on this machine is nothing for the next one.
  const local = process.platform === 'win32' ? process.env['LOCALAPPDATA'] : undefined
  app.setPath('userData', join(local ?? app.getPath('appData'), 'Postern Console'))
}
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])
if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)
if (app.requestSingleInstanceLock()) void start()
else app.quit()
