import type { Bell } from '../bell.ts'
import type { Db, Tx } from '../store/db.ts'
import {
  finishWalk,
  noteProgress,
  putOn,
  type QueuedFacts,
  readyOn,
  takeWalk,
  type Walk,
  walkOn,
} from './repath.store.ts'
import type { Router } from './router.ts'

/** Every node has read new rules and finished what it was writing by the old ones. */
const settleMs = 3_000
const unrouted = 0
/** How often to look whether what was on the wire under older rules is answered. */
const onWireMs = 1_000

/**
 * Moves queued messages to the paths of the present rules, a thousand a transaction: first those without a path, or on a
 * path whose carriers are gone; then, when rules have changed, all of the queue, whatever they wait for. One node at a
 * time, and how far it has come is written down. Messages that came in by older rules meanwhile are found by a second
 * walk, which begins when no node can know the old rules any more, and nothing is on the wire that was claimed by them. Resolves, when there is nothing to do at present, with
 * the milliseconds after which there is (undefined: nothing), so it can be the work of a pulse.
 */
export async function repath(options: {
  db: Db
  bell: Bell
  router: Router
  /** Rows a transaction; those that move are held, and so not claimed, for as long as it takes. */
  batch?: number
  settledAfterMs?: number
}): Promise<number | undefined> {
  const { db, bell, router, batch = 1_000, settledAfterMs = settleMs } = options
  await router.refresh()

  /** How many it has moved. */
  async function move(tx: Tx, rows: readonly QueuedFacts[]): Promise<number> {
    const paths = await router.paths(rows)
    const moved = []
    for (const [at, { accountId, id, path: was, last }] of rows.entries()) {
      const path = last === null ? paths[at]! : await behind(paths[at]!, last)
      if (path !== was) moved.push({ accountId, id, was, path })
    }
    return putOn(tx, moved)
  }

  /** The path with these carriers at its end: or who has refused a message would have it again with each change of rules. */
  async function behind(path: number, last: readonly string[]): Promise<number> {
    let way = path
    for (const id of router.carriersOf(path)) {
      const name = router.carriers.get(id)?.name
      if (name !== undefined && last.includes(name)) way = (await router.elsewhere(way, id)) ?? way
    }
    return way
  }

  async function route(tx: Tx): Promise<Step> {
    const rows = await readyOn(tx, [unrouted, ...router.deadPaths()], batch)
    const moved = await move(tx, rows)
    return { moved, more: moved > 0 && rows.length === batch }
  }

  async function walk(tx: Tx): Promise<Step> {
    const found = await takeWalk(tx, settledAfterMs)
    if (!found) return { moved: 0, more: false }
    if (router.revision !== found.revision) return { moved: 0, more: true }
    const goesOn = found.walking === found.revision
    if (!goesOn && found.awaited) return { moved: 0, more: false, afterMs: onWireMs }
    const at = goesOn ? found : fromTheStart(found)
    const rows = await walkOn(tx, at, batch)
    const moved = await move(tx, rows)
    if (rows.length === batch) {
      await noteProgress(tx, found.revision, rows.at(-1)!)
      return { moved, more: true }
    }
    await finishWalk(tx, found.revision, at.settled)
    return { moved, more: false, afterMs: at.settled ? undefined : Math.max(1, found.settles) }
  }

  for (const step of [route, walk]) {
    for (;;) {
      const { moved, more, afterMs } = await db.transaction(step)
      if (moved > 0) bell.ring('queue')
      if (afterMs !== undefined) return afterMs
      if (!more) break
      await router.refresh()
    }
  }
  return undefined
}

interface Step {
  moved: number
  more: boolean
  afterMs?: number | undefined
}

const first = '00000000-0000-0000-0000-000000000000'
/** Rules that changed on the way begin it again. */
const fromTheStart = (walk: Walk): Walk => ({
  ...walk,
  settled: walk.settles <= 0,
  account: first,
  message: first,
})
