import type { Claim } from '../../../inbound/claim.ts'
import type { Capability, Platform } from '../../../platform.ts'
import type { Register } from '../register.ts'
import { createAnswerClaim } from './answer.ts'
import { formRoutes } from './form-routes.ts'
import { createLinks } from './links.ts'
import { formPages } from './pages/form-pages.ts'
import { styleRoute } from './pages/layout.ts'
import { preferencesPages } from './pages/preferences-pages.ts'
import { createSignUps } from './sign-up.ts'
import { signUpRoutes } from './sign-up-routes.ts'
import { forgetTries } from './throttle.store.ts'
import { createThrottle } from './throttle.ts'

/** Double opt-in by SMS, the forms that start it, and the page on which people see and change what they get. */
export function createForms(
  platform: Platform,
  register: Register,
): Required<Pick<Capability, 'crons' | 'routes'>> & { answer: Claim } {
  const throttle = createThrottle(platform)
  const links = createLinks(platform)
  const signUps = createSignUps(platform, { register, throttle, links })
  const parts = { register, throttle, links, signUps }
  return {
    answer: createAnswerClaim(platform, signUps),
    routes: [
      ...formRoutes(platform),
      ...signUpRoutes(platform, parts),
      styleRoute,
      ...formPages(platform, parts),
      ...preferencesPages(platform, parts),
    ],
    crons: [
      { name: 'expire_sign_ups', match: '* * * * *', run: signUps.expire },
      {
        name: 'forget_sign_ups',
        match: '35 3 * * *',
        async run() {
          await links.forgetExpired()
          await forgetTries(platform.db, new Date(platform.now().getTime() - 2 * 86_400_000))
        },
      },
    ],
  }
}
