import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

export interface ServerProcess {
  url: string
  child: ChildProcess
  /** Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
}

const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))

/** `kurzpost serve` as a process of its own; resolves when it says where it listens. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [bin, 'serve'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  after(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /runs at (http:\S+)/.exec(line)
      if (found) resolve(found[1]!)
    })
    void gone.then(() => reject(new Error(`the server ended with ${child.exitCode ?? child.signalCode}`)))
  })
  return {
    url,
    child,
    async kill(signal) {
      child.kill(signal)
      await gone
    },
  }
}

/** A port that is free now, for a server that comes back to the same one. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
