/** The law of direction, held against the sources, and each of its rules held against a planted violation. */
import assert from 'node:assert/strict'
import { findViolations, roomOf, type Rule } from './layering.ts'
import * as table from './layering-table.ts'
import { readSources, readText } from './sources.ts'

const dependenciesOf = (path: string): string[] =>
  Object.keys((JSON.parse(readText(path)) as { dependencies?: Record<string, string> }).dependencies ?? {})

describe('house: the law of direction', () => {
  it('every import of every source is in the table', () => {
    const sources = readSources()
    assert.ok(sources.has('shared/src/index.ts') && sources.has('daemon/src/problem.ts'), 'the sources are found')
    const told = findViolations(sources).map(({ rule, file, says }) => `${file}: ${rule}: ${says}`)
    assert.deepEqual(told, [])
  })

  it('every package the product depends on has a row, and every row is a dependency', () => {
    const declared = ['shared/package.json', 'daemon/package.json', 'desktop/package.json'].flatMap(dependenciesOf)
    // What the window's program runs in is not brought along by it.
    declared.push('electron')
    assert.deepEqual(
      [...new Set(declared.filter((name) => !name.startsWith('@postern/')))].toSorted(),
      Object.keys(table.packageRooms).toSorted(),
    )
  })

  it('the daemon can be imported by name from nowhere, and shared only as a whole', () => {
    assert.deepEqual((JSON.parse(readText('daemon/package.json')) as { exports: unknown }).exports, {})
    assert.deepEqual((JSON.parse(readText('shared/package.json')) as { exports: unknown }).exports, {
      '.': './src/index.ts',
    })
  })

  it('every file that may reveal a secret exists', () => {
    const sources = readSources()
    assert.deepEqual(
      Object.keys(table.mayReveal).filter((path) => !sources.has(path)),
      [],
    )
  })

  it('every edge and every package of the table leads to a room that has a row', () => {
    const rooms = new Set(Object.keys(table.mayImport))
    const named = [...Object.values(table.mayImport).flatMap(Object.keys), ...Object.values(table.packageRooms).flat()]
    assert.deepEqual(
      named.filter((room) => !rooms.has(room)),
      [],
    )
  })
})

/** A small house in which every law holds; each row below breaks exactly one. */
const soundHouse: Readonly<Record<string, string>> = {
  'shared/src/index.ts': `export * from './keys.ts'`,
  'shared/src/keys.ts': `import { z } from 'zod'; export const name = z.string()`,
  'daemon/src/problem.ts': `import { inspect } from 'node:util'; import { name } from '@postern/shared'; export { inspect, name }`,
  'daemon/src/document/document.ts': `export interface Document { keys: object }`,
  'daemon/src/document/migrations/1.ts': `export const up = (old: unknown): unknown => old`,
  'daemon/src/keystore/seal.ts': `import { createCipheriv } from 'node:crypto'; export const seal = createCipheriv`,
  'daemon/src/keys/steps.ts': `import type { Document } from '../document/document.ts'; export type Step = (d: Document) => Document`,
  'daemon/src/access/access-index.ts': `export interface AccessIndex { size: number }`,
  'daemon/src/access/build-index.ts': `import type { Document } from '../document/document.ts'; export type Build = (d: Document) => void`,
  'daemon/src/gateway/gateway.ts': `import type { AccessIndex } from '../access/access-index.ts'; import { request } from 'undici'; export const call = (i: AccessIndex) => request(String(i.size))`,
  'daemon/src/gateway/limits.ts': `export const limit = 1`,
  'daemon/src/audit/trail.ts': `import { writeFile } from 'node:fs/promises'; export const append = writeFile`,
  'daemon/src/admin/admin.ts': `import type { Step } from '../keys/steps.ts'; export type Admin = Step`,
  'daemon/src/host/paths.ts': `export const home = '/'`,
  'daemon/src/cli/cli.ts': `export const cli = 1`,
  'desktop/src/web/requests.ts': `export const request = fetch`,
}

const planted: { breaks: Rule; how: string; file: string; code: string }[] = [
  { breaks: 'room without a row', how: 'a new room', file: 'daemon/src/cellar/wine.ts', code: `export {}` },
  { breaks: 'room without a row', how: 'a new root file', file: 'daemon/src/extra.ts', code: `export {}` },
  {
    breaks: 'room without a row',
    how: 'a workspace without rows',
    file: 'desktop/src/cellar/wine.ts',
    code: `export {}`,
  },
  ...[
    `import { cli } from '../cli/cli.ts'`,
    `import type { cli } from '../cli/cli.ts'`,
    `import { type cli } from '../cli/cli.ts'`,
    `import '../cli/cli.ts'`,
    `export * from '../cli/cli.ts'`,
    `export { cli } from '../cli/cli.ts'`,
    `export type { cli } from '../cli/cli.ts'`,
    `const it = await import('../cli/cli.ts')`,
    `type It = import('../cli/cli.ts').cli`,
    `const it = require('../cli/cli.ts')`,
    `const it = require.resolve('../cli/cli.ts')`,
    `const it = import.meta.resolve('../cli/cli.ts')`,
    `const it = new URL('../cli/cli.ts', import.meta.url)`,
  ].map((code) => ({ breaks: 'edge not in the table' as const, how: code, file: 'daemon/src/host/new.ts', code })),
  {
    breaks: 'types only edge',
    how: 'a value from a room that is handed in',
    file: 'daemon/src/admin/new.ts',
    code: `import { seal } from '../keystore/seal.ts'`,
  },
  {
    breaks: 'import that cannot be read',
    how: 'a computed import',
    file: 'daemon/src/cli/new.ts',
    code: `const it = (where: string) => import(where)`,
  },
  {
    breaks: 'import that cannot be read',
    how: 'createRequire',
    file: 'daemon/src/cli/new.ts',
    code: `import { createRequire } from 'node:module'; createRequire('/')`,
  },
  { breaks: 'import that cannot be read', how: 'broken code', file: 'daemon/src/cli/new.ts', code: `export const = 1` },
  { breaks: 'import of nothing', how: 'a missing file', file: 'daemon/src/cli/new.ts', code: `import './gone.ts'` },
  {
    breaks: 'package in the wrong room',
    how: 'express in the gateway',
    file: 'daemon/src/gateway/new.ts',
    code: `import express from 'express'`,
  },
  {
    breaks: 'package in the wrong room',
    how: 'a sub-path of a package, for its types',
    file: 'daemon/src/cli/new.ts',
    code: `import type { Low } from 'lowdb/node'`,
  },
  {
    breaks: 'package in the wrong room',
    how: 'a package without a row',
    file: 'daemon/src/cli/new.ts',
    code: `import it from '@scope/unheard-of'`,
  },
  ...[
    { breaks: 'no Node in pages' as const, how: 'Node in the console', code: `import 'node:path'` },
    { breaks: 'workspaces apart' as const, how: 'the daemon there', code: `import '../../../daemon/src/problem.ts'` },
    { breaks: 'edge not in the table' as const, how: 'the door in the pages', code: `import '../web/requests.ts'` },
    { breaks: 'package in the wrong room' as const, how: 'Electron there', code: `import 'electron'` },
  ].map((each) => ({ ...each, file: 'desktop/src/renderer/new.tsx' })),
  { breaks: 'no Node in pages', how: 'Node there', file: 'desktop/src/preload/new.ts', code: `import 'node:fs'` },
  {
    breaks: 'shared stands alone',
    how: 'Node in shared',
    file: 'shared/src/new.ts',
    code: `import { readFileSync } from 'node:fs'`,
  },
  {
    breaks: 'shared stands alone',
    how: 'Node in shared, without its prefix',
    file: 'shared/src/new.ts',
    code: `import { join } from 'path'`,
  },
  {
    breaks: 'workspaces apart',
    how: 'the daemon, from shared',
    file: 'shared/src/new.ts',
    code: `import { inspect } from '../../daemon/src/problem.ts'`,
  },
  {
    breaks: 'workspaces apart',
    how: 'the daemon by name',
    file: 'daemon/src/cli/new.ts',
    code: `import it from '@postern/daemon'`,
  },
  {
    breaks: 'shared by its name',
    how: 'a deep path of the package',
    file: 'daemon/src/cli/new.ts',
    code: `import { name } from '@postern/shared/src/keys.ts'`,
  },
  {
    breaks: 'shared by its name',
    how: 'a relative reach into shared',
    file: 'daemon/src/cli/new.ts',
    code: `import { name } from '../../../shared/src/keys.ts'`,
  },
  {
    breaks: 'planes apart',
    how: 'gateway to admin',
    file: 'daemon/src/gateway/new.ts',
    code: `import type { Admin } from '../admin/admin.ts'`,
  },
  {
    breaks: 'planes apart',
    how: 'admin to gateway',
    file: 'daemon/src/admin/new.ts',
    code: `import { limit } from '../gateway/limits.ts'`,
  },
  {
    breaks: 'keystore and keys apart',
    how: 'keystore to keys',
    file: 'daemon/src/keystore/new.ts',
    code: `import type { Step } from '../keys/steps.ts'`,
  },
  {
    breaks: 'keystore and keys apart',
    how: 'keys to keystore',
    file: 'daemon/src/keys/new.ts',
    code: `import { seal } from '../keystore/seal.ts'`,
  },
  {
    breaks: 'migrations stand alone',
    how: 'the document of today in a migration',
    file: 'daemon/src/document/migrations/2.ts',
    code: `import type { Document } from '../document.ts'`,
  },
  {
    breaks: 'ciphers only in the keystore',
    how: 'a cipher in tls',
    file: 'daemon/src/tls/new.ts',
    code: `import { createDecipheriv } from 'node:crypto'; createDecipheriv`,
  },
  {
    breaks: 'ciphers only in the keystore',
    how: 'a cipher by its name in a string',
    file: 'daemon/src/tls/new.ts',
    code: `import * as crypto from 'node:crypto'; crypto['createCipheriv']`,
  },
  {
    breaks: 'ciphers only in the keystore',
    how: 'Web Crypto',
    file: 'daemon/src/tls/new.ts',
    code: `crypto.subtle.encrypt`,
  },
  {
    breaks: 'reveal only where listed',
    how: 'a secret opened',
    file: 'daemon/src/admin/new.ts',
    code: `export const open = (s: { reveal(): string }) => s?.reveal()`,
  },
  {
    breaks: 'no files here',
    how: 'files in the gateway',
    file: 'daemon/src/gateway/new.ts',
    code: `import { readFile } from 'node:fs/promises'`,
  },
  {
    breaks: 'no files here',
    how: 'another program from a pure room',
    file: 'daemon/src/keys/new.ts',
    code: `import { exec } from 'child_process'`,
  },
  { breaks: 'no index files', how: 'index.ts', file: 'daemon/src/cli/index.ts', code: `export {}` },
]

describe('house: the law of direction is kept by its test', () => {
  it('a sound house has no violation', () => {
    assert.deepEqual(findViolations(new Map(Object.entries(soundHouse))), [])
  })

  for (const { breaks, how, file, code } of planted) {
    it(`"${breaks}" catches: ${how}`, () => {
      const found = findViolations(new Map([...Object.entries(soundHouse), [file, code]]))
      assert.ok(
        found.some((violation) => violation.rule === breaks && violation.file === file),
        `told instead: ${JSON.stringify(found)}`,
      )
    })
  }

  for (const [name, edge] of [
    ['the keystore through a room it may import', `import '../keystore/seal.ts'`],
    ['the document through build-index, for its type', `export type { Build } from './build-index.ts'`],
    ['the audit trail through a dynamic import', `export const trail = () => import('../audit/trail.ts')`],
  ] as const) {
    it(`"out of reach of the gateway" catches ${name}, and shows the way`, () => {
      const house = new Map([...Object.entries(soundHouse), ['daemon/src/access/access-index.ts', edge]])
      const found = findViolations(house).filter(({ rule }) => rule === 'out of reach of the gateway')
      assert.ok(found.some(({ file }) => file === 'daemon/src/gateway/gateway.ts'))
      assert.match(
        found[0]?.says ?? '',
        /^daemon\/src\/gateway\/gateway\.ts -> daemon\/src\/access\/access-index\.ts -> /,
      )
    })
  }

  it('a file of the gateway that reaches nothing is not blamed for its neighbour', () => {
    const house = new Map([...Object.entries(soundHouse), ['daemon/src/gateway/bad.ts', `import '../audit/trail.ts'`]])
    const blamed = new Set(findViolations(house).map(({ file }) => file))
    assert.deepEqual([...blamed], ['daemon/src/gateway/bad.ts'])
  })

  it('words in comments and fields named reveal are not code that opens a secret or makes a cipher', () => {
    const code = `// createCipheriv, secret.reveal()\nexport const policy = { reveal: 'always' }; policy.reveal`
    assert.deepEqual(findViolations(new Map([...Object.entries(soundHouse), ['daemon/src/cli/new.ts', code]])), [])
  })

  it('a room within a room has its own law', () => {
    assert.equal(roomOf('daemon/src/access/build-index.ts'), 'access/build-index')
    assert.equal(roomOf('daemon/src/access/decide.ts'), 'access')
    assert.equal(roomOf('daemon/src/document/migrations/2.ts'), 'document/migrations')
    assert.equal(roomOf('daemon/src/postern.ts'), 'postern.ts')
    assert.equal(roomOf('desktop/src/main/window.ts'), 'desktop/src/main')
  })
})
