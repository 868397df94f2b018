import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Binaries, identity, postgresEnv } from './postgres-binaries.ts'
import type { PostgresUser } from './postgres-user.ts'

/** Where PostgreSQL listens: a folder for its Unix socket, or 127.0.0.1 where `socketDir` is empty. */
export interface Address {
  readonly socketDir: string
  readonly port: number
}

/** What `postmaster.pid` says; its lines are PostgreSQL's (src/include/utils/pidfile.h). */
export interface PidFile extends Address {
  readonly pid: number
  /** `starting`, `ready`, `stopping`, or `standby`. */
  readonly status: string
}

/** A postmaster that runs: one that we started, or one that we found. */
export interface Postmaster {
  readonly pid: number
  readonly address: Address
  /** Settles when it has ended, however it did. */
  readonly ended: Promise<string>
}

/** All that stands between a cluster's files and its process. */
export interface Launch {
  readonly binaries: Binaries
  readonly user: PostgresUser | undefined
  readonly pgdata: string
  readonly logFile: string
  readonly parameters: Readonly<Record<string, string>>
}

const pidFileOf = (pgdata: string) => join(pgdata, 'postmaster.pid')

export function readPidFile(pgdata: string): PidFile | undefined {
  let lines: string[]
  try {
    lines = readFileSync(pidFileOf(pgdata), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0)) return undefined
  return {
    pid,
    port: Number(lines[3] ?? 0),
    socketDir: lines[4] ?? '',
    status: (lines[7] ?? '').trim(),
  }
}

/** Whether a process with this id runs. A zombie does not: where nobody reaps, its id would stay for ever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

/**
 * Whether process `pid` is a postmaster of `pgdata`, and not a stranger who got its old id. Told by its
 * command line, which everybody may read; its working folder only root with CAP_SYS_PTRACE may.
 */
export function isPostmasterOf(pid: number, pgdata: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') return true // PostgreSQL's own check is all there is
  if (process.platform === 'linux') {
    try {
      const [program, , folder] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return /postgres$/.test(program ?? '') && folder === pgdata
    } catch {
      return false
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.includes(`-D ${pgdata} `)
}

/**
 * After a crash the pid file may name a process that has nothing to do with PostgreSQL (ids come round
 * quickly in containers), and PostgreSQL would refuse to start. Naming its parent instead lets it pass that
 * check, and keeps the next one: whether old backends still use the shared memory that the file names.
 */
export function disownPidFile(pgdata: string): void {
  const path = pidFileOf(pgdata)
  const lines = readFileSync(path, 'utf8').split('\n')
  lines[0] = String(process.pid)
  writeFileSync(path, lines.join('\n'))
}

function launchArguments(launch: Launch, { socketDir, port }: Address): string[] {
  const parameters = {
    ...launch.parameters,
    listen_addresses: socketDir === '' ? '127.0.0.1' : '',
    // A list: quotes keep a comma or a space in the path from dividing it.
    unix_socket_directories: socketDir === '' ? '' : `"${socketDir.replaceAll('"', '""')}"`,
    port: String(port),
  }
  return [
    '-D',
    launch.pgdata,
    ...Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** Whether the postmaster that runs was started with just the arguments that we would use. */
export function runsAsLaunched(launch: Launch, address: Address): boolean {
  try {
    const line = readFileSync(join(launch.pgdata, 'postmaster.opts'), 'utf8').trim()
    const wanted = launchArguments(launch, address)
      .map((argument) => ` "${argument}"`)
      .join('')
    return line === `${launch.binaries.postgres}${wanted}`
  } catch {
    return false
  }
}

/** Starts PostgreSQL and resolves once it takes connections; rejects with the end of its log if it does not. */
export async function launchPostmaster(launch: Launch, address: Address): Promise<Postmaster> {
  const log = openSync(launch.logFile, 'a', 0o600)
  const logged = statSync(launch.logFile).size
  const child = spawn(launch.binaries.postgres, launchArguments(launch, address), {
    ...identity(launch.user),
    cwd: '/',
    env: postgresEnv,
    // Its log goes straight to a file, so that it outlives us; its own session keeps Ctrl-C from reaching it
    // while the server still drains.
    stdio: ['ignore', log, log],
    detached: true,
    windowsHide: true,
  })
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit status ${code}`))
  })
  child.unref() // whoever forgets to stop it can still end; the next start finds it
  if (child.pid !== undefined && (await untilReady(launch.pgdata, child.pid)))
    return { pid: child.pid, address, ended }
  throw new StartFailure(await ended, launch.logFile, logged)
}

/** PostgreSQL ended before it was ready. `said` is what it logged about it, in English. */
export class StartFailure extends Error {
  readonly said: string
  constructor(reason: string, logFile: string, from: number) {
    const said = readFileSync(logFile).subarray(from).toString().trim()
    super(`PostgreSQL did not start (${reason}); its log ${logFile} says:\n${said}`)
    this.name = 'StartFailure'
    this.said = said
  }
}

/** True once it takes connections, false if it ends before. No limit: recovery takes as long as there is WAL. */
async function untilReady(pgdata: string, pid: number): Promise<boolean> {
  while (isAlive(pid)) {
    const file = readPidFile(pgdata)
    if (file?.pid === pid && file.status === 'ready') return true
    await delay(15)
  }
  return false
}

/** A postmaster that somebody else started, watched by its id; undefined if it ends before it is ready. */
export async function attach(pgdata: string, file: PidFile): Promise<Postmaster | undefined> {
  if (!(await untilReady(pgdata, file.pid))) return undefined
  const watch = async () => {
    while (isAlive(file.pid)) await delay(250, undefined, { ref: false })
    return 'it is gone'
  }
  return { pid: file.pid, address: file, ended: watch() }
}

/**
 * Fast shutdown: open transactions are rolled back, a checkpoint is written. If that hangs for a minute,
 * immediate shutdown: the next start recovers from the WAL, nothing committed is lost.
 */
export async function stopPostmaster(launch: Launch, postmaster: Postmaster): Promise<void> {
  // It may have died long ago, and its id be somebody else's.
  if (!isPostmasterOf(postmaster.pid, launch.pgdata)) return
  for (const [mode, patienceMs] of [
    ['fast', 60_000],
    ['immediate', 10_000],
  ] as const) {
    signal(launch, postmaster.pid, mode)
    const deadline = performance.now() + patienceMs
    while (isAlive(postmaster.pid) && performance.now() < deadline) await delay(10)
    if (!isAlive(postmaster.pid)) return
  }
  throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`)
}

function signal(launch: Launch, pid: number, mode: 'fast' | 'immediate'): void {
  if (process.platform === 'win32') {
    spawnSync(launch.binaries.pgCtl, ['stop', '-W', '-m', mode, '-D', launch.pgdata], {
      env: postgresEnv,
      windowsHide: true,
    })
    return
  }
  try {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  } catch {
    // it ended just now
  }
}
