import { isDeepStrictEqual } from 'node:util'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { catchAll, countRoutesOf, insertRoute, raiseRevision } from '../routing/routes.store.ts'
import type { Db, Tx } from '../store/db.ts'
import { merged } from './kinds.ts'
import { readSmppUrl } from './smpp/kind.ts'
import { type CarrierRow, insertCarrier, lockNamed, retireCarrier, updateCarrier } from './store.ts'

/** The carrier of KURZPOST_CARRIER_URL, and that of the sandbox. */
export type ConfigName = 'main' | 'simulator'

/** What the URL says: nobody else may change it. */
export const setByUrl: readonly string[] = ['hosts', 'system_id']

/**
 * The carrier of the environment, as a row like any other: made at the first start, and at each start given the address and the
 * credentials of its URL again. It keeps its id over restarts, for receipts depend on it, and what else has been
 * changed of it. A carrier without any route gets one that takes everything.
 *
 * The sandbox's simulator and a real carrier never stand beside each other: what leaves a sandbox, and what is lost in one, was
 * meant for the other. Without a URL nothing but that is done: the carrier of an earlier one stays as it is.
 */
export async function ensureConfigCarrier(options: {
  db: Db
  bell: Bell
  clock: Clock
  /** Owns what comes in. */
  accountId: string
  sandbox: boolean
  carrier: { name: ConfigName; url: string; window: number } | undefined
}): Promise<CarrierRow | undefined> {
  const { db, bell, clock, accountId, sandbox, carrier } = options
  const row = await db.transaction(async (tx) => {
    const now = clock.now()
    const other: ConfigName = carrier?.name === 'simulator' ? 'main' : 'simulator'
    for (const name of carrier || !sandbox ? [other] : []) {
      const { live } = await lockNamed(tx, name)
      if (live?.origin !== 'config') continue
      await retireCarrier(tx, live.id, now)
      await raiseRevision(tx)
    }
    return carrier && (await ensure(tx, accountId, carrier, now))
  })
  bell.ring('carriers')
  return row
}

async function ensure(
  tx: Tx,
  accountId: string,
  { name, url, window }: { name: ConfigName; url: string; window: number },
  now: Date,
): Promise<CarrierRow> {
  const wanted = readSmppUrl(url)
  const { live, retired } = await lockNamed(tx, name)
  const found = live ?? retired
  const made =
    found ??
    (await insertCarrier(
      tx,
      {
        id: uuidv7(now.getTime()),
        account_id: accountId,
        name,
        kind: 'smpp',
        profile: null,
        settings: { ...wanted.settings, window },
        secrets: wanted.secrets,
        mode: 'active',
        origin: 'config',
      },
      now,
    ))
  // Another node that starts has made it in this moment.
  if (!made) return ensure(tx, accountId, { name, url, window }, now)
  const settings = merged({ window, ...made.settings }, wanted.settings)
  const secrets = merged(made.secrets, wanted.secrets)
  const isNew =
    retired !== undefined ||
    !isDeepStrictEqual([made.settings, made.secrets, made.origin], [settings, secrets, 'config'])
  const row = isNew ? await updateCarrier(tx, { ...made, settings, secrets, origin: 'config' }, now) : made
  const isRouted = (await countRoutesOf(tx, row.id)) > 0
  if (!isRouted) await insertRoute(tx, catchAll(uuidv7(now.getTime()), row.id), now)
  if (isNew || !isRouted || !found) await raiseRevision(tx)
  return row
}
