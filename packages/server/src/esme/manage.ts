import {
  formatAbsoluteTime,
  MessageState,
  type PduOf,
  parseSmppTime,
  type ResponseFields,
  readRegisteredDelivery,
  Status,
} from '@kurzpost/smpp'
import { createBatcher } from '../batcher.ts'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import { parseId } from '../ids.ts'
import type { MessageCore } from '../message/core.ts'
import type { Replace } from '../message/replace.ts'
import type { State } from '../message/state.ts'
import { type Db, isTransient } from '../store/db.ts'
import { fromEsme } from './address.ts'
import type { Login } from './login.store.ts'
import { type Asked, askedBySmpp } from './message.store.ts'
import { partsWait } from './parts.store.ts'
import { statusOf } from './refusals.ts'
import { type Origin, readContent, sourceOf } from './submission.ts'

type Source = { source_addr_ton: number; source_addr_npi: number; source_addr: string }

/** message_state of each of our states; what waits for its time is SCHEDULED from 5.0 on. [SMPP 3.4 §5.2.28, 5.0 §4.7.15] */
const stateOf: Record<State, number> = {
  accepted: MessageState.enroute,
  scheduled: MessageState.scheduled,
  queued: MessageState.enroute,
  on_wire: MessageState.enroute,
  uncertain: MessageState.unknown,
  submitted: MessageState.enroute,
  delivered: MessageState.delivered,
  undelivered: MessageState.undeliverable,
  expired: MessageState.expired,
  rejected: MessageState.rejected,
  cancelled: MessageState.deleted,
  received: MessageState.unknown,
}

export interface Managing {
  query(login: Login, pdu: PduOf<'query_sm'>, version: number): Promise<ResponseFields>
  cancel(login: Login, pdu: PduOf<'cancel_sm'>): Promise<ResponseFields>
  replace(login: Login, pdu: PduOf<'replace_sm'>): Promise<ResponseFields>
}

/** query_sm, cancel_sm and replace_sm, of messages of the same login alone. */
export function createManaging(options: {
  db: Db
  clock: Clock
  cancel: MessageCore['cancel']
  replace: Replace
}): Managing {
  const { db, clock } = options
  // A system that asks for each of its messages must not take the connections of those that submit: questions share a
  // statement, and changes, which are a transaction each, wait for their turn.
  const questions = createBatcher<{ account_id: string; id: string }, Asked | undefined>({
    async flush(keys) {
      const found = new Map((await askedBySmpp(db, keys)).map((row) => [row.id, row]))
      return keys.map(({ id }) => found.get(id))
    },
    maxWeight: 200,
    concurrency: 1,
    spacingMs: 5,
  })
  const changes = createBatcher<() => Promise<void>, undefined>({
    async flush([change]) {
      await change!()
      return [undefined]
    },
    maxWeight: 1,
    concurrency: 2,
  })

  /** The message, if it is one of this login and its source is the one given, where one is given. */
  async function find(
    login: Login,
    messageId: string,
    pdu: Source,
  ): Promise<{ id: string; asked: Asked } | undefined> {
    const id = parseId('message', messageId)
    const asked = id && (await questions.push({ account_id: login.account_id, id }))
    return asked && isTheirs(login, asked.origin, pdu) ? { id, asked } : undefined
  }

  /** What fails with the database is the queue being full: it can be asked again. */
  const answered = (work: Promise<ResponseFields>, otherwise: number): Promise<ResponseFields> =>
    work.catch((error) => {
      const away =
        isTransient(error) || (error instanceof KurzpostError && error.code === 'database_unavailable')
      return { status: away ? Status.queueFull : otherwise }
    })

  return {
    query(login, pdu, version) {
      return answered(
        find(login, pdu.message_id, pdu).then(async (found) => {
          if (!found) {
            const id = parseId('message', pdu.message_id)
            return id && (await partsWait(db, login.id, id))
              ? { message_id: pdu.message_id, message_state: MessageState.enroute }
              : { status: statusOf('not_queried') }
          }
          const { state, final_at, carrier_code } = found.asked
          const known = stateOf[state]
          return {
            message_id: pdu.message_id,
            final_date: final_at ? formatAbsoluteTime(final_at) : '',
            message_state: known === MessageState.scheduled && version < 0x50 ? MessageState.enroute : known,
            error_code: /^\d{1,3}$/.test(carrier_code ?? '') ? Math.min(255, Number(carrier_code)) : 0,
          }
        }),
        statusOf('not_queried'),
      )
    },

    cancel(login, pdu) {
      return answered(
        find(login, pdu.message_id, pdu).then(async (found) => {
          if (!found) return { status: statusOf('unknown_message') }
          await changes.push(async () => void (await options.cancel(login.account_id, found.id)))
          return {}
        }),
        statusOf('not_cancelled'),
      )
    },

    async replace(login, pdu) {
      const id = parseId('message', pdu.message_id)
      if (!id) return { status: statusOf('unknown_message') }
      const now = clock.now()
      const content = readContent(pdu, login, false)
      if ('status' in content) return { status: content.status }
      const schedule = parseSmppTime(pdu.schedule_delivery_time, now)
      if (schedule.kind === 'invalid') return { status: statusOf('schedule') }
      const validity = parseSmppTime(pdu.validity_period, now)
      if (validity.kind === 'invalid') return { status: statusOf('validity') }
      const { receipt } = readRegisteredDelivery(pdu.registered_delivery)
      const write = () =>
        options.replace(login.account_id, id, (message) => {
          const known = message.origin as Origin | null
          if (!known || !isTheirs(login, known, pdu)) return undefined
          const { receipt: _, ...origin } = known
          return {
            text: content.text,
            ...(content.encoding && { encoding: content.encoding }),
            ...(schedule.kind === 'none' ? {} : { sendAt: schedule.at }),
            ...(validity.kind === 'none' ? {} : { expiresAt: validity.at }),
            origin: receipt === 'never' ? origin : { ...origin, receipt },
          }
        })
      return answered(
        changes.push(async () => void (await write())).then(() => ({})),
        statusOf('not_replaced'),
      )
    },
  }
}

function isTheirs(login: Login, { login: owner, source }: Origin, pdu: Source): boolean {
  if (owner !== login.id) return false
  return pdu.source_addr === '' || fromEsme(sourceOf(pdu)) === fromEsme(source)
}
