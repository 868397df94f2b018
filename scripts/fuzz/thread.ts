import { Worker } from 'node:worker_threads'
import type { Failure } from './run.ts'
import type { Target } from './target.ts'
import { createWatch, read } from './watch.ts'

/** A case that takes longer hangs: the longest takes some milliseconds. */
const longestMs = 20_000

/**
 * Does the task in a thread and gives what it posts. A case that does not come back is told to `onHang`, with its input, and
 * the thread is ended.
 */
export function inThread<T>(
  task: unknown,
  {
    target,
    onHang,
    hangMs = longestMs,
    file = new URL('./worker.ts', import.meta.url),
  }: { target: Target; onHang: (failure: Failure) => void; hangMs?: number; file?: URL },
): Promise<T> {
  const watch = createWatch()
  return new Promise((resolve, reject) => {
    const thread = new Worker(file, { workerData: { task, watch } })
    let last = -1
    let movedAt = performance.now()
    const timer = setInterval(
      () => {
        const now = performance.now()
        const number = watch.head[0]!
        if (number !== last || number < 0) movedAt = now
        last = number
        if (now - movedAt < hangMs) return
        clearInterval(timer)
        const reason = `It has not come back for ${hangMs / 1_000} s.`
        onHang({ ...read(watch, target), reason })
        void thread.terminate()
        reject(new Error(reason))
      },
      Math.min(250, hangMs / 2),
    )
    thread.once('message', (result: T) => {
      clearInterval(timer)
      resolve(result)
    })
    thread.once('error', (error) => {
      clearInterval(timer)
      reject(error)
    })
  })
}
