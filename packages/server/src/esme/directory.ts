import { setTimeout as wait } from 'node:timers/promises'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { allLogins, type Login } from './login.store.ts'
import {
  announceSessions,
  becomeHolder,
  leaveSessions,
  listSessions,
  type SessionRow,
  takeOverFromTheDead,
} from './session.store.ts'

/** A bind on this node, as it is told to the others. */
export type Present = Omit<SessionRow, 'node'>

export interface Directory {
  /** The number of this node. */
  readonly node: number
  bySystemId(systemId: string): Login | undefined
  byId(id: string): Login | undefined
  readonly logins: readonly Login[]
  /** Binds of the login on other nodes that live, as of a second ago. */
  elsewhere(loginId: string): number
  /** Nodes to which the login is bound, this one among them whether or not it is. */
  nodes(loginId: string): number
  /** How many binds of its login, on whatever node, are older than this bind of this node; undefined: not written down yet. */
  older(session: number): number | undefined
  came(session: Present): void
  left(session: number): void
  /**
   * Looks again, for a bind that does not fit what is known: its login may be a moment old. Not more often than a few
   * times a second, whatever strangers try, and it gives up quietly when the database is away.
   */
  lookAgain(): Promise<void>
  stop(): Promise<void>
}

/** How long a change on another node stays unseen when its bell was lost. */
const pollMs = 1_000
const spacingMs = 100
/** Between two looks that binds ask for. */
const againMs = 200
/** How often nodes look for what the dead have left. */
const mournMs = 5_000

/**
 * Logins and binds of all nodes, in memory: a bind asks no database, so a thousand of them at once cost it nothing, and
 * they come in while it is away. `changed` is told after each look, for what follows from it.
 */
export async function startDirectory(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  node: number
  changed: () => void
}): Promise<Directory> {
  const { db, clock, bell, log, node, changed } = options
  let logins: Login[] = []
  let bySystemId = new Map<string, Login>()
  let byId = new Map<string, Login>()
  let places = new Map<number, number>()
  let others = new Map<string, SessionRow[]>()
  const present = new Map<number, Present>()
  let mournedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  let nextLook: Promise<void> | undefined

  let begun = 0
  let shown = 0

  async function refresh(): Promise<void> {
    const turn = ++begun
    const found = await allLogins(db)
    const listed = await listSessions(db)
    const told = (await tell(listed)) ? await listSessions(db) : listed
    // One that a bind has asked for may overtake another, which then knows less.
    if (turn < shown) return
    shown = turn
    // Oldest first: each finds its place in one pass, however many there are.
    const counts = new Map<string, number>()
    places = new Map()
    for (const { login_id, node: at, session } of told) {
      const before = counts.get(login_id) ?? 0
      counts.set(login_id, before + 1)
      if (at === node) places.set(session, before)
    }
    logins = found
    bySystemId = new Map(found.map((login) => [login.system_id, login]))
    byId = new Map(found.map((login) => [login.id, login]))
    others = Map.groupBy(
      told.filter((session) => session.node !== node),
      (session) => session.login_id,
    )
    if (clock.monotonic() - mournedAt > mournMs) {
      mournedAt = clock.monotonic()
      await becomeHolder(db, node)
      if ((await takeOverFromTheDead(db, clock.now())) > 0) bell.ring('esme')
    }
    changed()
  }

  /** What the database has of this node and what is true: the difference is written, also after it lost our rows. */
  async function tell(known: readonly SessionRow[]): Promise<boolean> {
    const mine = new Set(known.filter((row) => row.node === node).map((row) => row.session))
    const came = [...present.values()].filter(({ session }) => !mine.has(session))
    const left = [...mine].filter((session) => !present.has(session))
    if (came.length === 0 && left.length === 0) return false
    await announceSessions(db, node, came, left)
    bell.ring('logins')
    return true
  }

  await refresh()
  const pulse = startPulse({
    name: 'the directory of SMPP logins',
    async work() {
      await refresh()
      return undefined
    },
    everyMs: pollMs,
    spacingMs,
    clock,
    log,
  })
  const deaf = bell.on('logins', () => pulse.ring())

  return {
    node,
    bySystemId: (systemId) => bySystemId.get(systemId),
    byId: (id) => byId.get(id),
    get logins() {
      return logins
    },
    elsewhere: (loginId) => others.get(loginId)?.length ?? 0,
    nodes: (loginId) => 1 + new Set(others.get(loginId)?.map((session) => session.node)).size,
    older: (session) => places.get(session),
    came(session) {
      present.set(session.session, session)
      pulse.ring()
    },
    left(session) {
      present.delete(session)
      pulse.ring()
    },
    lookAgain() {
      // One that has begun may have read before what is looked for was written: all who ask share the next.
      nextLook ??= wait(Math.max(0, lookedAt + againMs - clock.monotonic())).then(() => {
        nextLook = undefined
        lookedAt = clock.monotonic()
        return refresh().catch(() => {})
      })
      return nextLook
    },
    async stop() {
      deaf()
      await pulse.stop()
      await leaveSessions(db, node, clock.now()).catch(() => {})
      bell.ring('logins')
    },
  }
}
