/** Dependencies: pinned, explained, and unable to run anything when they are installed. */
import assert from 'node:assert/strict'
import { readText } from './sources.ts'

interface Manifest {
  version: string
  license: string
  private: boolean
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const paths = ['package.json', 'shared/package.json', 'daemon/package.json', 'desktop/package.json']
const manifests = () => paths.map((path) => ({ path, manifest: JSON.parse(readText(path)) as Manifest }))

describe('house: packages', () => {
  it('every version is pinned exactly', () => {
    const loose = manifests().flatMap(({ path, manifest: { dependencies, devDependencies, optionalDependencies } }) =>
      Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
        .map(([name, version]) => `${path}: ${name} ${version}`),
    )
    assert.deepEqual(loose, [])
  })

  it('the workspaces carry one version and one licence, and cannot be published by accident', () => {
    for (const { path, manifest } of manifests())
      assert.deepEqual(
        { version: manifest.version, license: manifest.license, private: manifest.private },
        { version: manifests()[0]?.manifest.version, license: 'Apache-2.0', private: true },
        path,
      )
  })

  it('the README says of every runtime dependency what it is for', () => {
    const rows = readText('README.md')
      .split('\n')
      .filter((line) => line.startsWith('|'))
    const unexplained = manifests()
      .flatMap(({ manifest }) => Object.keys(manifest.dependencies ?? {}))
      .filter((name) => !name.startsWith('@postern/'))
      .filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))
    assert.deepEqual([...new Set(unexplained)], [])
  })

  it('the lock file names no registry, and installing runs no script of a package', () => {
    const lock = JSON.parse(readText('package-lock.json')) as {
      packages: Record<string, { resolved?: string; link?: boolean }>
    }
    const resolved = Object.entries(lock.packages).filter(([, { resolved: from, link }]) => link !== true && from)
    assert.deepEqual(resolved, [])
    assert.match(readText('.npmrc'), /^ignore-scripts=true$/m)
  })

  it('the lock file holds every platform its packages are made for, or `npm ci` refuses it', () => {
    const { packages } = JSON.parse(readText('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>
    }
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
      .filter((name) => packages[`node_modules/${name}`] === undefined)
    assert.deepEqual(missing, [])
  })

  it('the version has a place in the changelog', () => {
    const version = manifests()[0]?.manifest.version ?? ''
    assert.ok(
      readText('CHANGELOG.md').includes(`## ${version}`) || readText('CHANGELOG.md').includes(`## [${version}]`),
    )
  })
})
