import type { TSchema } from 'typebox'
import { createBatcher } from '../batcher.ts'
import type { Clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import type { Log } from '../log.ts'
import { mask } from '../mask.ts'
import type { Db, Tx } from '../store/db.ts'
import { type AuditEntry, type AuditOutcome, insertAuditEntries, insertAuditOutcomes } from './audit.store.ts'

/** Who does what. `action` is method and route, or a word; `actor.id` is empty for nobody in particular. */
export interface Deed {
  accountId: string
  actor: { kind: AuditEntry['actor_kind']; id: string; name: string }
  action: string
  target?: string | null
  fields?: Record<string, unknown>
  address?: string | null
  requestId?: string | null
}

export interface Outcome {
  /** Of the answer, as in HTTP. */
  status: number
  error?: string | null
  /** What was made. */
  target?: string | null
}

export interface Audit {
  /**
   * Resolves once the deed is written: only then it may be done, so that no change stands without a row. What is
   * given back writes what came of it, and never throws: the change is made by then.
   */
  begin(deed: Deed): Promise<(outcome: Outcome) => Promise<void>>
}

export function createAudit({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Audit {
  const entries = createBatcher<AuditEntry, undefined>({
    maxWeight: 200,
    concurrency: 2,
    async flush(batch) {
      await insertAuditEntries(db, batch)
      return batch.map(() => undefined)
    },
  })
  const outcomes = createBatcher<AuditOutcome, undefined>({
    maxWeight: 200,
    concurrency: 2,
    async flush(batch) {
      await insertAuditOutcomes(db, batch)
      return batch.map(() => undefined)
    },
  })
  return {
    async begin(deed) {
      const entry = entryOf(deed, clock.now())
      await entries.push(entry)
      return (outcome) =>
        outcomes.push(outcomeOf(entry, outcome, clock.now())).catch((error: Error) => {
          log.error(
            { audit: entry.id, error: error.message },
            'what came of a change could not be written down',
          )
        })
    },
  }
}

/** For what is done in one transaction: it stands or falls with its row. */
export async function record(tx: Tx, deeds: readonly (Deed & Outcome)[], now: Date): Promise<void> {
  const entries = deeds.map((deed) => entryOf(deed, now))
  await insertAuditEntries(tx, entries)
  const outcomes = entries.map((entry, at) => outcomeOf(entry, { ...deeds[at]!, target: null }, now))
  await insertAuditOutcomes(tx, outcomes)
}

const entryOf = (deed: Deed, now: Date): AuditEntry => ({
  account_id: deed.accountId,
  id: uuidv7(now.getTime()),
  at: now.toISOString(),
  actor_kind: deed.actor.kind,
  actor_id: deed.actor.id || null,
  actor_name: deed.actor.name,
  action: deed.action,
  target: deed.target ?? null,
  fields: deed.fields ?? {},
  address: deed.address ?? null,
  request_id: deed.requestId ?? null,
})

const outcomeOf = (entry: AuditEntry, { status, error, target }: Outcome, now: Date): AuditOutcome => ({
  account_id: entry.account_id,
  id: entry.id,
  at: now.toISOString(),
  status,
  error: error ?? null,
  target: target ?? null,
})

/** Stands for a value that says something of a person, or opens a door. */
const untold = '…'
const mostFields = 50
const mostItems = 20
const publicId = /^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/

/** Names of the fields of a body; values where they are of a kind that is neither personal nor secret. */
export function tellingFields(body: unknown, schema: TSchema | undefined): Record<string, unknown> {
  if (body === null || typeof body !== 'object' || Array.isArray(body) || Buffer.isBuffer(body)) return {}
  const properties = (schema as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {}
  return Object.fromEntries(
    Object.entries(body)
      .filter(([name]) => name in properties)
      .slice(0, mostFields)
      .map(([name, value]) => [name, telling(value, properties[name])]),
  )
}

interface Shape {
  enum?: unknown[]
  const?: unknown
  format?: string
  anyOf?: Shape[]
  items?: Shape
}

/** Numbers, switches, times, ids of ours and words out of a list of ours; of free text only that it was given. */
function telling(value: unknown, schema: unknown): unknown {
  const shape = (schema ?? {}) as Shape
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') return publicId.test(value) || listed(value, shape) ? value : untold
  if (!Array.isArray(value) || value.length > mostItems) return untold
  const items = value.map((each) => (Array.isArray(each) ? untold : telling(each, itemsOf(shape))))
  return items.includes(untold) ? untold : items
}

const listed = (value: string, { enum: words, const: only, format, anyOf }: Shape): boolean =>
  words?.includes(value) === true ||
  only === value ||
  format === 'date-time' ||
  anyOf?.some((shape) => listed(value, shape)) === true

const itemsOf = ({ items, anyOf }: Shape): Shape | undefined =>
  items ?? anyOf?.find((shape) => shape.items !== undefined)?.items

/** What a path names, without the numbers of people. */
export const targetOf = (params: unknown): string | null => {
  const values = Object.values((params ?? {}) as Record<string, unknown>)
  return values.length === 0 ? null : values.map((value) => mask(String(value))).join('/')
}
