import type { TestContext } from 'node:test'
import {
  type BindRequest,
  createServer,
  type PduOf,
  type RequestPdu,
  type ResponseFields,
  type ServerSession,
} from '@kurzpost/smpp'
import { systemClock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import { outbound } from '../../message/outbound.ts'
import type { CarrierReceipt, IncomingPart } from '../carrier.ts'
import { createSmppSlot } from './kind.ts'
import type { GivenSmppSettings } from './settings.ts'

/** An SMSC by hand, and a carrier that is bound to it. */

export type Submit = PduOf<'submit_sm'>

export async function smsc(
  t: TestContext,
  answer: (pdu: RequestPdu) => ResponseFields = () => ({ message_id: 'A1' }),
  onBind: (bind: BindRequest) => number = () => 0,
) {
  const seen: RequestPdu[] = []
  const binds: BindRequest[] = []
  const server = await createServer({
    port: 0,
    onBind(bind) {
      binds.push(bind)
      return onBind(bind)
    },
    onRequest(_session, pdu) {
      seen.push(pdu)
      return answer(pdu)
    },
  })
  t.after(() => server.close())
  const session = (): ServerSession => [...server.sessions][0]!
  return { port: server.port, seen, binds, session }
}

/** A carrier that is bound, and what came in on it. */
export async function bound(t: TestContext, port: number, given: Partial<GivenSmppSettings> = {}, slot = 0) {
  const settings = { hosts: [{ host: '127.0.0.1', port }], system_id: 'post', ...given }
  const secrets = { password: 'secret' }
  const carrier = createSmppSlot({ settings, secrets, slot, clock: systemClock, log: silentLog })
  const receipts: CarrierReceipt[] = []
  const parts: IncomingPart[] = []
  const up = Promise.withResolvers<void>()
  const close = await carrier.open({
    changed: () => carrier.report!().state === 'bound' && up.resolve(),
    late() {},
    receipt: async (receipt) => void receipts.push(receipt),
    incoming: async (part) => void parts.push(part),
  })
  t.after(close)
  await up.promise
  return { carrier, receipts, parts }
}

/** A message as the core cuts it. */
export const message = (
  body: string,
  { encoding = 'gsm7', long = 'segments', done = null }: Cut = {},
): ReturnType<typeof outbound> =>
  outbound(
    {
      id: '01990000-0000-7000-8000-000000000000',
      sender: 'Kurzpost',
      recipient: '+4915123456789',
      body,
      encoding,
      reference: 7,
      expires_at: new Date(Date.now() + 60_000),
      done,
      user_data: null,
    },
    new Date(),
    long,
  )
export interface Cut {
  encoding?: 'gsm7' | 'ucs2'
  long?: 'segments' | 'whole' | undefined
  done?: number[] | null
}

/** What the SMSC gets of a message. */
export async function sent(
  t: TestContext,
  body: string,
  given: Partial<GivenSmppSettings>,
  more: Cut = {},
): Promise<Submit[]> {
  const { port, seen } = await smsc(t)
  const { carrier } = await bound(t, port, given)
  await Promise.all(
    message(body, { ...more, long: carrier.long }).map(({ segment }) => carrier.submit(segment)),
  )
  return seen as Submit[]
}
export const hex = (octets: Uint8Array | undefined) => Buffer.from(octets ?? []).toString('hex')
