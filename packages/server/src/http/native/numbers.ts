import { type Static, Type } from 'typebox'
import {
  deleteNumber,
  insertNumber,
  listNumbers,
  type NumberRow,
  numberIsGiven,
} from '../../accounts/number.store.ts'
import type { Bell } from '../../bell.ts'
import type { Clock } from '../../clock.ts'
import { KurzpostError } from '../../errors.ts'
import { parseId, publicId, uuidv7 } from '../../ids.ts'
import { normalizeSender } from '../../message/address.ts'
import { type Call, noContent, type Route } from '../../route.ts'
import type { Tx } from '../../store/db.ts'
import * as shape from './access-schemas.ts'
import { boundsOf, demandId, PageQuery, pageOf } from './pages.ts'
import * as schema from './schemas.ts'

const NewNumber = Type.Object(
  {
    address: Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'Our number, short code or name',
      examples: ['+4930123456'],
    }),
    account_id: Type.String({ maxLength: 40, description: 'acc_…: whose it is' }),
    carrier_id: Type.Optional(
      schema.nullable(Type.String({ maxLength: 40 }), { description: 'car_…; on any carrier unless said' }),
    ),
  },
  { ...schema.closed, title: 'NewNumber' },
)
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: 'num_…' }) })

const numberJson = ({ id, address, account_id, account_name, carrier_id, created_at }: NumberRow) => ({
  id: publicId('number', id),
  address,
  account: { id: publicId('account', account_id), name: account_name },
  carrier_id: carrier_id === null ? null : publicId('carrier', carrier_id),
  created_at: created_at.toISOString(),
})

export interface NumbersHouse {
  db: Tx
  clock: Clock
  bell: Bell
  country: string
  /** Has this process know at once who may send as whom. */
  reread: () => Promise<void>
}

/** `/v1/numbers`: which account a number of ours belongs to. What is not listed goes to the account of the carrier. */
export function numberRoutes({ db, clock, bell, country, reread }: NumbersHouse): Route[] {
  /** Who may send as whom is kept in memory, here and on the other nodes. */
  const tell = async (): Promise<void> => {
    bell.ring('numbers')
    await reread()
  }
  const common = { tag: 'Numbers', scope: 'operate', operator: true } as const
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/numbers',
      summary: 'List numbers that belong to accounts, newest first',
      query: PageQuery,
      responses: { 200: schema.page(shape.OwnNumber) },
      async handler({ query }: Call<unknown, Static<typeof PageQuery>>) {
        const { before, limit } = boundsOf('number', query)
        return {
          status: 200,
          body: pageOf('number', await listNumbers(db, before, limit), limit, numberJson),
        }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/numbers',
      summary: 'Give a number to an account',
      description:
        'Inbound messages to it go to that account from now on, also where the carrier is shared; all others go to ' +
        'the account that owns the carrier. No other account may send from it, unless it has it on another carrier; ' +
        'of one that is given on a carrier alone, the first account may. What was given to nobody is a sender of the first ' +
        'account alone, unless KURZPOST_OPEN_SENDERS says otherwise.',
      body: NewNumber,
      responses: { 201: shape.OwnNumber },
      async handler({ body }: Call<Static<typeof NewNumber>>) {
        const address = normalizeSender(body.address, country)
        if (address === undefined) throw new KurzpostError('invalid_sender')
        const accountId = parseId('account', body.account_id)
        const carrierId = body.carrier_id == null ? null : parseId('carrier', body.carrier_id)
        const now = clock.now()
        const made =
          accountId !== undefined && carrierId !== undefined
            ? await insertNumber(db, {
                ...{ account_id: accountId, id: uuidv7(now.getTime()), address, carrier_id: carrierId },
                created_at: now,
              })
            : undefined
        if (made) await tell()
        if (made) return { status: 201, body: numberJson(made) }
        if (carrierId !== undefined && (await numberIsGiven(db, address, carrierId)))
          throw new KurzpostError('name_taken', { message: 'The number belongs to an account already.' })
        throw new KurzpostError('invalid_request', {
          details: [{ field: 'account_id', problem: 'names no account, or carrier_id names no carrier' }],
        })
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: '/v1/numbers/:id',
      summary: 'Take a number from its account',
      params: Params,
      responses: { 204: { description: 'What comes in for it goes to the account of the carrier again' } },
      async handler({ params }: Call<unknown, unknown, Static<typeof Params>>) {
        if (!(await deleteNumber(db, demandId('number', params.id)))) throw new KurzpostError('not_found')
        await tell()
        return noContent
      },
    },
  ]
}
