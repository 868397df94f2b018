import type { Capability, Platform } from '../../platform.ts'
import { consentRoutes } from './api/consent.ts'
import { optOutRoutes } from './api/opt-outs.ts'
import { proofRoutes } from './api/proof.ts'
import { settingsRoutes } from './api/settings.ts'
import { topicRoutes } from './api/topics.ts'
import { createClaims } from './claims.ts'
import { createForms } from './forms/forms.ts'
import { hearInbox } from './from-inbox.ts'
import { followBlocks, hearErasure } from './hears.ts'
import { lintRoutes } from './lint/routes.ts'
import { createRegister } from './register.ts'
import { createRules } from './rules/rules.ts'

/** Topics, consent and its proof; what may be sent to whom and when; STOP and its kin. */
export function createConsentCapability(platform: Platform): Capability {
  const register = createRegister(platform)
  const rules = createRules(platform, register)
  const forms = createForms(platform, register)
  return {
    name: 'consent',
    gate: rules.gate,
    claims: { ...createClaims(platform, register), transaction: forms.answer },
    on: { ...hearInbox(register), ...hearErasure(platform, register) },
    follow: followBlocks(platform, register),
    jobs: { look_again: register.lookAgain },
    crons: [...rules.crons, ...forms.crons],
    routes: [
      ...topicRoutes(platform),
      ...consentRoutes(platform, register),
      ...proofRoutes(platform),
      ...optOutRoutes(platform, register),
      ...settingsRoutes(platform),
      ...rules.routes,
      ...lintRoutes(platform),
      ...forms.routes,
    ],
  }
}
