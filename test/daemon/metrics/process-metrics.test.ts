/** What the process says of itself: present, plausible, without labels, and gone when it is stopped. */
import assert from 'node:assert/strict'
import { Registry } from 'prom-client'
import { addProcessMetrics } from '../../../daemon/src/metrics/process-metrics.ts'
import { readSamples, valueOf } from '../../support/prometheus-text.ts'

describe('process metrics', () => {
  it('are of this process, grow where they are totals, and have no labels', async () => {
    const registry = new Registry()
    const { stop } = addProcessMetrics(registry)
    try {
      const before = readSamples(await registry.metrics())
      // Of its own work, however much of the machine others take meanwhile.
      const worked = process.cpuUsage()
      while (process.cpuUsage(worked).user < 30_000);
      const after = readSamples(await registry.metrics())
      const cpu = 'process_cpu_seconds_total'
      assert.ok((valueOf(after, cpu) ?? 0) >= (valueOf(before, cpu) ?? Infinity) + 0.02)
      assert.ok((valueOf(after, cpu) ?? 0) < (2 * process.cpuUsage().user) / 1e6 + 10)
      assert.ok((valueOf(after, 'process_resident_memory_bytes') ?? 0) > 10_000_000)
      const started = valueOf(after, 'process_start_time_seconds') ?? 0
      assert.ok(Math.abs(Date.now() / 1_000 - process.uptime() - started) < 60)
      for (const { name, labels, value } of after)
        assert.ok(Object.keys(labels).length === 0 && Number.isFinite(value) && value >= 0, `${name} ${value}`)
    } finally {
      stop()
    }
  })
})
