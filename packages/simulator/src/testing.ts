import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import type { ConnectionOptions } from 'node:tls'
import {
  type BindType,
  type ClientState,
  createClient,
  encodePdu,
  type PduInput,
  type PduOf,
  type ResponseFields,
  type SmppClient,
  type SmppVersion,
  type StateDetail,
} from '@kurzpost/smpp'
import type { HandsetMessage } from './handset/shelf.ts'
import { type SimulatorOptions, startSimulator } from './simulator.ts'
import type { LoggedSubmit } from './smsc/submit-log.ts'

/** What comes in, for a test that waits for the next of it rather than for time to pass. */
export interface Mailbox<T> {
  put(item: T): void
  next(): Promise<T>
  /** Came, but nobody has asked for it yet. */
  readonly waiting: number
}

export function createMailbox<T>(): Mailbox<T> {
  const items: T[] = []
  const askers: ((item: T) => void)[] = []
  return {
    put(item) {
      const asker = askers.shift()
      if (asker) asker(item)
      else items.push(item)
    },
    next() {
      return items.length > 0
        ? Promise.resolve(items.shift()!)
        : new Promise((resolve) => askers.push(resolve))
    },
    get waiting() {
      return items.length
    },
  }
}

export interface Health {
  readonly name: string
  readonly binds: { system_id: string; bind_type: string }[]
  readonly stats: Record<string, number>
}

export interface Bind {
  readonly client: SmppClient
  readonly delivered: Mailbox<PduOf<'deliver_sm'>>
  readonly states: Mailbox<{ state: ClientState; detail: StateDetail }>
  /** Waits until the client is in this state; gives what came with it. */
  reach(state: ClientState): Promise<StateDetail>
}

interface BindOptions {
  readonly systemId?: string
  readonly password?: string
  readonly bindType?: BindType
  readonly interfaceVersion?: SmppVersion
  readonly responseTimeoutMs?: number
  readonly enquireLinkMs?: number
  readonly tls?: ConnectionOptions
  readonly reconnect?: false
  readonly onDataSm?: (pdu: PduOf<'data_sm'>) => void
  readonly answer?: (pdu: PduOf<'deliver_sm'>) => ResponseFields | Promise<ResponseFields>
}

/** A simulator on free ports, its HTTP interface and binds to it; all of it ends with the test. */
export async function simulate(t: TestContext, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0, ...options })
  t.after(() => simulator.close())
  const address = `http://127.0.0.1:${simulator.httpPort}`

  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }> => {
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_TYPE }
    const response = await fetch(address + path, { method, ...init })
    return { status: response.status, body: (await response.json()) as T }
  }

  const bind = async (bindOptions: BindOptions = {}): Promise<Bind> => {
    const { answer, onDataSm, ...own } = bindOptions
    const delivered = createMailbox<PduOf<'deliver_sm'>>()
    const states = createMailbox<{ state: ClientState; detail: StateDetail }>()
    const client = createClient({
      host: '127.0.0.1',
      port: simulator.smppPort,
      systemId: 'kurzpost',
      password: 'secret',
      reconnect: { minMs: 1, maxMs: 5 },
      ...own,
      onState: (state, detail) => states.put({ state, detail }),
      onRequest(pdu) {
        if (pdu.command === 'data_sm') onDataSm?.(pdu)
        if (pdu.command !== 'deliver_sm') return {}
        delivered.put(pdu)
        return answer?.(pdu) ?? {}
      },
    })
    t.after(() => client.destroy())
    client.start()
    const reach = async (state: ClientState): Promise<StateDetail> => {
      for (;;) {
        const next = await states.next()
        if (next.state === state) return next.detail
      }
    }
    const ready: Bind = { client, delivered, states, reach }
    if (own.reconnect !== false) await reach('bound')
    return ready
  }

  return {
    simulator,
    address,
    call,
    bind,
    get: async <T>(path: string): Promise<T> => (await call<T>('GET', path)).body,
    set: (settings: object) => call('PATCH', '/settings', settings),
    health: async (): Promise<Health> => (await call<Health>('GET', '/health')).body,
    submits: async (since = 0) =>
      (await call<{ next: number; submits: LoggedSubmit[] }>('GET', `/submits?since=${since}`)).body,
    messages: async (number: string) =>
      (await call<HandsetMessage[]>('GET', `/handsets/${encodeURIComponent(number)}/messages`)).body,
    write: (from: string, to: string, text: string) =>
      call<HandsetMessage>('POST', `/handsets/${encodeURIComponent(from)}/messages`, { to, text }),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** A submit_sm to a phone, as far as these tests care. */
export const submission = (text: string, more: object = {}) => ({
  source_addr_ton: 5,
  source_addr: 'Shop',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '4915112345678',
  registered_delivery: 1,
  short_message: Buffer.from(text, 'latin1'),
  ...more,
})

/** An ESME by hand: it sends what it is told, and shows the octets that come. */
export async function rawBind(t: TestContext, port: number, bindType: BindType = 'transceiver') {
  const socket = connect({ port, host: '127.0.0.1' })
  t.after(() => socket.destroy())
  const frames = createMailbox<Buffer>()
  const reads = createMailbox<Buffer>()
  let rest = Buffer.alloc(0)
  let sequence = 1
  socket.on('data', (chunk: Buffer) => {
    reads.put(chunk)
    rest = Buffer.concat([rest, chunk])
    // What is no PDU stays where it is, for the test to look at.
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0)
      if (length < 16 || length > 200_000 || rest.length < length) return
      frames.put(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  const send = (pdu: PduInput): number => {
    sequence += 1
    socket.write(encodePdu({ ...pdu, sequence: pdu.sequence ?? sequence } as PduInput))
    return sequence
  }
  send({ command: `bind_${bindType}`, system_id: 'raw', password: 'raw', interface_version: 0x34 })
  return {
    socket,
    send,
    frames,
    reads,
    closed,
    /** Octets that came and are no whole PDU. */
    rest: () => rest,
    /** The next PDU with this command_id. */
    async next(id: number): Promise<Buffer> {
      for (;;) {
        const frame = await frames.next()
        if (frame.readUInt32BE(4) === id) return frame
      }
    },
  }
}
