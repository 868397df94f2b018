import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { backoff } from './pause.ts'

export interface Sandbox {
  /** Where the first carrier binds. */
  readonly carrierUrl: string
  /** The handset interface. */
  readonly handsetUrl: string
  stop(): Promise<void>
}

/** How long a simulator outlives a killed server, for the next one to take over: receipts under way are kept. */
const orphanExitSeconds = 60

/**
 * The simulator, as a process of its own beside the server: it survives `kill -9` of the server as a real SMSC
 * would, and the next start takes it over. A simulator that dies is started again.
 */
export async function startSandbox(config: Config, log: Log): Promise<Sandbox> {
  const stopping = new AbortController()
  let ports = { smppPort: config.simulatorSmppPort, httpPort: config.simulatorHttpPort }
  let child: ChildProcess | undefined

  const found = await running(ports.httpPort)
  if (found) {
    log.info({ pid: found.pid }, 'took over the simulator of an earlier start')
    ports = { smppPort: found.smppPort, httpPort: ports.httpPort }
  } else await launch()

  async function launch(): Promise<void> {
    mkdirSync(config.dataDir, { recursive: true })
    const errors = openSync(join(config.dataDir, 'simulator.log'), 'a', 0o600)
    const flags = [
      ['--smpp-port', ports.smppPort],
      ['--http-port', ports.httpPort],
      ['--orphan-exit-s', orphanExitSeconds],
      ['--parent-pid', process.pid],
    ]
    const main = fileURLToPath(import.meta.resolve('@kurzpost/simulator/main'))
    // Detached: Ctrl-C reaches the server alone, which ends the simulator after its binds.
    child = spawn(process.execPath, [main, ...flags.flat().map(String)], {
      detached: true,
      stdio: ['ignore', 'pipe', errors],
    })
    closeSync(errors)
    const own = child
    ports = await ready(own).catch((error: unknown) => {
      own.kill()
      throw error
    })
    own.unref()
    own.once('exit', (code) => {
      if (!stopping.signal.aborted) void relaunch(code)
    })
  }

  async function relaunch(code: number | null): Promise<void> {
    log.warn({ code }, 'the simulator ended; starting it again')
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await backoff(attempt, { signal: stopping.signal })
        return await launch()
      } catch (error) {
        if (!stopping.signal.aborted)
          log.warn({ error: (error as Error).message }, 'the simulator did not start')
      }
    }
  }

  return {
    carrierUrl: `smpp://sandbox:sandbox@127.0.0.1:${ports.smppPort}`,
    handsetUrl: `http://127.0.0.1:${ports.httpPort}`,
    async stop() {
      stopping.abort()
      const pid = child?.pid ?? found?.pid
      if (pid === undefined || (child?.exitCode !== null && child !== undefined)) return
      const ended = child && new Promise((resolve) => child!.once('exit', resolve))
      try {
        process.kill(pid, 'SIGTERM')
        await ended
      } catch {
        // It has ended already.
      }
    },
  }
}

/** The simulator that answers on this port, if one does. */
async function running(httpPort: number): Promise<{ pid: number; smppPort: number } | undefined> {
  if (httpPort === 0) return undefined
  try {
    const answer = await request(`http://127.0.0.1:${httpPort}/health`, {
      headersTimeout: 1_000,
      bodyTimeout: 1_000,
    })
    const body = (await answer.body.json()) as { name?: string; pid?: number; smppPort?: number }
    if (
      body.name !== 'kurzpost-simulator' ||
      typeof body.pid !== 'number' ||
      typeof body.smppPort !== 'number'
    )
      return undefined
    return { pid: body.pid, smppPort: body.smppPort }
  } catch {
    return undefined
  }
}

/** Waits for the one line by which the simulator says that it listens. */
function ready(child: ChildProcess): Promise<{ smppPort: number; httpPort: number }> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! })
    lines.once('line', (line) => {
      lines.close()
      child.stdout!.resume()
      try {
        resolve(JSON.parse(line))
      } catch {
        reject(new Error('The simulator did not say on which ports it listens.'))
      }
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      const why =
        code === 2
          ? 'one of its ports is taken (KURZPOST_SIMULATOR_SMPP_PORT, KURZPOST_SIMULATOR_HTTP_PORT)'
          : `exit code ${code}`
      reject(new Error(`The simulator did not start: ${why}. See simulator.log in the data directory.`))
    })
  })
}
