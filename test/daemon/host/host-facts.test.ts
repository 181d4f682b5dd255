/** What is told of the machine: true, complete where it can be, and never a reason to fail. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { hostname, tmpdir, type networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { freeBytesOf, machineNames, readHostFacts } from '../../../daemon/src/host/host-facts.ts'

describe('host facts', () => {
  it('say the machine, its memory and the free space of the data folder', async () => {
    const facts = await readHostFacts(tmpdir())
    assert.equal(facts['hostname'], hostname())
    assert.equal(facts['arch'], process.arch)
    assert.equal(typeof facts['os'], 'string')
    for (const name of ['cpu_count', 'memory_bytes', 'memory_available_bytes', 'disk_free_bytes', 'uptime_seconds'])
      assert.ok(Number(facts[name]) > 0 && Number.isSafeInteger(facts[name]), `${name}: ${String(facts[name])}`)
    assert.ok(Number(facts['memory_available_bytes']) <= Number(facts['memory_bytes']))
  })

  it('are null where the data folder cannot be looked at, and the rest is still told', async () => {
    const facts = await readHostFacts(join(tmpdir(), 'postern-there-is-no-such-folder'))
    assert.equal(facts['disk_free_bytes'], null)
    assert.equal(facts['hostname'], hostname())
  })

  it('do not start another program once the system is known', async () => {
    await readHostFacts(tmpdir())
    let started = 0
    const count = (): void => void (started += 1)
    subscribe('child_process', count)
    try {
      await readHostFacts(tmpdir())
      assert.equal(started, 0)
      spawn(process.execPath, ['--version']).unref()
      assert.ok(started > 0, 'the counter does not count')
    } finally {
      unsubscribe('child_process', count)
    }
  })

  it('the free space of a folder that is not there is an error', async () => {
    await assert.rejects(freeBytesOf(join(tmpdir(), 'postern-there-is-no-such-folder')), { code: 'ENOENT' })
  })
})

describe('names of the machine', () => {
  const address = (text: string, internal = false): never => ({ address: text, internal }) as never

  it('are its host name, loopback, and every address that can be reached from outside, each once', () => {
    const interfaces = (): ReturnType<typeof networkInterfaces> => ({
      lo: [address('127.0.0.1', true), address('::1', true)],
      eth0: [address('192.0.2.7'), address('2001:db8::7'), address('fe80::1'), address('febf::1')],
      eth1: [address('192.0.2.7')],
    })
    assert.deepEqual(
      machineNames(() => 'Gate.Example', interfaces),
      ['gate.example', 'localhost', '127.0.0.1', '::1', '192.0.2.7', '2001:db8::7'],
    )
  })

  it('hold nothing that a certificate cannot say: other alphabets are encoded, impossible names left out', () => {
    const none = (): ReturnType<typeof networkInterfaces> => ({})
    assert.equal(machineNames(() => 'MÜLLER-PC', none)[0], 'xn--mller-pc-65a')
    assert.equal(machineNames(() => 'my_gate', none)[0], 'my_gate')
    for (const name of ['', 'a, DNS:evil.example', 'a"b', 'a b', 'a'.repeat(300)])
      assert.deepEqual(
        machineNames(() => name, none),
        ['localhost', '127.0.0.1', '::1'],
        name,
      )
  })

  it('are still host name and loopback where a sandbox hides the interfaces', () => {
    const hidden = (): never => {
      throw new Error('uv_interface_addresses returned Unknown system error 97')
    }
    assert.deepEqual(
      machineNames(() => 'gate', hidden),
      ['gate', 'localhost', '127.0.0.1', '::1'],
    )
  })

  it('of this very machine hold its loopback', () => {
    assert.ok(machineNames().includes('127.0.0.1'))
  })
})
