import pg from 'pg'
import { readJournal } from '../../packages/simulator/src/smsc/journal.ts'
import type { ChaosCarrier } from './house.ts'

/** What the database says of a message when all is over. */
export interface StoredMessage {
  readonly id: string
  readonly recipient: string
  readonly state: string
  readonly error_code: string | null
  readonly possible_duplicate: boolean
  readonly segments: number
  /** For people: the steps of its timeline, and its segments with their receipts. */
  readonly life: string
}

/** A segment that an SMSC took, by its journal. */
export interface TakenSegment {
  readonly carrier: string
  readonly id: string
  /** With its plus. */
  readonly to: string
  readonly octets: string
  /** Its receipt was acknowledged. */
  readonly receipted: boolean
}

/** Everything that the invariants are judged by. */
export interface Evidence {
  readonly messages: readonly StoredMessage[]
  /** `carrier/remote id` of each segment that the database knows, and whether it has a receipt. */
  readonly segments: ReadonlyMap<string, boolean>
  /** `carrier/remote id` of receipts that wait for a message that they fit. */
  readonly orphans: ReadonlySet<string>
  /** How often each pair of sender and text was received. */
  readonly inbound: ReadonlyMap<string, number>
  readonly queued: number
  readonly claims: number
  readonly taken: readonly TakenSegment[]
}

const states = `select m.id, m.recipient, m.state, m.error_code, m.possible_duplicate, m.segments, m.timeline || ' ' || coalesce((
    select jsonb_agg(jsonb_build_object('attempt', s.attempt, 'index', s.index, 'state', s.state, 'carrier', c.name,
      'remote_id', s.remote_id, 'receipts', jsonb_array_length(json_list(s.receipts))))::text
    from segments s join carriers c on c.id = s.carrier_id where s.account_id = m.account_id and s.message_id = m.id), '') as life
  from messages m where m.direction = $1`
const segments = `select c.name || '/' || s.remote_id as key, bool_or(s.receipts <> '') as receipted
  from segments s join carriers c on c.id = s.carrier_id group by 1`
const orphans = `select c.name || '/' || (o.receipt ->> 'remote_id') as key from orphan_receipts o join carriers c on c.id = o.carrier_id`
const inbound = `select sender || '/' || body as key, count(*)::integer as count from messages where direction = 'inbound' group by 1`
const left =
  'select (select count(*) from queue)::integer as queued, (select count(*) from claims)::integer as claims'

/** Asks the database on a connection of its own: it must not depend on the code that it judges. */
async function ask<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** How many messages have no end yet; undefined while the database is away. */
export async function unfinished(databaseUrl: string): Promise<number | undefined> {
  const sql = "select count(*)::integer as n from messages where direction = 'outbound' and final_at is null"
  return ask(databaseUrl, async (client) => (await client.query<{ n: number }>(sql)).rows[0]!.n).catch(
    () => undefined,
  )
}

export async function gather(databaseUrl: string, carriers: readonly ChaosCarrier[]): Promise<Evidence> {
  const stored = await ask(databaseUrl, async (client) => ({
    messages: (await client.query<StoredMessage>(states, ['outbound'])).rows,
    segments: (await client.query<{ key: string; receipted: boolean }>(segments)).rows,
    orphans: (await client.query<{ key: string }>(orphans)).rows,
    inbound: (await client.query<{ key: string; count: number }>(inbound)).rows,
    left: (await client.query<{ queued: number; claims: number }>(left)).rows[0]!,
  }))
  return {
    messages: stored.messages,
    segments: new Map(stored.segments.map(({ key, receipted }) => [key, receipted])),
    orphans: new Set(stored.orphans.map(({ key }) => key)),
    inbound: new Map(stored.inbound.map(({ key, count }) => [key, count])),
    ...stored.left,
    taken: carriers.flatMap(takenBy),
  }
}

function takenBy({ name, journal }: ChaosCarrier): TakenSegment[] {
  const taken = new Map<number, { to: string; octets: string; receipted: boolean }>()
  for (const line of readJournal(journal)) {
    if (line.k === 'submit')
      taken.set(line.id, { to: `+${line.to.address}`, octets: line.octets, receipted: false })
    if (line.k === 'receipted') taken.get(line.id)!.receipted = true
  }
  return [...taken].map(([id, entry]) => ({ carrier: name, id: String(id), ...entry }))
}
