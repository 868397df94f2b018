import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Cleanup, hasEnded, stopChild } from '../children.ts'
import { postmasterOf } from './usage.ts'

/** The server under test and the simulator, each as a process of its own, as they are in production. */

const atRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const readyMs = 60_000
const serverStopMs = 20_000

/** A folder for one server that PostgreSQL's user can enter, also when that is not ours. */
export function temporaryFolder(cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-bench-'))
  chmodSync(folder, 0o711)
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve()),
  )
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface Simulator {
  readonly pid: number
  readonly smppPort: number
  readonly url: string
}

export async function startSimulator(
  cleanup: Cleanup,
  { receiptDelayMs, window }: { receiptDelayMs: number; window: number },
  settings: Readonly<Record<string, string>> = {},
): Promise<Simulator> {
  const flags = {
    'smpp-port': 0,
    'http-port': 0,
    'receipt-delay-ms': receiptDelayMs,
    window,
    'orphan-exit-s': 5,
    ...settings,
  }
  const child = spawn(
    process.execPath,
    [
      atRoot('packages/simulator/src/main.ts'),
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  cleanup.add(() => stopChild(child, 5_000))
  const line = await firstLine(child, 'the simulator')
  const { smppPort, httpPort } = JSON.parse(line) as { smppPort: number; httpPort: number }
  return { pid: child.pid!, smppPort, url: `http://127.0.0.1:${httpPort}` }
}

function firstLine(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} was not ready in time.`)), readyMs)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${name} ended early (${code}).`)))
    createInterface({ input: child.stdout! }).once('line', (line) => {
      clearTimeout(late)
      resolve(line)
    })
  })
}

export interface Server {
  readonly pid: number
  readonly url: string
  readonly key: string
  readonly dataDir: string
  /** Undefined where /proc does not tell, or another PostgreSQL was given. */
  readonly postmaster: number | undefined
  readonly postgresVersion: string
  /** The end of what it has logged: warnings and errors. */
  lastWords(): string
  stop(): Promise<void>
}

/**
 * Starts a server on a fresh data folder with a PostgreSQL of its own. With a simulator it runs in sandbox mode,
 * which alone lets webhooks go to this machine; without one it accepts, and nothing takes its messages.
 */
export async function startServer(
  cleanup: Cleanup,
  options: {
    simulator?: Simulator
    window?: number
    profileFolder?: string
    /** More settings, by their names in the environment. */
    settings?: Readonly<Record<string, string>>
  },
): Promise<Server> {
  const { simulator, window, profileFolder, settings = {} } = options
  const folder = temporaryFolder(cleanup)
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o711 })
  const port = await freePort()
  const key = randomBytes(32).toString('base64url')
  const logFile = join(folder, 'server.log')
  const output = openSync(logFile, 'a')
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=1024', // as in the first line of the command
      ...(profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : []),
      atRoot('packages/server/bin/kurzpost.js'),
      'serve',
    ],
    {
      stdio: ['ignore', output, output],
      // Ctrl-C reaches the bench alone, which stops the server before its PostgreSQL's folder goes.
      detached: true,
      env: {
        ...withoutSettings(process.env),
        KURZPOST_DATA_DIR: dataDir,
        KURZPOST_PORT: String(port),
        KURZPOST_BOOTSTRAP_KEY: key,
        KURZPOST_LOG: 'warn',
        ...(simulator && {
          KURZPOST_SANDBOX: 'on',
          KURZPOST_CARRIER_URL: `smpp://bench:bench@127.0.0.1:${simulator.smppPort}`,
        }),
        ...(window !== undefined && { KURZPOST_CARRIER_WINDOW: String(window) }),
        ...settings,
      },
    },
  )
  closeSync(output)
  let postmaster: number | undefined
  const stop = async (): Promise<void> => {
    await stopChild(child, serverStopMs)
    // A server that had to be killed leaves its PostgreSQL behind. SIGQUIT: at once, its folder goes anyway.
    if (postmaster !== undefined && isPostgres(postmaster, dataDir)) process.kill(postmaster, 'SIGQUIT')
  }
  cleanup.add(stop)

  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(child, `${url}/readyz`)
  } catch (error) {
    postmaster = child.pid === undefined ? undefined : postmasterOf(child.pid)
    throw new Error(`${(error as Error).message}\n${lastLines(logFile)}`)
  }
  postmaster = postmasterOf(child.pid!)
  return {
    pid: child.pid!,
    url,
    key,
    dataDir,
    postmaster,
    postgresVersion: postgresVersion(dataDir),
    lastWords: () => lastLines(logFile),
    stop,
  }
}

/** A developer's own settings must not change what is measured. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'DATABASE_URL' && !name.startsWith('KURZPOST_')),
  )

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + readyMs
  let last = 'it did not answer'
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error(`The server ended early (${child.signalCode ?? child.exitCode}).`)
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
      const text = await answer.text()
      if (answer.ok) return
      last = `it answered ${answer.status}: ${text}`
    } catch {
      // Not yet.
    }
    await delay(100)
  }
  throw new Error(`The server was not ready in time: ${last}.`)
}

function isPostgres(pid: number, dataDir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir)
  } catch {
    return false
  }
}

function postgresVersion(dataDir: string): string {
  const log = readText(join(dataDir, 'postgres.log'))
  return /starting PostgreSQL (\S+)/.exec(log)?.[1] ?? 'of unknown version'
}

const lastLines = (file: string): string => readText(file).trimEnd().split('\n').slice(-20).join('\n')

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
