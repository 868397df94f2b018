import type { Capability, Platform } from '../../../platform.ts'
import type { Consent } from '../ledger.ts'
import { createAlmanac } from './almanac.ts'
import { forgetCounts } from './gate.store.ts'
import { createConsentGate } from './gate.ts'
import { ruleRoutes } from './routes.ts'
import { createTicker } from './ticker.ts'

/** Counts forgotten a transaction. */
const batch = 5_000

/** Who may be sent what, and when: the gate, its settings, and the watch over what waits. */
export function createRules(
  platform: Platform,
  consent: Consent,
): Required<Pick<Capability, 'gate' | 'crons' | 'routes'>> {
  const almanac = createAlmanac()
  const gate = createConsentGate({ consent, almanac, now: () => platform.now() })
  return {
    gate,
    routes: ruleRoutes(platform, gate),
    crons: [
      { name: 'quiet_hours', match: '* * * * *', run: createTicker(platform, almanac) },
      {
        name: 'forget_counts',
        match: '25 3 * * *',
        async run() {
          while (await forgetCounts(platform.db, platform.now(), batch));
        },
      },
    ],
  }
}
