import { createBell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { createEmit, type Emit, type Listeners } from '../outbox/emit.ts'
import type { Router } from '../routing/router.ts'
import type { Db, Statement, Tx } from '../store/db.ts'
import { createAccept } from './accept.ts'
import type { Offer } from './claim.store.ts'
import type { Gate } from './gate.ts'

/** A clock that stands until it is told to go on. It starts at the true time, for partitions and leases know no other. */
export function handClock(): Clock & { forward(ms: number): void } {
  const start = Date.now()
  let ahead = 0
  return {
    now: () => new Date(start + ahead),
    monotonic: () => ahead,
    forward(ms) {
      ahead += ms
    },
  }
}

/** The one path of tests that route nothing. */
export const testPath = 1
/** What a bind takes from there. */
export const offers: readonly Offer[] = [{ path: testPath, limit: null }]
/** Nobody else takes what one carrier does not. */
export const noOther = async (): Promise<undefined> => undefined

/** Accept with rules that take anything of a possible length. */
export function testAccept(options: {
  db: Db
  clock: Clock
  gates?: readonly Gate[]
  /** In place of `gates`, when they are made later. */
  gatesOf?: () => readonly Gate[]
  listeners?: Listeners
  emit?: Emit
  maxWaiting?: number
  paths?: Router['paths']
  mayUse?: (accountId: string, sender: string) => boolean
}) {
  const { db, clock, gates = [], listeners = {}, maxWaiting = 1_000 } = options
  return createAccept({
    db,
    clock,
    bell: createBell(),
    rules: { country: 'DE', lenient: true, defaultSender: null, maxSegments: 10 },
    gates: options.gatesOf ?? (() => gates),
    mayUse: options.mayUse ?? (() => true),
    emit: options.emit ?? createEmit(() => listeners),
    reference: () => 7,
    paths: options.paths ?? ((facts) => facts.map(() => testPath)),
    maxWaiting,
  })
}

/** An account and a carrier of it; both are bare UUIDs. */
export async function testOwner(db: Db): Promise<{ accountId: string; carrierId: string }> {
  const accountId = uuidv7(Date.now())
  const carrierId = uuidv7(Date.now())
  await ask(db, 'insert into accounts (id, name, created_at) values ($1, $2, now())', [accountId, 'Test'])
  await ask(
    db,
    `insert into carriers (account_id, id, name, kind, created_at) values ($1, $2, $3, 'smpp', now())`,
    [accountId, carrierId, carrierId],
  )
  return { accountId, carrierId }
}

/** SQL of a test, by its text. */
export function ask<Row = Record<string, unknown>>(
  tx: Tx,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return tx.query<Row>({ name: '', text }, values)
}

/** The same database, seen through: every statement and every transaction is told. */
export function watched(db: Db, seen: { statement?(name: string): void; transaction?(): void }): Db {
  const watch = (tx: Tx): Tx => ({
    query<Row>(statement: Statement, values?: readonly unknown[]) {
      seen.statement?.(statement.name)
      return tx.query<Row>(statement, values)
    },
  })
  return {
    ...db,
    ...watch(db),
    transaction(work) {
      seen.transaction?.()
      return db.transaction((tx) => work(watch(tx)))
    },
  }
}

export { silentLog }
