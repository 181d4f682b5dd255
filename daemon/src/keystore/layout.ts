/** Where everything lies: the data folder, which is what people back up, and the machine folder, which never leaves the machine. */
import { createHash } from 'node:crypto'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { Problem } from '../problem.ts'

export interface Layout {
  readonly dataDir: string
  readonly machineDir: string
  readonly store: string
  /** Slots are kept twice, so that one bad sector locks nobody out. */
  readonly slots: readonly [string, string]
  readonly machineKey: string
  /** The key itself, where machine.key only says how it is sealed. systemd reads this file by its name. */
  readonly sealedMachineKey: string
  readonly restoreNote: string
}

/** Throws `settings_invalid` when the machine folder would end up in the backup. */
export const layoutOf = (data: string, machine: string): Layout => {
  const dataDir = resolve(data)
  const machineDir = resolve(machine)
  const inside = relative(dataDir, machineDir)
  if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside)))
    throw new Problem('settings_invalid', {
      detail: `--machine: ${machineDir} is inside the data folder, so every backup would carry lock and key together. Choose a folder outside ${dataDir}.`,
    })
  return {
    dataDir,
    machineDir,
    store: join(dataDir, 'store'),
    slots: [join(dataDir, 'slots'), join(dataDir, 'slots2')],
    machineKey: join(machineDir, 'machine.key'),
    sealedMachineKey: join(machineDir, 'machine.cred'),
    restoreNote: join(dataDir, 'README-RESTORE.txt'),
  }
}

export const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export const restoreNote = (storeId: string): string => `This folder is a Postern keystore (store ${storeId}, format 1).

It is encrypted. What opens it:
  - on the machine it was made on: the machine key, which is kept outside this folder on purpose;
  - anywhere else: the recovery kit, the code that was printed once when the keystore was made.

To use a copy of this folder on another machine:
  1. Install Postern there and copy this folder, for example to /var/lib/postern.
     Only the user that runs Postern may reach it: chmod -R go= FOLDER
  2. postern unlock --recovery --data FOLDER     (it asks for the code)
  3. postern run --data FOLDER

To open it without Postern: the script that "postern backup rescue-script" prints, Python with python3-jwcrypto, and the code.
Each file in slots/ is a JWE (RFC 7516) that other programs open too.

A plain copy of this folder, taken at any time, is a backup. Postern never changes a file in store/ once it has its name.
Without the recovery kit and without the machine key nobody can open this folder, the makers of Postern included.
`
