import { setTimeout as delay } from 'node:timers/promises'
import { createClient, parseReceipt, readTlv, type SmppClient, SmppError, Status, tlv } from '@kurzpost/smpp'
import { type ChaosNode, call } from './house.ts'
import type { ChaosLink } from './link.ts'

/** A message of a customer's system, as that knows it. Each has a recipient of its own. */
export interface Ordered {
  readonly to: string
  /** The system's own, which receipts are to repeat. */
  readonly reference: number
  /**
   * Submissions that had no answer, or one that may mean that the database did not confirm: each may have become a message.
   */
  unsure: number
  /** The id of the answer that said OK. */
  id: string | undefined
}

export interface GivenReceipt {
  readonly reference: number | undefined
  readonly state: string
}

/** A customer's system that is bound to the nodes' SMPP door. */
export interface Esme {
  readonly orders: readonly Ordered[]
  /** By message id, each time that one came. */
  readonly receipts: ReadonlyMap<string, readonly GivenReceipt[]>
  /** Refusals that no repetition would mend. */
  readonly complaints: readonly string[]
  /** Every connection is reset. */
  cut(): void
  /** It dies with what is on its wires, and comes back after a while knowing what it wrote down: the above. */
  die(ms: number): Promise<void>
  /** Orders nothing more, and resolves when each order has its OK. */
  settle(): Promise<void>
  /** Resolves when every OK has its receipt, or no receipt has come for so long. */
  heard(patienceMs: number): Promise<void>
  close(): Promise<void>
}

export const esmeWindow = 20
const systemId = 'shop'
const retryMs = 150
const binds = 2
/** What says "later", and nothing of the message. */
const later: ReadonlySet<number> = new Set([Status.systemError, Status.queueFull, Status.throttled])

/** One link a node, of which each bind takes the next when one fails. */
export async function startEsme(options: {
  node: ChaosNode
  links: readonly ChaosLink[]
  perSecond: number
}): Promise<Esme> {
  const { node, links, perSecond } = options
  const { password } = await call<{ password: string }>(node.url, 'POST', '/v1/smpp-logins', {
    system_id: systemId,
  })
  const orders: Ordered[] = []
  const receipts = new Map<string, GivenReceipt[]>()
  const complaints: string[] = []
  const open = new Set<Promise<void>>()
  let heardAt = performance.now()

  function bind(at: number): SmppClient {
    const [first, ...others] = links.map((_, n) => ({
      host: '127.0.0.1',
      port: links[(n + at) % links.length]!.port,
    }))
    const client = createClient({
      ...{ ...first!, others, systemId, password, window: esmeWindow },
      ...{ responseTimeoutMs: 8_000, enquireLinkMs: 2_000, reconnect: { minMs: 50, maxMs: 1_000 } },
      onRequest(pdu) {
        const receipt = parseReceipt(pdu)
        if (!receipt) return { status: Status.invalidCommandId }
        const { id, state } = receipt
        const known = receipts.get(id) ?? []
        receipts.set(id, [...known, { reference: readTlv(pdu, 'user_message_reference'), state }])
        heardAt = performance.now()
        return {}
      },
    })
    client.start()
    return client
  }
  const bindAll = () => Array.from({ length: binds }, (_, at) => bind(at))
  let clients = bindAll()

  async function order(n: number): Promise<void> {
    const entry: Ordered = {
      to: `+4917${String(10_000_000 + n).padStart(9, '0')}`,
      reference: n % 0x10000,
      unsure: 0,
      id: undefined,
    }
    orders.push(entry)
    for (let attempt = 0; ; attempt++) {
      const client = clients[(n + attempt) % clients.length]
      if (client && client.freeWindow > 0) {
        const status = await submit(client, entry, attempt)
        if (status === Status.ok) return
        if (status !== undefined && !later.has(status)) {
          complaints.push(`${entry.to} was refused: 0x${status.toString(16)}`)
          return
        }
      }
      await delay(retryMs)
    }
  }

  /** The status of the answer, or undefined when none came. */
  async function submit(client: SmppClient, entry: Ordered, attempt: number): Promise<number | undefined> {
    try {
      const { status, message_id } = await client.submit({
        ...{ source_addr_ton: 5, source_addr: 'Shop', dest_addr_ton: 1, dest_addr_npi: 1 },
        destination_addr: entry.to.slice(1),
        registered_delivery: 1,
        // Each try is a text of its own: two messages to one recipient are no copies of one.
        short_message: Buffer.from(`Order ${entry.reference}, try ${attempt}`),
        tlvs: [tlv('user_message_reference', entry.reference)],
      })
      if (status === Status.ok) entry.id = message_id
      if (status === Status.queueFull) entry.unsure++
      return status
    } catch (error) {
      if (!(error instanceof SmppError)) throw error
      if (error.sent === 'maybe') entry.unsure++
      return undefined
    }
  }

  let n = 0
  const startedAt = performance.now()
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond)
    while (n < due && open.size < 500) {
      const work = order(n++)
      open.add(work)
      void work.finally(() => open.delete(work))
    }
  }, 20)

  return {
    orders,
    receipts,
    complaints,
    cut() {
      for (const link of links) link.cut()
    },
    async die(ms) {
      const old = clients
      clients = []
      for (const client of old) client.destroy()
      await delay(ms)
      clients = bindAll()
    },
    async settle() {
      clearInterval(timer)
      await Promise.all([...open])
    },
    async heard(patienceMs) {
      heardAt = performance.now()
      while (orders.some(({ id }) => id !== undefined && !receipts.has(id))) {
        if (performance.now() - heardAt > patienceMs) return
        await delay(100)
      }
    },
    async close() {
      clearInterval(timer)
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
