import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { normalizeRecipient, normalizeSender } from '../../message/address.ts'
import { laneNames } from '../../message/lane.ts'
import { Price, type PriceOf } from '../../message/price.ts'
import type { Call, Route } from '../../route.ts'
import * as schema from './schemas.ts'

const Question = Type.Object(
  {
    to: Type.String({ minLength: 1, maxLength: 40 }),
    from: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    lane: Type.Optional(Type.Enum(laneNames, { default: 'transactional' })),
  },
  schema.closed,
)
const Answer = Type.Object(
  {
    price: schema.nullable(Price, {
      description: 'null: the installation has no currency, or the route says no cost',
    }),
  },
  { title: 'SegmentPrice' },
)

/** What a segment to a number is likely to cost. */
export function priceRoutes({
  priceOf,
  country,
  lenient,
}: {
  priceOf: PriceOf
  country: string
  lenient: boolean
}): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/price',
      tag: 'Text',
      scope: 'messages:write',
      summary: 'What a segment to a number is likely to cost',
      description:
        'An estimate: the cost of the route that comes first for this message, which of equal routes is the cheapest. What the carrier bills is between you and the carrier.',
      query: Question,
      responses: { 200: Answer },
      async handler({ accountId, query }: Call<unknown, Static<typeof Question>>) {
        const recipient = normalizeRecipient(query.to, { country, lenient })
        if (!recipient) throw new KurzpostError('invalid_number', { details: { field: 'to' } })
        const sender = query.from === undefined ? null : normalizeSender(query.from, country)
        if (sender === undefined) throw new KurzpostError('invalid_sender', { details: { field: 'from' } })
        const price = priceOf({ accountId, recipient, sender, lane: query.lane ?? 'transactional' })
        return { status: 200, body: { price } }
      },
    },
  ]
}
