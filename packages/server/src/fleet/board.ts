import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Pulse, startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { type BindRow, type BindState, readBinds, type Said, sayBinds } from './board.store.ts'

/** Holders say how their binds are at this pace, and everybody reads it twice as often. */
const sayEveryMs = 2_000
const readEveryMs = 1_000
/** A link that comes back within this time was never away: a blip moves nothing. */
const blipMs = 1_500
/** A holder that has missed three times is gone. */
const silentMs = 3 * sayEveryMs

/** A bind of this node, and what it has to say. */
export interface LocalBind {
  carrierId: string
  slot: number
  fence: number
  /** Whether messages can be sent by it: a receiver only receives. */
  submits: boolean
  state(): BindState
  report(): object
}

export interface Board {
  /** Whether a carrier can be given messages now: a link of it stands somewhere, or has only just gone. */
  takable(carrierId: string): boolean
  /** Binds of all nodes, as they said last. */
  readonly binds: readonly BindRow[]
  /** Takes up a bind of this node. `turned` tells that its state has changed; `leave` that this node holds it no more. */
  join(bind: LocalBind): { turned(): void; leave(): Promise<void> }
  /** Calls when some carrier has become takable, or is no more. Returns how to stop it. */
  on(listener: () => void): () => void
  /** Reads what the others say; resolves once it is known. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

interface Held extends LocalBind {
  last: BindState
  /** By `monotonic`. */
  since: number
  said: BindState | undefined
}

const up = (state: BindState): boolean => state === 'bound'

/** What each node knows of all links: its own at once, those of others by their rows. */
export function startBoard(options: { db: Db; bell: Bell; clock: Clock; log: Log }): Board {
  const { db, bell, clock, log } = options
  const held = new Set<Held>()
  const listeners = new Set<() => void>()
  let rows: readonly BindRow[] = []
  let readAt = clock.monotonic()
  let saidAt = Number.NEGATIVE_INFINITY
  let known = ''
  let blip: NodeJS.Timeout | undefined

  /** For each link that submits: whether it stands, and if not, since when (ms). */
  function* links(): Generator<{ carrierId: string; state: BindState; forMs: number }> {
    const now = clock.monotonic()
    const mine = new Set<string>()
    for (const { carrierId, slot, submits, last, since } of held) {
      mine.add(`${carrierId}/${slot}`)
      if (submits) yield { carrierId, state: last, forMs: now - since }
    }
    const sinceRead = now - readAt
    for (const row of rows) {
      if (!row.submits || mine.has(`${row.carrier_id}/${row.slot}`)) continue
      const quiet = row.silent_ms + sinceRead
      const gone = up(row.state) && quiet > silentMs
      yield {
        carrierId: row.carrier_id,
        state: gone ? 'down' : row.state,
        forMs: gone ? quiet : row.for_ms + sinceRead,
      }
    }
  }

  /** Takable carriers, and when that may change by itself. */
  function look(): { carriers: Set<string>; nextMs: number } {
    const carriers = new Set<string>()
    let nextMs = Number.POSITIVE_INFINITY
    for (const { carrierId, state, forMs } of links()) {
      if (up(state)) carriers.add(carrierId)
      else if (state !== 'open' && forMs < blipMs) {
        carriers.add(carrierId)
        nextMs = Math.min(nextMs, blipMs - forMs)
      }
    }
    return { carriers, nextMs }
  }

  let takable = new Set<string>()
  function consider(): void {
    const { carriers, nextMs } = look()
    takable = carriers
    clearTimeout(blip)
    if (nextMs < Number.POSITIVE_INFINITY) {
      blip = setTimeout(consider, nextMs + 1)
      blip.unref()
    }
    const now = [...carriers].sort().join()
    if (now === known) return
    known = now
    for (const listener of listeners) listener()
  }

  async function say(): Promise<void> {
    const due = clock.monotonic() - saidAt >= sayEveryMs
    const speaking = [...held].filter(({ last, said }) => due || said !== last)
    if (speaking.length === 0) return
    if (due) saidAt = clock.monotonic()
    const words = speaking.map(wordsOf)
    const turned = speaking.some(({ last, said }) => said !== last)
    for (const bind of speaking) bind.said = bind.last
    try {
      await sayBinds(db, words)
    } catch (error) {
      for (const bind of speaking) bind.said = undefined
      throw error
    }
    if (turned) bell.ring('binds')
  }

  const wordsOf = (bind: Held): Said => ({
    carrier_id: bind.carrierId,
    slot: bind.slot,
    fence: bind.fence,
    state: bind.last,
    turned: bind.said !== bind.last,
    report: { ...bind.report(), submits: bind.submits },
  })

  async function refresh(): Promise<void> {
    const asked = clock.monotonic()
    rows = await readBinds(db)
    readAt = asked
    consider()
  }

  const pulse: Pulse = startPulse({
    name: 'the board of binds',
    async work() {
      await say()
      await refresh()
      return undefined
    },
    everyMs: readEveryMs,
    spacingMs: 50,
    clock,
    log,
  })
  const unlisten = bell.on('binds', (origin) => {
    if (origin === 'elsewhere') pulse.ring()
  })

  return {
    takable: (carrierId) => takable.has(carrierId),
    get binds() {
      return rows
    },
    join(bind) {
      const entry: Held = { ...bind, last: bind.state(), since: clock.monotonic(), said: undefined }
      for (const other of held)
        if (other.carrierId === bind.carrierId && other.slot === bind.slot) held.delete(other)
      held.add(entry)
      pulse.ring()
      consider()
      return {
        turned() {
          const state = bind.state()
          if (state === entry.last || !held.has(entry)) return
          entry.last = state
          entry.since = clock.monotonic()
          pulse.ring()
          consider()
        },
        async leave() {
          held.delete(entry)
          const words = { ...wordsOf(entry), state: 'down' as const, turned: true }
          await sayBinds(db, [words]).catch(() => {})
          bell.ring('binds')
          pulse.ring()
        },
      }
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh,
    async stop() {
      unlisten()
      clearTimeout(blip)
      await pulse.stop()
    },
  }
}
