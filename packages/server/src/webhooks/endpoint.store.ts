import type { EventName } from '../events.ts'
import { insertEvents } from '../outbox/store.ts'
import { statement, type Tx } from '../store/db.ts'

/** A customer's URL. Ids are bare UUIDs. */
export interface Endpoint {
  id: string
  url: string
  /** Empty: every event. */
  events: EventName[]
  enabled: boolean
  description: string | null
  failing_since: Date | null
  disabled_reason: string | null
  created_at: Date
}

const columns = 'id, url, events, enabled, description, failing_since, disabled_reason, created_at'

const insert = statement(
  'webhooks_insert',
  `insert into webhooks (account_id, id, url, events, description, secret, created_at)
   select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from webhooks where account_id = $1) < $8
   returning ${columns}`,
)

/** Undefined when the account has `most` endpoints already. */
export async function insertEndpoint(
  tx: Tx,
  accountId: string,
  endpoint: Pick<Endpoint, 'id' | 'url' | 'events' | 'description' | 'created_at'> & { secret: Buffer },
  most: number,
): Promise<Endpoint | undefined> {
  const { id, url, events, description, secret, created_at } = endpoint
  const values = [accountId, id, url, events, description, secret, created_at, most]
  return (await tx.query<Endpoint>(insert, values))[0]
}

const list = statement(
  'webhooks_list',
  `select ${columns} from webhooks where account_id = $1 and ($2::uuid is null or id = $2) order by id`,
)

/** The account's endpoints, oldest first; with `id` that one or none. */
export function listEndpoints(tx: Tx, accountId: string, id: string | null = null): Promise<Endpoint[]> {
  return tx.query<Endpoint>(list, [accountId, id])
}

const update = statement(
  'webhooks_update',
  `update webhooks set url = coalesce($3, url), events = coalesce($4, events),
     description = case when $5 then $6 else description end,
     enabled = coalesce($7, enabled),
     failing_since = case when $7 or $3 is not null then null else failing_since end,
     disabled_reason = case when $7 then null else disabled_reason end
   where account_id = $1 and id = $2 returning ${columns}`,
)

/** Changes what is given. Switching on, or another URL, forgets earlier failures. */
export async function updateEndpoint(
  tx: Tx,
  accountId: string,
  id: string,
  change: {
    url?: string
    events?: readonly EventName[]
    description?: string | null
    enabled?: boolean
  },
): Promise<Endpoint | undefined> {
  const { url = null, events = null, description = null, enabled = null } = change
  const describes = change.description !== undefined
  const values = [accountId, id, url, events, describes, description, enabled]
  return (await tx.query<Endpoint>(update, values))[0]
}

const rotate = statement(
  'webhooks_rotate',
  `update webhooks set previous_secret = secret, previous_until = $4, secret = $3
   where account_id = $1 and id = $2 returning ${columns}`,
)

/** A new secret; the one before signs beside it until `previousUntil`. */
export async function rotateSecret(
  tx: Tx,
  accountId: string,
  id: string,
  secret: Buffer,
  previousUntil: Date,
): Promise<Endpoint | undefined> {
  return (await tx.query<Endpoint>(rotate, [accountId, id, secret, previousUntil]))[0]
}

const remove = statement(
  'webhooks_delete',
  'delete from webhooks where account_id = $1 and id = $2 returning id',
)

/** What is open for it is not sent any more, and its log goes with the next retention. False: no such endpoint. */
export async function deleteEndpoint(tx: Tx, accountId: string, id: string): Promise<boolean> {
  return (await tx.query(remove, [accountId, id])).length > 0
}

/** An endpoint by its whole key. */
export interface EndpointKey {
  account_id: string
  webhook_id: string
}

const given =
  'from json_to_recordset($1) as k(account_id uuid, webhook_id uuid) where w.account_id = k.account_id and w.id = k.webhook_id'

const recovered = statement(
  'webhooks_recovered',
  `update webhooks w set failing_since = null ${given} and w.failing_since is not null`,
)

/** These endpoints have taken a delivery. */
export async function noteRecovery(tx: Tx, endpoints: readonly EndpointKey[]): Promise<void> {
  if (endpoints.length > 0) await tx.query(recovered, [JSON.stringify(endpoints)])
}

// A success that another node saw counts too: the log knows it.
const noted = statement(
  'webhooks_failing',
  `update webhooks w set failing_since = $2 ${given}
     and (w.failing_since is null or (w.failing_since < $3 and exists (
       select from webhook_deliveries d where d.account_id = w.account_id and d.webhook_id = w.id
         and d.event_id > uuidv7_floor(w.failing_since) and d.status = 'delivered' and d.sent_at > w.failing_since)))`,
)
const disable = statement(
  'webhooks_disable',
  `update webhooks w set enabled = false, disabled_reason = $2 ${given}
     and w.enabled and ($3::timestamptz is null or w.failing_since < $3)
   returning w.account_id, w.id, w.url`,
)

/**
 * These endpoints have failed. Those without a success since `cutoff` are switched off, with a `webhook.disabled`
 * event; so are the `gone`, which answered 410. Returns the ids of what was switched off. Runs in a transaction.
 */
export async function noteFailure(
  tx: Tx,
  options: {
    failing: readonly EndpointKey[]
    gone: readonly EndpointKey[]
    now: Date
    cutoff: Date
    webhookId: (uuid: string) => string
  },
): Promise<string[]> {
  const { failing, gone, now, cutoff, webhookId } = options
  type Row = { account_id: string; id: string; url: string }
  const off: (Row & { reason: string })[] = []
  const switchOff = async (endpoints: readonly EndpointKey[], reason: string, before: Date | null) => {
    if (endpoints.length === 0) return
    const rows = await tx.query<Row>(disable, [JSON.stringify(endpoints), reason, before])
    off.push(...rows.map((row) => ({ ...row, reason })))
  }
  if (failing.length > 0) await tx.query(noted, [JSON.stringify(failing), now, cutoff])
  await switchOff(failing, 'It has failed for five days.', cutoff)
  await switchOff(gone, 'It answered 410 Gone.', null)
  await insertEvents(
    tx,
    off.map(({ account_id, id, url, reason }) => ({
      account_id,
      name: 'webhook.disabled' as const,
      payload: { webhook_id: webhookId(id), url, reason },
    })),
    now,
  )
  return off.map(({ id }) => id)
}
