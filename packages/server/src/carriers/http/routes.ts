import { Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { parseId, publicId } from '../../ids.ts'
import type { Log } from '../../log.ts'
import type { Metrics } from '../../metrics.ts'
import type { Call, Reply, Route } from '../../route.ts'
import type { CarrierReceipt, IncomingPart } from '../carrier.ts'
import { isGenuine, readCallback } from './callback.ts'
import type { HttpSecrets, HttpSettings } from './settings.ts'

/** A carrier of kind `http` as its row has it. */
export interface HttpCarrierRow {
  /** Bare UUIDs. */
  id: string
  accountId: string
  settings: HttpSettings
  secrets: HttpSecrets
}

export interface CallbackHouse {
  /** Undefined: there is none of that id, or it is of another kind. */
  find(id: string): Promise<HttpCarrierRow | undefined>
  /** Both resolve after the commit. */
  receipt(carrier: HttpCarrierRow, receipt: CarrierReceipt): Promise<void>
  incoming(carrier: HttpCarrierRow, part: IncomingPart): Promise<void>
  /** True while so much waits for the database that more would only fill the memory. */
  full(): boolean
  log: Log
  metrics: Metrics
  patienceMs?: number
}

const mostBytes = 256 * 1024
/** A database that is away keeps a callback waiting for so long; then the provider is asked to come again. */
const patience = 8_000

const description =
  'The address that is given to the provider. The token is the carrier’s secret `callback_token`. Answered with success once everything in it is committed; on anything else the provider sends it again.'

/** Receipts and incoming messages that providers report by HTTP. No API key: who knows the token is the provider. */
export function callbackRoutes(house: CallbackHouse): Route[] {
  const { log, patienceMs = patience } = house
  // At the first callback: the OpenAPI page asks what the routes are, and has no metrics.
  let told: ReturnType<typeof house.metrics.counter<'kurzpost_carrier_callbacks_total'>> | undefined
  function count(what: string, entries: number): void {
    told ??= house.metrics.counter('kurzpost_carrier_callbacks_total')
    told.inc({ what }, entries)
  }

  async function take(method: string, call: Call<Buffer | undefined>): Promise<Reply> {
    const id = parseId('carrier', call.params.id)
    const carrier = id === undefined ? undefined : await house.find(id)
    const request = {
      method,
      headers: call.headers,
      query: call.query,
      body: call.body ?? new Uint8Array(),
    }
    // One answer for all that is wrong: whoever asks without the token learns nothing, not even which carriers there are.
    if (!carrier || !isGenuine(carrier.settings, carrier.secrets, call.params.token, request)) {
      count('refused', 1)
      throw new KurzpostError('not_found')
    }
    const events = readCallback(carrier.settings, request)
    if (!events) {
      log.warn({ carrier: call.params.id }, 'a callback could not be read')
      throw new KurzpostError('unreadable_callback')
    }
    if (house.full()) throw new KurzpostError('overloaded')
    const { receipts, incoming, ignored } = events
    if (ignored > 0)
      log.debug({ carrier: call.params.id, ignored }, 'a callback held what the settings do not name')
    await inTime(
      Promise.all([
        ...receipts.map((receipt) => house.receipt(carrier, receipt)),
        ...incoming.map((part) => house.incoming(carrier, part)),
      ]),
      patienceMs,
    )
    count('receipt', receipts.length)
    count('incoming', incoming.length)
    count('ignored', ignored)
    const { reply } = carrier.settings.callbacks!
    return reply
      ? { status: 200, body: reply.body, headers: { 'content-type': reply.type } }
      : { status: 204 }
  }

  return (['POST', 'GET'] as const).map((method) => ({
    method,
    path: '/v1/carriers/:id/callback/:token',
    tag: 'Carriers',
    summary: `A provider reports receipts and incoming messages (${method === 'GET' ? 'in the query' : 'JSON or form'})`,
    description,
    raw: true,
    bodyLimit: mostBytes,
    params: Type.Object({
      id: Type.String({ description: 'car_…', maxLength: 40 }),
      token: Type.String({ maxLength: 100 }),
    }),
    responses: {
      200: { description: 'Taken, with the reply of the settings' },
      204: { description: 'Taken' },
    },
    handler: (call: Call) => take(method, call),
  }))
}

/** What is not stored in time is stored later, once or more often: receipts fold, and copies are known by their ids. */
async function inTime(work: Promise<unknown>, ms: number): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new KurzpostError('database_unavailable')), ms)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

/** Where a carrier's provider reports to; null for one that has no token. `base`: the address of this server outside. */
export const callbackUrl = (base: string, carrierId: string, secrets: HttpSecrets): string | null =>
  secrets.callback_token === undefined
    ? null
    : `${base}/v1/carriers/${publicId('carrier', carrierId)}/callback/${secrets.callback_token}`
