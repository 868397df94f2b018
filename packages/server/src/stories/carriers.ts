import { after } from 'node:test'
import { type SimulatorOptions, startSimulator } from '@kurzpost/simulator'
import { silentLog } from '../log.ts'
import { openDb } from '../store/db.ts'
import { call, eventually, type Story } from './house.ts'

/** A network of its own for some numbers: a simulator, and the carrier and route that lead there. */
export interface Network {
  id: string
  /** The simulator's HTTP interface. */
  // biome-ignore lint/suspicious/noExplicitAny: stories look into answers of every shape
  phone(method: string, path: string, body?: unknown): Promise<any>
  /** A number of this network that has had nothing yet. */
  number(): string
  /** Accepted messages to numbers of this network. */
  send(count: number, more?: object): Promise<{ id: string; to: string }[]>
}

let networks = 0

/** Adds a carrier to a house and waits until all its binds stand. */
export async function addNetwork(
  story: Story,
  options: { simulator?: SimulatorOptions; settings?: object; profile?: string; smppPort?: number } = {},
): Promise<Network> {
  const simulator = await startSimulator({
    smppPort: 0,
    httpPort: 0,
    receiptDelayMs: 0,
    ...options.simulator,
  })
  after(() => simulator.close())
  const prefix = `+491512${String(++networks).padStart(3, '0')}`
  const { status, body } = await story.api('POST', '/v1/carriers', {
    name: `network ${networks}`,
    kind: 'smpp',
    settings: {
      hosts: [{ host: '127.0.0.1', port: options.smppPort ?? simulator.smppPort }],
      system_id: 'story',
      bind_pause_seconds: 0.1,
      ...options.settings,
    },
    secrets: { password: 'story' },
    ...(options.profile ? { profile: options.profile } : {}),
    routes: [{ prefix }],
  })
  if (status !== 201) throw new Error(`the carrier was not made: ${JSON.stringify(body)}`)
  const { id } = body
  await eventually(async () => {
    const { binds } = (await story.api('GET', `/v1/carriers/${id}`)).body
    return binds.every((bind: { state: string }) => bind.state === 'bound')
  })
  let last = 0
  const number = () => `${prefix}${String(++last).padStart(5, '0')}`
  return {
    id,
    number,
    phone: async (method, path, sent) =>
      (await call(`http://127.0.0.1:${simulator.httpPort}${path}`, method, sent)).body,
    async send(count, more = {}) {
      const messages = Array.from({ length: count }, () => ({
        to: number(),
        text: 'Ihr Termin ist morgen um 9 Uhr.',
        ...more,
      }))
      const { body } = await story.api('POST', '/v1/messages/batch', { messages })
      return body.results.map((result: { id: string }, n: number) => ({ id: result.id, to: messages[n]!.to }))
    },
  }
}

/** Resolves with the final state of each message. */
export function ends(story: Story, messages: readonly { id: string }[]): Promise<string[]> {
  return Promise.all(
    messages.map(({ id }) =>
      Promise.race(
        ['delivered', 'undelivered', 'expired', 'rejected'].map(async (state) => {
          await story.event(`message.${state}`, (data) => data.message_id === id)
          return state
        }),
      ),
    ),
  )
}

/** Every state once, in order of the alphabet. */
export const kindsOf = (states: readonly string[]): string[] => [...new Set(states)].sort()

/** What the house has learned of its carriers' ids, by place, and the receipts that fit nothing. */
export async function readings(
  databaseUrl: string,
): Promise<{ ids: Record<string, string>; orphans: number }> {
  const db = openDb(databaseUrl, { max: 1, log: silentLog })
  try {
    const carriers = await db.query<{ ids: Record<string, { reading: string | null }> | null }>({
      name: '',
      text: `select learned -> 'ids' as ids from carriers`,
    })
    const orphans = await db.query({ name: '', text: 'select id from orphan_receipts' })
    const ids = carriers.flatMap((row) => Object.entries(row.ids ?? {}))
    return {
      ids: Object.fromEntries(ids.flatMap(([place, { reading }]) => (reading ? [[place, reading]] : []))),
      orphans: orphans.length,
    }
  } finally {
    await db.close()
  }
}
