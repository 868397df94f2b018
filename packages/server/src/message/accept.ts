import { createBatcher } from '../batcher.ts'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import type { Idempotency } from '../idempotency.ts'
import { publicId, uuidv7 } from '../ids.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Router, RoutingFacts } from '../routing/router.ts'
import { type Db, isInDoubt, isTransient, type Tx } from '../store/db.ts'
import { normalizeRecipient } from './address.ts'
import { stands } from './doubt.store.ts'
import type { Accepted, Draft, Refused } from './draft.ts'
import { type Gate, isConcerned, judge, type Weighed } from './gate.ts'
import { isUrgent } from './lane.ts'
import { messagePayload } from './moved.ts'
import { keyMs } from './once.ts'
import { type Prepared, type PrepareRules, prepare, refuse } from './prepare.ts'
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

/** What a batch was about to commit: its rows, and what its requests hear once they stand. */
interface Attempt {
  rows: readonly NewMessage[]
  answers: (Answer | Error)[]
}

export interface Accept {
  /** Group commit: resolves after the COMMIT that many callers share. */
  accept(accountId: string, drafts: readonly Draft[], idempotency?: Idempotency): Promise<Answer>
  /** The same inside a transaction of the caller's; ring `queue` and `outbox` once it has committed. */
  acceptIn(tx: Tx, accountId: string, drafts: readonly Draft[]): Promise<Answer>
  /** Prepares a draft and asks the gates, and stores nothing: for a text that takes the place of another. */
  judge(tx: Tx, accountId: string, draft: Draft): Promise<Prepared | Refused>
  /** Whether an account may send as that, in its one spelling: otherwise each of its messages is refused. */
  mayUse(accountId: string, sender: string): boolean
  readonly load: number
  idle(): Promise<void>
}

/** Until its batch is complete. */
const unrouted = 0
const firstState = ({ sendAt }: Prepared) => (sendAt ? 'scheduled' : 'queued')
/** Long enough that a crowd shares a commit, short beside what a request takes anyway. */
const acceptSpacingMs = 12
/** Clients that all wait for their answers are not kept waiting. */
const acceptQuietMs = 3

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
  /** Whether an account may send as that, from memory: see accounts/senders.ts. */
  mayUse: (accountId: string, sender: string) => boolean
  emit: Emit
  reference: (recipient: string) => number
  /** By which carriers they may go. */
  paths: Router['paths']
  maxWaiting: number
  /** Told how long a request took to its commit, in milliseconds. */
  timed?: (ms: number) => void
}): Accept {
  const { db, clock, bell, rules, gates, mayUse, emit, reference, paths, maxWaiting, timed } = options

  /**
   * Prepares the drafts of all requests and has them judged together. Gates see only what could go out, in the one
   * spelling of its addresses: a budget must not pay for what is refused anyway.
   */
  async function weigh(
    tx: Tx,
    asked: readonly Pick<Request, 'accountId' | 'drafts'>[],
    now: Date,
  ): Promise<Weighed[]> {
    const prepared = (accountId: string, draft: Draft) => {
      const made = prepare(draft, rules, now)
      const isFree = !made.ok || made.sender === null || mayUse(accountId, made.sender)
      return isFree ? made : refuse('sender_not_yours', { field: 'from' })
    }
    const weighed = asked.flatMap(({ accountId, drafts }) =>
      drafts.map((draft) => ({ accountId, draft, prepared: prepared(accountId, draft) })),
    )
    return concerned(asked) ? judge(gates(), weighed, prepared, tx) : weighed
  }

  const concerned = (asked: readonly Pick<Request, 'drafts'>[]): boolean =>
    asked.some(({ drafts }) => drafts.some((draft) => isConcerned(gates(), draft)))

  function newRow(accountId: string, prepared: Prepared, draft: Draft, now: Date): NewMessage {
    const { hold, topic } = prepared
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
      ...(topic !== null && { topic }),
      ...(hold && { timeline: [{ state: firstState(prepared), at: now.toISOString(), hold }] }),
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

  /** What becomes of each request: the rows to be stored, and the answer. */
  async function drawAll<R extends Pick<Request, 'accountId' | 'drafts'>>(
    tx: Tx,
    requests: readonly R[],
    now: Date,
  ): Promise<{ request: R; rows: NewMessage[]; answer: Answer }[]> {
    const weighed = await weigh(tx, requests, now)
    let at = 0
    return requests.map((request) => {
      const rows: NewMessage[] = []
      const answer = request.drafts.map((): Answer[number] => {
        const { draft, prepared } = weighed[at++]!
        if (!prepared.ok) return prepared
        const row = newRow(request.accountId, prepared, draft, now)
        rows.push(row)
        return accepted(row, prepared)
      })
      return { request, rows, answer }
    })
  }

  /** Without keys, and where no gate is concerned, a batch is one statement, which commits by itself. */
  async function storePlain(requests: readonly Request[], attempt: Attempt): Promise<void> {
    const store = async (tx: Tx) => {
      const now = clock.now()
      const drawn = await drawAll(tx, requests, now)
      attempt.rows = drawn.flatMap((entry) => entry.rows)
      attempt.answers = drawn.map((entry) => entry.answer)
      await put(tx, attempt.rows, now)
    }
    await (concerned(requests) || emit.hears('message.accepted') ? db.transaction(store) : store(db))
  }

  /** Keys before gates: a repeat gets its answer without being judged, or it would spend a budget again. */
  async function storeKeyed(requests: readonly Request[], attempt: Attempt): Promise<void> {
    await db.transaction(async (tx) => {
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
      const stood = await reserveKeys(tx, keys, now, new Date(now.getTime() - keyMs))
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
        mine.map(([, { account_id, key, answer }]) => ({
          account_id,
          key,
          answer: answer.map(withoutNumber),
        })),
      )
      for (const [id, row] of mine) known.set(id, row)
      attempt.rows = [...drawn.values()].flatMap((entry) => entry.rows)
      attempt.answers = requests.map((request) => {
        if (!request.idempotency) return drawn.get(request)!.answer
        const { fingerprint, answer } = known.get(keyOf(request))!
        return fingerprint === request.idempotency.fingerprint.toString('hex')
          ? withNumbers(answer as Kept[], request.drafts, rules)
          : new KurzpostError('idempotency_conflict')
      })
      await put(tx, attempt.rows, now)
    })
  }

  /** Whoever hears that the database is away sends again: not while it may have taken what was sent. */
  async function stood({ rows: [first] }: Attempt, error: unknown): Promise<boolean> {
    return first !== undefined && isInDoubt(error) && (await stands(db, first, clock.now())) === true
  }

  async function storeAll(requests: Request[]): Promise<(Answer | Error)[]> {
    const attempt: Attempt = { rows: [], answers: [] }
    try {
      await (requests.some((request) => request.idempotency) ? storeKeyed : storePlain)(requests, attempt)
    } catch (error) {
      if (await stood(attempt, error)) return told(attempt)
      if (isTransient(error)) throw new KurzpostError('database_unavailable', { cause: error })
      if (requests.length === 1) throw error
      // One request is bad in a way that nobody foresaw. It must not take its neighbours with it.
      const alone: (Answer | Error)[] = []
      for (const request of requests) {
        alone.push(...(await storeAll([request]).catch((failure: Error) => [failure])))
      }
      return alone
    }
    return told(attempt)
  }

  function told({ rows, answers }: Attempt): Attempt['answers'] {
    bell.ring('queue')
    if (rows.some(({ lane }) => isUrgent(lane))) bell.ring('urgent')
    bell.ring('outbox')
    return answers
  }

  const plain = createBatcher<Request, Answer>({
    flush: storeAll,
    maxWeight: 500,
    concurrency: 1,
    spacingMs: acceptSpacingMs,
    quiet: { ms: acceptQuietMs, of: () => 'request' },
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
      const now = clock.now()
      const [drawn] = await drawAll(tx, [{ accountId, drafts }], now)
      await put(tx, drawn!.rows, now)
      return drawn!.answer
    },
    async judge(tx, accountId, draft) {
      return (await weigh(tx, [{ accountId, drafts: [draft] }], clock.now()))[0]!.prepared
    },
    mayUse,
    get load() {
      return plain.load
    },
    idle: () => plain.idle(),
  }
}

/** An answer as it is kept: whoever asks again says the number again, so that nobody who is erased has to be looked for here. */
type Kept = Omit<Accepted, 'to'> | Refused

function withoutNumber(answer: Accepted | Refused): Kept {
  if (!answer.ok) return answer
  const { to: _, ...kept } = answer
  return kept
}

const withNumbers = (kept: readonly Kept[], drafts: readonly Draft[], rules: PrepareRules): Answer =>
  kept.map((one, at) =>
    one.ok ? { ...one, to: normalizeRecipient(drafts[at]!.to, rules) ?? drafts[at]!.to } : one,
  )

const keyOf = ({ accountId, idempotency }: Request) => accountId + idempotency!.key

const accepted = (row: NewMessage, prepared: Prepared): Accepted => ({
  ok: true,
  id: publicId('message', row.id),
  state: firstState(prepared),
  encoding: row.encoding,
  segments: row.segments,
  to: row.recipient,
})

const routingFacts = ({ account_id, recipient, sender, lane }: NewMessage): RoutingFacts => ({
  accountId: account_id,
  recipient,
  sender,
  lane,
})
