/**
 * What the process says of itself, under the names that prom-client and its dashboards use. Promises: `stop` leaves nothing
 * running; names pass promtool. Never: a label.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'

const lagSampleMs = 20

/** Adds the metrics to a registry. */
export const addProcessMetrics = (registry: Registry): { stop(): void } => {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) })
  }
  const total = (name: string, help: string, read: () => number): void => {
    const made: Counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        made.reset()
        made.inc(read())
      },
    })
  }

  const cpuSeconds = (parts: { user?: number; system?: number }): number =>
    ((parts.user ?? 0) + (parts.system ?? 0)) / 1e6
  total('process_cpu_seconds_total', 'Processor time used, in seconds.', () => cpuSeconds(process.cpuUsage()))
  total('process_cpu_user_seconds_total', 'Processor time used by the program itself, in seconds.', () =>
    cpuSeconds({ user: process.cpuUsage().user }),
  )
  total('process_cpu_system_seconds_total', 'Processor time used by the system for the program, in seconds.', () =>
    cpuSeconds({ system: process.cpuUsage().system }),
  )
  gauge('process_start_time_seconds', 'When the process was started, in seconds since 1970.', () =>
    Math.round(performance.timeOrigin / 1_000),
  )
  gauge('process_resident_memory_bytes', 'Memory held by the process.', () => process.memoryUsage.rss())
  gauge('nodejs_heap_size_total_bytes', 'Memory taken for objects.', () => process.memoryUsage().heapTotal)
  gauge('nodejs_heap_size_used_bytes', 'Memory in use by objects.', () => process.memoryUsage().heapUsed)
  gauge('nodejs_external_memory_bytes', 'Memory in use by buffers and the like.', () => process.memoryUsage().external)

  const lag = monitorEventLoopDelay({ resolution: lagSampleMs })
  lag.enable()
  // A sample is the time between two ticks; what is more than the tick itself is lag.
  const lagSeconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - lagSampleMs / 1e3) || 0
  gauge('nodejs_eventloop_lag_mean_seconds', 'How late timers were on average since the last scrape.', () =>
    lagSeconds(lag.mean),
  )
  gauge('nodejs_eventloop_lag_p99_seconds', 'How late one in a hundred timers was since the last scrape.', () =>
    lagSeconds(lag.percentile(99)),
  )
  gauge('nodejs_eventloop_lag_max_seconds', 'How late the latest timer was since the last scrape.', () => {
    const max = lagSeconds(lag.max)
    // The last of the three that is read.
    lag.reset()
    return max
  })
  return { stop: () => void lag.disable() }
}
