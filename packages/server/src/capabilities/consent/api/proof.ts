import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { readNumber } from './demand.ts'
import { proofPage } from './proof-page.ts'
import { prove } from './prove.ts'
import * as schema from './schemas.ts'

/** One person's proof, as JSON and as a page to print. */
export function proofRoutes(platform: Platform): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/consent/proof',
      tag: 'Consent',
      scope: 'consent',
      summary: 'Proof of what one person has said',
      description:
        'With the texts verbatim, the place of each entry in the chain, and how to check it without us. `format=html` is a page to print.',
      query: schema.ProofQuery,
      responses: { 200: Type.Unknown({ title: 'ConsentProof' }) },
      async handler({ accountId, masked, query }: Call<unknown, Static<typeof schema.ProofQuery>>) {
        // A proof without the number would prove nothing.
        if (masked) throw new KurzpostError('forbidden', { details: { hidden: 'numbers' } })
        const zone = query.time_zone ?? 'UTC'
        if (!isZone(zone))
          throw new KurzpostError('invalid_request', {
            details: [{ field: 'time_zone', problem: 'must be a name such as Europe/Berlin' }],
          })
        const number = readNumber(platform, query.number)
        const proof = await platform.transaction((tx) => prove(platform, tx, accountId, number))
        if (query.format !== 'html') return { status: 200, body: proof }
        return { status: 200, ...proofPage(proof, { language: query.language ?? 'en', zone }) }
      },
    },
  ]
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
