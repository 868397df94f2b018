import assert from 'node:assert/strict'
import { beforeEach } from 'node:test'
import { systemClock } from '../../clock.ts'
import { createGuard } from '../../egress.ts'
import { publicId } from '../../ids.ts'
import { silentLog } from '../../log.ts'
import { createMetrics } from '../../metrics.ts'
import type { Call } from '../../route.ts'
import type { CarrierSink } from '../carrier.ts'
import { carrierConformance, type TestNetwork } from '../conformance.ts'
import { createHttpCarrier } from './carrier.ts'
import { callbackRoutes } from './routes.ts'
import { answer, type Behaviour, startProvider, testSecrets, testSettings } from './testing.ts'

const provider = await startProvider()
const settings = testSettings(provider.url)
const row = { id: '01900000-0000-7000-8000-000000000001', accountId: '', settings, secrets: testSecrets }
let sink: CarrierSink | undefined

const [post] = callbackRoutes({
  find: async (id) => (id === row.id ? row : undefined),
  receipt: (_carrier, receipt) => sink!.receipt(receipt),
  incoming: (_carrier, part) => sink!.incoming(part),
  full: () => false,
  log: silentLog,
  metrics: createMetrics(),
})

/** The provider tells us, again and again until it is answered with success; a cut ends each wait for an answer. */
let cuts = Promise.withResolvers<'cut'>()
async function tell(event: object): Promise<void> {
  for (let taken = false; !taken; ) {
    const call = {
      params: { id: publicId('carrier', row.id), token: testSecrets.callback_token },
      headers: { 'content-type': 'application/json' },
      query: {},
      body: Buffer.from(JSON.stringify(event)),
    } as unknown as Call
    const told = Promise.resolve(post!.handler(call)).then(
      () => 'taken',
      () => 'refused',
    )
    taken = (await Promise.race([told, cuts.promise])) === 'taken'
  }
}

let ids = 0
const behaviours: Record<string, Behaviour> = {
  take(request, response) {
    const id = `p-${++ids}`
    answer(response, 202, { id })
    response.on('close', () => void tell({ type: 'status', id, status: 'DELIVERED' }))
    assert.match(request.headers.authorization ?? '', /^Bearer key/)
  },
  never: (_request, response) => answer(response, 400, { error: 'NO_SUCH_NUMBER' }),
  later: (_request, response) => answer(response, 429, { error: 'BUSY' }),
  silence() {},
}

const network: TestNetwork = {
  carrier({ window }) {
    const carrier = createHttpCarrier({
      settings: { ...settings, window },
      secrets: testSecrets,
      callbackUrl: 'https://sms.example.com/v1/carriers/x/callback/y',
      guard: createGuard({ sandbox: true }),
      clock: systemClock,
      log: silentLog,
    })
    return {
      get freeWindow() {
        return carrier.freeWindow
      },
      submit: carrier.submit,
      open(opened) {
        sink = opened
        return carrier.open(opened)
      },
    }
  },
  answer: async (how) => provider.behave(behaviours[how]!),
  async cutAtNext() {
    provider.behave((_request, _response, socket) => {
      provider.behave(behaviours.take!)
      socket.destroy()
    })
  },
  async cut() {
    provider.cut()
    cuts.resolve('cut')
    cuts = Promise.withResolvers()
  },
  write: async (text) =>
    void tell({ type: 'message', from: '+4915199999999', to: '12345', text, id: `m-${++ids}` }),
  async arrived() {
    await new Promise(setImmediate)
    return provider.taken.length
  },
}

beforeEach(() => {
  provider.behave(behaviours.take!)
  provider.taken.length = 0
})

carrierConformance('HTTP', () => network)
