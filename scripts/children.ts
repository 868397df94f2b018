import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** What has been started, and must be gone at the end, whatever comes. Last started, first stopped. */
export interface Cleanup {
  add(undo: () => Promise<void> | void): void
  /** Harmless to repeat; what fails is reported and does not keep the rest from being stopped. */
  run(): Promise<void>
}

export function createCleanup(): Cleanup {
  const undos: (() => Promise<void> | void)[] = []
  let running: Promise<void> | undefined
  const unwind = async (): Promise<void> => {
    for (let undo = undos.pop(); undo; undo = undos.pop()) {
      try {
        await undo()
      } catch (error) {
        console.error(`At the end: ${(error as Error).message}`)
      }
    }
    running = undefined
  }
  return {
    add: (undo) => undos.push(undo),
    run: () => (running ??= unwind()),
  }
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Asks a process to end, and after `patienceMs` ends it. */
export async function stopChild(child: ChildProcess, patienceMs: number): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const late = new AbortController()
  const killed = delay(patienceMs, undefined, { signal: late.signal }).then(
    () => child.kill('SIGKILL'),
    () => {},
  )
  await ended
  late.abort()
  await killed
}
