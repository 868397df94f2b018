import { readdirSync, readFileSync } from 'node:fs'

/** CPU time and memory of processes, from Linux's /proc. Elsewhere both are unknown and the table shows a dash. */

/** `sysconf(_SC_CLK_TCK)`, 100 on every Linux that Node runs on. (proc(5)) */
const ticksPerSecond = 100

interface Stat {
  readonly pid: number
  readonly parent: number
  readonly name: string
  /** Microseconds of CPU: its own, and with `ended` that of children which it has waited for. */
  readonly own: number
  readonly ended: number
}

function statOf(pid: number): Stat | undefined {
  let line: string
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined // It has ended, or there is no /proc.
  }
  // The name stands in brackets and may hold anything; the fields after it are counted from 3. (proc(5))
  const nameEnds = line.lastIndexOf(')')
  const fields = line.slice(nameEnds + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  const micros = (ticks: number): number => (ticks * 1_000_000) / ticksPerSecond
  return {
    pid,
    parent: field(4),
    name: line.slice(line.indexOf('(') + 1, nameEnds),
    own: micros(field(14) + field(15)),
    ended: micros(field(16) + field(17)),
  }
}

function allStats(): Stat[] {
  try {
    return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) && statOf(Number(entry))) || [])
  } catch {
    return []
  }
}

/** The postmaster that a server has started, if it has one. */
export const postmasterOf = (server: number): number | undefined =>
  allStats().find((stat) => stat.parent === server && stat.name === 'postgres')?.pid

/** Microseconds of CPU that a process has used by itself. Undefined: unknown. */
export const cpuOf = (pid: number): number | undefined => statOf(pid)?.own

/** The same of a postmaster with all its backends and workers, those that have ended with them. */
export function cpuOfTree(postmaster: number): number | undefined {
  const tree = allStats().filter(({ pid, parent }) => pid === postmaster || parent === postmaster)
  if (tree.length === 0) return undefined
  return tree.reduce((sum, { own, ended }) => sum + own + ended, 0)
}

/** Values of /proc/<pid>/status in bytes. */
function memoryFields(pid: number): (name: string) => number {
  let text = ''
  try {
    text = readFileSync(`/proc/${pid}/status`, 'latin1')
  } catch {
    // It has ended.
  }
  return (name) => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024
}

/** The most memory that a process ever held, in bytes. Undefined: unknown. */
export const peakMemoryOf = (pid: number): number | undefined => memoryFields(pid)('VmHWM') || undefined

/** What a process holds now, in bytes. */
export const memoryNow = (pid: number): number => memoryFields(pid)('VmRSS')

/** What a postmaster and its children hold now, in bytes; what they share is counted once. */
export function memoryOfTree(postmaster: number): number {
  let shared = 0
  let files = 0
  let own = 0
  for (const { pid, parent } of allStats()) {
    if (pid !== postmaster && parent !== postmaster) continue
    const field = memoryFields(pid)
    own += field('RssAnon')
    shared = Math.max(shared, field('RssShmem'))
    files = Math.max(files, field('RssFile'))
  }
  return own + shared + files
}

/** Ticks of all processors since the machine was started. Undefined: unknown. */
export function machineTicks(): { all: number; idle: number; stolen: number } | undefined {
  try {
    // user nice system idle iowait irq softirq steal; the guests' times behind them are part of the first two. (proc(5))
    const ticks = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.split(/ +/).slice(1, 9).map(Number)
    const [idle = 0, waiting = 0] = ticks.slice(3, 5)
    return { all: ticks.reduce((sum, each) => sum + each, 0), idle: idle + waiting, stolen: ticks[7] ?? 0 }
  } catch {
    return undefined
  }
}

/** The command line of a process, its arguments one by one. */
export function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
