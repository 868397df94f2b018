import type { Bell } from '../bell.ts'
import { callbackRoutes, type HttpCarrierRow } from '../carriers/http/routes.ts'
import type { HttpSecrets, HttpSettings } from '../carriers/http/settings.ts'
import { settingsOf } from '../carriers/kinds.ts'
import type { Clock } from '../clock.ts'
import type { Inbound } from '../inbound/receive.ts'
import type { Log } from '../log.ts'
import type { Ledger } from '../message/ledger.ts'
import { receiptRow } from '../message/receipt.ts'
import type { Metrics } from '../metrics.ts'
import type { Route } from '../route.ts'
import type { Db } from '../store/db.ts'
import { readReportingCarrier } from './callbacks.store.ts'

/** A change rings; should the bell be lost, it counts after this. */
const rememberMs = 5_000
/** Unwritten receipts and incoming messages, of all doors, beyond which providers are asked to come again. */
const mostWaiting = 10_000

/**
 * Where providers report by HTTP. Any node takes it, whichever holds the carrier: what comes goes through the same ledger
 * and the same inbound as what SMPP brings.
 */
export function providerRoutes(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  ledger: Ledger
  inbound: Inbound
  metrics: Metrics
}): Route[] {
  const { db, bell, clock, log, ledger, inbound, metrics } = options
  let known = new Map<string, { carrier: Promise<HttpCarrierRow | undefined>; until: number }>()
  bell.on('carriers', () => (known = new Map()))

  async function read(id: string): Promise<HttpCarrierRow | undefined> {
    const row = await readReportingCarrier(db, id)
    if (row?.kind !== 'http') return undefined
    const settings = settingsOf(row) as HttpSettings
    return { id, accountId: row.account_id, settings, secrets: row.secrets as HttpSecrets }
  }

  return callbackRoutes({
    find(id) {
      const kept = known.get(id)
      if (kept && kept.until > clock.monotonic()) return kept.carrier
      // Whoever guesses ids fills the memory with nothing.
      if (known.size >= 1_000) known = new Map()
      const carrier = read(id)
      known.set(id, { carrier, until: clock.monotonic() + rememberMs })
      carrier.catch(() => known.delete(id))
      return carrier
    },
    receipt: ({ id }, receipt) => ledger.receipt(receiptRow(id, receipt, clock.now())),
    incoming: ({ id }, part) => inbound.receive({ carrierId: id }, part),
    full: () => ledger.load + inbound.load > mostWaiting,
    log,
    metrics,
  })
}
