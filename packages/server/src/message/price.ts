import { type Static, Type } from 'typebox'
import type { Router, RoutingFacts } from '../routing/router.ts'
import { normalizeSender } from './address.ts'

export const Price = Type.Object(
  {
    amount: Type.Number({ description: 'As the routes have it, not rounded' }),
    currency: Type.String({ description: 'ISO 4217' }),
  },
  { title: 'Price' },
)
export type Price = Static<typeof Price>

/** What a segment is likely to cost; null where nobody has said what it costs. */
export type PriceOf = (facts: RoutingFacts) => Price | null

/** Prices by the costs of routes, in the currency of the installation. Without a currency nothing has a price. */
export function createPrices(
  router: Pick<Router, 'costOf'>,
  {
    currency,
    defaultSender,
    country,
  }: { currency: string | undefined; defaultSender: string | undefined; country: string },
): PriceOf {
  if (currency === undefined) return () => null
  const usual = defaultSender === undefined ? null : (normalizeSender(defaultSender, country) ?? null)
  return (facts) => {
    const amount = router.costOf({ ...facts, sender: facts.sender ?? usual })
    // A route whose cost nobody has filled in says 0.
    return amount ? { amount, currency } : null
  }
}
