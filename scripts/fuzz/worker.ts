import { parentPort, workerData } from 'node:worker_threads'
import { type OnCase, type Order, runCases } from './run.ts'
import { searchInputs } from './search.ts'
import type { Found, Seedling } from './target.ts'
import { targets } from './targets.ts'
import { note, type Watch } from './watch.ts'

/** The thread that does the work; the main thread watches the case that it is at. */
export type Task =
  | { readonly do: 'search'; readonly target: string; readonly seed: number; readonly cases: number }
  | {
      readonly do: 'run'
      readonly target: string
      readonly order: Order
      readonly found: Found
    }

const { task, watch } = workerData as { task: Task; watch: Watch }
const target = await targets[task.target]!()
const onCase: OnCase = (number, check, octets) => note(watch, number, target.checks.indexOf(check), octets)

if (task.do === 'search') parentPort!.postMessage(searchInputs(target, task.seed, task.cases, onCase))
else {
  // A Buffer arrives in a thread as a plain Uint8Array.
  const buffers = (list: readonly Seedling[]): Seedling[] =>
    list.map(({ octets, marks }) => ({ octets: Buffer.from(octets), marks }))
  const found = { single: buffers(task.found.single), joined: buffers(task.found.joined) }
  parentPort!.postMessage(runCases(target, task.order, found, onCase))
}
