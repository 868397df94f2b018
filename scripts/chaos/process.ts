import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Cleanup, hasEnded, stopChild } from '../children.ts'

/** A process that is killed and started again: its command stays, its pid does not. */
export interface Mortal {
  readonly name: string
  readonly pid: number | undefined
  /** Resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Resolves when it says that it is ready; rejects when it ends before that. */
  start(): Promise<void>
}

const readyMs = 60_000

/** `isReady` is asked for each line of its standard output. Standard error goes to `logFile`. */
export function createMortal(options: {
  name: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  logFile: string
  isReady: (line: string) => boolean
  cleanup: Cleanup
}): Mortal {
  const { name, args, env, logFile, isReady, cleanup } = options
  let child: ChildProcess | undefined
  let isOver = false
  cleanup.add(async () => {
    isOver = true
    if (!child) return
    child.kill('SIGCONT')
    await stopChild(child, 15_000)
  })
  const gone = (ended: ChildProcess): Promise<void> =>
    hasEnded(ended) ? Promise.resolve() : new Promise((resolve) => ended.once('exit', () => resolve()))

  return {
    name,
    get pid() {
      return child && !hasEnded(child) ? child.pid : undefined
    },
    async kill(signal) {
      if (!child || hasEnded(child)) return
      child.kill(signal)
      await gone(child)
    },
    signal(signal) {
      if (child && !hasEnded(child)) child.kill(signal)
    },
    async start() {
      // The run has ended, and nobody would end this one any more.
      if (isOver) return
      const log = openSync(logFile, 'a')
      const started = spawn(process.execPath, [...args], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', log],
        detached: true, // Ctrl-C reaches this process alone, which then ends the others in their order
      })
      closeSync(log)
      child = started
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => {
          started.kill('SIGKILL')
          reject(new Error(`${name} was not ready in time.`))
        }, readyMs)
        createInterface({ input: started.stdout! }).on('line', (line) => {
          if (!isReady(line)) return
          clearTimeout(late)
          resolve()
        })
        void gone(started).then(() => {
          clearTimeout(late)
          reject(new Error(`${name} ended early (${started.signalCode ?? started.exitCode}).`))
        })
      })
    },
  }
}
