import type { Batcher } from '../batcher.ts'
import { createBatcher } from '../batcher.ts'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { errors, KurzpostError } from '../errors.ts'
import { publicId, uuidv7 } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Accept } from '../message/accept.ts'
import type { Draft, Refused } from '../message/draft.ts'
import { type Db, isTransient, type Tx } from '../store/db.ts'
import { insertDeliveries, type NewDelivery } from './delivery.store.ts'
import { type Joined, type Part, staleParts, storeParts } from './parts.store.ts'
import { isWanted } from './receipt.ts'
import type { Origin, Place } from './submission.ts'

/** How long parts wait for the missing ones. */
const waitMs = 3_600_000
const sweptAtOnce = 200
const full: Refused = { ok: false, code: 'overloaded', message: errors.overloaded.sentence }

export interface Joiner {
  /** Resolves after the commit of the part, and of the whole message if this part makes it whole. */
  push(accountId: string, draft: Draft, place: Place): Promise<{ id: string } | Refused>
  /** Gives up messages that never became whole, and tells it to who asked for a receipt; returns how many. */
  sweep(): Promise<number>
  readonly load: number
  idle(): Promise<void>
}

/**
 * Joins the parts that an ESME numbers by TLVs to one message, over any binds and nodes and in any order. All parts are
 * answered with the id of that message: there is one receipt, and one thing to query or cancel.
 */
export function createJoiner(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  acceptIn: Accept['acceptIn']
  /** How long a receipt waits for a bind. */
  keepMs: number
}): Joiner {
  const { db, clock, bell, log, acceptIn, keepMs } = options

  async function store(tx: Tx, parts: readonly Part[]): Promise<({ id: string } | Refused)[]> {
    const now = clock.now()
    const { ids, whole } = await storeParts(tx, parts, now)
    const refused = new Map<string, Refused>()
    for (const joined of whole) {
      const [answer] = await acceptIn(tx, joined.account_id, [draftOf(joined)])
      if (!answer!.ok) refused.set(joined.message_id, answer!)
    }
    // Parts that were answered OK before have been promised a receipt.
    const here = Map.groupBy(ids.values(), (id) => id)
    const promised = whole.filter(
      ({ message_id, total }) => refused.has(message_id) && here.get(message_id)!.length < total,
    )
    await tellRejected(
      tx,
      promised.map((joined) => ({ ...joined, first_at: now })),
      now,
    )
    return parts.map((part) => {
      const id = ids.get(part)
      if (id === undefined) return full
      return refused.get(id) ?? { id: publicId('message', id) }
    })
  }

  async function tellRejected(tx: Tx, gone: readonly (Joined & { first_at: Date })[], now: Date) {
    const rows = gone.flatMap((joined) => rejection(joined, now))
    await insertDeliveries(tx, rows, new Date(now.getTime() + keepMs))
  }

  async function storeAll(parts: Part[]): Promise<({ id: string } | Refused | Error)[]> {
    try {
      const answers = await db.transaction((tx) => store(tx, parts))
      bell.ring('queue')
      bell.ring('outbox')
      bell.ring('esme')
      return answers
    } catch (error) {
      if (isTransient(error)) throw new KurzpostError('database_unavailable', { cause: error })
      if (parts.length === 1) throw error
      const alone = []
      for (const part of parts) alone.push(...(await storeAll([part]).catch((failure: Error) => [failure])))
      return alone
    }
  }

  const batcher: Batcher<Part, { id: string } | Refused> = createBatcher({
    flush: storeAll,
    maxWeight: 200,
    concurrency: 1,
    spacingMs: 8,
  })

  return {
    push(accountId, { text, ...draft }, { reference, total, part }) {
      const { login, source, dest } = draft.origin as Origin
      return batcher.push({
        login_id: login,
        source: source.join('/'),
        destination: dest.join('/'),
        reference,
        total,
        part,
        account_id: accountId,
        message_id: uuidv7(clock.now().getTime()),
        body: JSON.stringify(text),
        draft: draft as object as Part['draft'],
      })
    },
    async sweep() {
      const now = clock.now()
      const stale = await db.transaction(async (tx) => {
        const found = await staleParts(tx, new Date(now.getTime() - waitMs), sweptAtOnce)
        await tellRejected(tx, found, now)
        return found
      })
      if (stale.length > 0) {
        log.warn({ messages: stale.length }, 'long messages never became whole and were given up')
        bell.ring('esme')
      }
      return stale.length
    },
    get load() {
      return batcher.load
    },
    idle: () => batcher.idle(),
  }
}

/** That a message is given up of which parts were taken; nothing where nobody wants to know. */
function rejection(joined: Joined & { first_at: Date }, now: Date): NewDelivery[] {
  const origin = joined.draft.origin as Origin
  if (!isWanted(origin, 'rejected')) return []
  const { account_id, login_id, message_id } = joined
  const content = {
    message: publicId('message', message_id),
    source: origin.source,
    dest: origin.dest,
    state: 'rejected' as const,
    error: null,
    submitted_at: joined.first_at.toISOString(),
    done_at: now.toISOString(),
    text: (JSON.parse(joined.bodies[0]!) as string).replaceAll('\0', '').slice(0, 20).toWellFormed(),
    ...(origin.ref === undefined ? {} : { ref: origin.ref }),
    parts: joined.total,
  }
  const id = uuidv7(now.getTime())
  return [
    { account_id, login_id, id, message_id, content, attempt: 0, kind: 'receipt', node: null, due_at: now },
  ]
}

function draftOf({ message_id, bodies, draft, wide }: Joined): Draft {
  const { sendAt, expiresAt, ...rest } = draft
  return {
    ...rest,
    id: message_id,
    text: bodies.map((body) => JSON.parse(body) as string).join(''),
    encoding: wide ? 'ucs2' : 'auto',
    ...(sendAt === undefined ? {} : { sendAt: new Date(sendAt) }),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
  }
}
