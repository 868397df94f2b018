import { type ChildProcess, fork } from 'node:child_process'

/** Questions between the bench and its own processes, over the channel of `fork`. */

interface Question {
  readonly id: number
  readonly name: string
  readonly value: unknown
}
type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly problem: string })

export interface Worker {
  readonly child: ChildProcess
  /** Rejects with the worker's own message, and when the worker has ended. */
  ask<T>(name: string, value?: unknown): Promise<T>
}

/** Starts one of the files beside this one as a process; `args` are its own, `flags` are Node's. */
export function startWorker(
  file: string,
  name: string,
  { args = [], flags = [] }: { args?: readonly string[]; flags?: readonly string[] } = {},
): Worker {
  // Structured clones carry typed arrays; what a worker prints belongs on the screen.
  const child = fork(new URL(file, import.meta.url), args, {
    execArgv: [...flags],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let count = 0
  child.on('message', (reply: Reply) => {
    const waiting = open.get(reply.id)
    open.delete(reply.id)
    if ('problem' in reply) waiting?.reject(new Error(`${name}: ${reply.problem}`))
    else waiting?.resolve(reply.value)
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of open.values()) reject(new Error(`${name} ended early (${signal ?? code}).`))
    open.clear()
  })
  return {
    child,
    ask<T>(question: string, value?: unknown): Promise<T> {
      const waiting = Promise.withResolvers<T>()
      const id = count++
      open.set(id, { resolve: (value) => waiting.resolve(value as T), reject: waiting.reject })
      child.send({ id, name: question, value } satisfies Question, (error) => {
        if (error && open.delete(id)) waiting.reject(new Error(`${name}: ${error.message}`))
      })
      return waiting.promise
    },
  }
}

export type Answers = Readonly<Record<string, (value: never) => unknown>>

/** The worker's side. It ends with the process that started it, however that ends. */
export function answer(answers: Answers): void {
  process.on('message', async ({ id, name, value }: Question) => {
    let reply: Reply
    try {
      reply = { id, value: await answers[name]!(value as never) }
    } catch (error) {
      reply = { id, problem: (error as Error).message }
    }
    process.send!(reply)
  })
  process.once('disconnect', () => process.exit())
  // Ctrl-C reaches the whole group; the bench decides what ends, and in which order.
  process.on('SIGINT', () => {})
}
