import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Db } from '../store/db.ts'
import type { Accept } from './accept.ts'
import type { MessageCore } from './core.ts'
import { selectDetail, selectMessages } from './history.store.ts'
import { movedEvents } from './moved.ts'
import { move } from './store.ts'
import { unqueue } from './sweep.store.ts'

/** What doors may ask of messages, made of the verbs. */
export function createMessages(options: {
  db: Db
  clock: Clock
  bell: Bell
  emit: Emit
  accept: Accept
}): MessageCore {
  const { db, clock, bell, emit, accept } = options
  return {
    accept: accept.accept,
    list: (accountId, filter) => selectMessages(db, accountId, filter),
    get: (accountId, id) => selectDetail(db, accountId, id),
    async cancel(accountId, id) {
      await db.transaction(async (tx) => {
        const now = clock.now()
        if (!(await unqueue(tx, accountId, id))) return
        const steps = [{ state: 'cancelled', at: now.toISOString() }]
        const moved = await move(tx, [{ account_id: accountId, id, to: 'cancelled', steps }], now)
        await emit(tx, movedEvents(moved), now)
      })
      const detail = await selectDetail(db, accountId, id)
      if (!detail) throw new KurzpostError('not_found')
      // A repeated cancel is the same wish and gets the same answer.
      if (detail.state !== 'cancelled')
        throw new KurzpostError('not_cancellable', { details: { state: detail.state } })
      bell.ring('outbox')
      return detail
    },
  }
}
