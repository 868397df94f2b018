import { createBatcher } from '../batcher.ts'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import { publicId, uuidv7 } from '../ids.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Router, RoutingFacts } from '../routing/router.ts'
import { type Db, isTransient, type Tx } from '../store/db.ts'
import type { Idempotency } from './core.ts'
import type { Accepted, Draft, Refused } from './draft.ts'
import { type Gate, judge } from './gate.ts'
import { messagePayload } from './moved.ts'
import { type Prepared, type PrepareRules, prepare } from './prepare.ts'
import {
  answerKeys,
  type IdempotencyKey,
  insertAccepted,
  type KeyedAnswer,
  type NewMessage,
  reserveKeys,
} from './store.ts'

type Answer = (Accepted | Refused)[]

interface Request {
  accountId: string
  drafts: readonly Draft[]
  idempotency: Idempotency | undefined
}

export interface Accept {
  /** Group commit: resolves after the COMMIT that many callers share. */
  accept(accountId: string, drafts: readonly Draft[], idempotency?: Idempotency): Promise<Answer>
  /** The same inside a transaction of the caller's; ring `queue` and `outbox` once it has committed. */
  acceptIn(tx: Tx, accountId: string, drafts: readonly Draft[]): Promise<Answer>
  /** Prepares a draft and asks the gates, and stores nothing: for a text that takes the place of another. */
  judge(tx: Tx, accountId: string, draft: Draft): Promise<Prepared | Refused>
  readonly load: number
  idle(): Promise<void>
}

/** Until its batch is complete. */
const unrouted = 0
const day = 86_400_000
const firstState = ({ sendAt }: Prepared) => (sendAt ? 'scheduled' : 'queued')
/** Long enough that a crowd shares a commit, short beside what a request takes anyway. */
const acceptSpacingMs = 8

/**
 * Gate, prepare, store. Nobody is answered before COMMIT; whoever arrives while one commit is under way shares
 * the next.
 */
export function createAccept(options: {
  db: Db
  clock: Clock
  bell: Bell
  rules: PrepareRules
  /** In their order; asked for at each batch, since capabilities are made after the core. */
  gates: () => readonly Gate[]
  emit: Emit
  reference: (recipient: string) => number
  /** By which carriers they may go. */
  paths: Router['paths']
  maxWaiting: number
  /** Told how long a request took to its commit, in milliseconds. */
  timed?: (ms: number) => void
}): Accept {
  const { db, clock, bell, rules, gates, emit, reference, paths, maxWaiting, timed } = options

  /**
   * Prepares and judges the drafts, and writes down the rows of those that may be stored. Gates see addresses in
   * their one spelling, and only drafts that could go out: a ban must not depend on how a number was typed, and
   * a budget not pay for what is refused anyway.
   */
  async function draw(
    tx: Tx,
    { accountId, drafts }: Request,
    now: Date,
    rows: NewMessage[],
  ): Promise<Answer> {
    const judged = await weigh(tx, accountId, drafts, now)
    return judged.map((prepared, at) => {
      if (!prepared.ok) return prepared
      const row = newRow(accountId, prepared, drafts[at]!, now)
      rows.push(row)
      return {
        ok: true,
        id: publicId('message', row.id),
        state: firstState(prepared),
        encoding: row.encoding,
        segments: row.segments,
        to: row.recipient,
      }
    })
  }

  async function weigh(
    tx: Tx,
    accountId: string,
    drafts: readonly Draft[],
    now: Date,
  ): Promise<(Prepared | Refused)[]> {
    const prepared = drafts.map((draft) => prepare(draft, rules, now))
    return gates().length > 0 ? pass(tx, accountId, drafts, prepared, now) : prepared
  }

  /** What the gates leave of the drafts that could be prepared. */
  async function pass(
    tx: Tx,
    accountId: string,
    drafts: readonly Draft[],
    prepared: readonly (Prepared | Refused)[],
    now: Date,
  ): Promise<(Prepared | Refused)[]> {
    const asked = drafts.map((draft, at) => {
      const ready = prepared[at]!
      return ready.ok ? spelled(draft, ready) : ready
    })
    const judged = await judge(gates(), accountId, asked, tx)
    return judged.map((entry, at) => {
      if ('ok' in entry) return entry
      if (entry === asked[at]) return prepared[at]!
      // A segment that its sender has made says what the sender wrote: another text is cut by us.
      const { userData, ...rest } = entry
      const same = userData !== undefined && rest.text === drafts[at]!.text
      return prepare(same ? entry : rest, rules, now)
    })
  }

  function newRow(accountId: string, prepared: Prepared, draft: Draft, now: Date): NewMessage {
    const { id = uuidv7(now.getTime()), origin } = draft
    return {
      account_id: accountId,
      id,
      lane: prepared.lane,
      sender: prepared.sender,
      recipient: prepared.recipient,
      body: prepared.body,
      encoding: prepared.encoding,
      segments: prepared.segments,
      reference: prepared.segments > 1 ? reference(prepared.recipient) : null,
      client_ref: prepared.clientRef,
      send_at: prepared.sendAt,
      expires_at: prepared.expiresAt,
      path: unrouted,
      ...(prepared.userData && { user_data: Buffer.from(prepared.userData).toString('hex') }),
      ...(origin && { origin }),
      event: messagePayload({
        id,
        state: firstState(prepared),
        sender: prepared.sender,
        recipient: prepared.recipient,
        lane: prepared.lane,
        client_ref: prepared.clientRef,
        segments: prepared.segments,
        possible_duplicate: false,
        error_code: null,
        carrier_code: null,
      }),
    }
  }

  async function put(tx: Tx, rows: readonly NewMessage[], now: Date): Promise<void> {
    if (rows.length === 0) return
    const routed = paths(rows.map(routingFacts))
    const found = Array.isArray(routed) ? routed : await routed
    rows.forEach((row, at) => {
      row.path = found[at]!
    })
    await insertAccepted(tx, rows, now)
    if (!emit.hears('message.accepted')) return
    await emit.tell(
      tx,
      rows.map((row) => ({
        account_id: row.account_id,
        name: 'message.accepted',
        payload: row.event,
      })),
    )
  }

  async function drawAll(tx: Tx, requests: readonly Request[], now: Date) {
    const drawn = []
    for (const request of requests) {
      const rows: NewMessage[] = []
      drawn.push({ request, rows, answer: await draw(tx, request, now, rows) })
    }
    return drawn
  }

  /** Without keys and gates a batch is one statement, which commits by itself. */
  async function storePlain(requests: readonly Request[]): Promise<Answer[]> {
    const store = async (tx: Tx) => {
      const now = clock.now()
      const drawn = await drawAll(tx, requests, now)
      const rows = drawn.flatMap((entry) => entry.rows)
      await put(tx, rows, now)
      return drawn.map((entry) => entry.answer)
    }
    return gates().length > 0 || emit.hears('message.accepted') ? db.transaction(store) : store(db)
  }

  /** Keys before gates: a repeat gets its answer without being judged, or it would spend a budget again. */
  async function storeKeyed(requests: readonly Request[]): Promise<(Answer | Error)[]> {
    return db.transaction(async (tx) => {
      const now = clock.now()
      const wanted = new Map<string, IdempotencyKey & { by: Request }>()
      for (const request of requests) {
        if (!request.idempotency || wanted.has(keyOf(request))) continue
        const { key, fingerprint } = request.idempotency
        wanted.set(keyOf(request), {
          account_id: request.accountId,
          key,
          fingerprint: fingerprint.toString('hex'),
          by: request,
        })
      }
      const keys = [...wanted.values()].map(({ by: _, ...key }) => key)
      const stood = await reserveKeys(tx, keys, now, new Date(now.getTime() - day))
      const known = new Map<string, KeyedAnswer>(stood.map((row) => [row.account_id + row.key, row]))

      const fresh = requests.filter(
        (request) =>
          !request.idempotency || (!known.has(keyOf(request)) && wanted.get(keyOf(request))!.by === request),
      )
      const drawn = new Map((await drawAll(tx, fresh, now)).map((entry) => [entry.request, entry]))
      const mine = [...wanted].flatMap(([id, { by, ...key }]) => {
        const answer = drawn.get(by)?.answer
        return answer ? [[id, { ...key, answer }] as const] : []
      })
      await answerKeys(
        tx,
        mine.map(([, { account_id, key, answer }]) => ({ account_id, key, answer })),
      )
      for (const [id, row] of mine) known.set(id, row)
      await put(
        tx,
        [...drawn.values()].flatMap((entry) => entry.rows),
        now,
      )
      return requests.map((request) => {
        if (!request.idempotency) return drawn.get(request)!.answer
        const { fingerprint, answer } = known.get(keyOf(request))!
        return fingerprint === request.idempotency.fingerprint.toString('hex')
          ? (answer as Answer)
          : new KurzpostError('idempotency_conflict')
      })
    })
  }

  async function storeAll(requests: Request[]): Promise<(Answer | Error)[]> {
    try {
      const answers = requests.some((request) => request.idempotency)
        ? await storeKeyed(requests)
        : await storePlain(requests)
      bell.ring('queue')
      bell.ring('outbox')
      return answers
    } catch (error) {
      if (isTransient(error)) throw new KurzpostError('database_unavailable', { cause: error })
      if (requests.length === 1) throw error
      // One request is bad in a way that nobody foresaw. It must not take its neighbours with it.
      const alone: (Answer | Error)[] = []
      for (const request of requests) {
        alone.push(...(await storeAll([request]).catch((failure: Error) => [failure])))
      }
      return alone
    }
  }

  const plain = createBatcher<Request, Answer>({
    flush: storeAll,
    maxWeight: 500,
    concurrency: 1,
    spacingMs: acceptSpacingMs,
    weigh: (request) => request.drafts.length,
  })

  return {
    async accept(accountId, drafts, idempotency) {
      if (plain.load + drafts.length > maxWaiting) throw new KurzpostError('overloaded')
      const since = performance.now()
      const answer = await plain.push({ accountId, drafts, idempotency })
      timed?.(performance.now() - since)
      return answer
    },
    async acceptIn(tx, accountId, drafts) {
      const rows: NewMessage[] = []
      const now = clock.now()
      const answer = await draw(tx, { accountId, drafts, idempotency: undefined }, now, rows)
      await put(tx, rows, now)
      return answer
    },
    async judge(tx, accountId, draft) {
      return (await weigh(tx, accountId, [draft], clock.now()))[0]!
    },
    get load() {
      return plain.load
    },
    idle: () => plain.idle(),
  }
}

const keyOf = ({ accountId, idempotency }: Request) => accountId + idempotency!.key

const spelled = (draft: Draft, { recipient, sender, lane }: Prepared): Draft => ({
  ...draft,
  to: recipient,
  ...(sender === null ? {} : { from: sender }),
  lane,
})

const routingFacts = ({ account_id, recipient, sender, lane }: NewMessage): RoutingFacts => ({
  accountId: account_id,
  recipient,
  sender,
  lane,
})
