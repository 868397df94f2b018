import { cpuOf, cpuOfTree, machineTicks, memoryOfTree, peakMemoryOf } from './usage.ts'

/** The processes that a message costs, in the order of the table. */
export const parts = ['server', 'PostgreSQL', 'simulator', 'webhook sink', 'load'] as const
export type Part = (typeof parts)[number]

/** Process ids. PostgreSQL's is the postmaster's and stands for all its processes. */
export type Processes = Partial<Record<Part, number>>

export interface Cost {
  /** Microseconds of CPU a message. */
  readonly cpu: Partial<Record<Part, number>>
  /** Percent of all processors' time: left over, and given by the host to somebody else. */
  readonly machine: { readonly idle: number; readonly stolen: number } | undefined
  /** Bytes: the most that the server ever held. */
  readonly serverMemory: number | undefined
  /** Bytes: the most that all of PostgreSQL held when looked at, shared memory counted once. */
  readonly postgresMemory: number | undefined
}

export interface Meter {
  /** Looks at what has no high-water mark of its own. Call it now and then. */
  sample(): void
  /** What was used since the meter was started. */
  read(messages: number): Cost
}

export function startMeter(processes: Processes): Meter {
  const { PostgreSQL: postmaster, server } = processes
  const used = (part: Part): number | undefined => {
    const pid = processes[part]
    if (pid === undefined) return undefined
    return part === 'PostgreSQL' ? cpuOfTree(pid) : cpuOf(pid)
  }
  const before = new Map(parts.map((part) => [part, used(part)]))
  const ticksBefore = machineTicks()
  let postgresMemory = 0
  const sample = (): void => {
    if (postmaster !== undefined) postgresMemory = Math.max(postgresMemory, memoryOfTree(postmaster))
  }
  return {
    sample,
    read(messages) {
      sample()
      const cpu: Partial<Record<Part, number>> = {}
      for (const part of parts) {
        const from = before.get(part)
        const to = used(part)
        if (from !== undefined && to !== undefined) cpu[part] = (to - from) / messages
      }
      return {
        cpu,
        machine: sharesSince(ticksBefore),
        serverMemory: server === undefined ? undefined : peakMemoryOf(server),
        postgresMemory: postgresMemory || undefined,
      }
    },
  }
}

function sharesSince(before: ReturnType<typeof machineTicks>): Cost['machine'] {
  const now = machineTicks()
  if (!before || !now) return undefined
  const percent = (name: 'idle' | 'stolen'): number =>
    (100 * (now[name] - before[name])) / Math.max(1, now.all - before.all)
  return { idle: percent('idle'), stolen: percent('stolen') }
}
