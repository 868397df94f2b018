import type { Capability, Platform } from '../../platform.ts'
import { expandAudience, recallAudience } from './audiences/expand.ts'
import { audienceRoutes } from './audiences/routes.ts'
import { eraseMessages, erasureCrons } from './erasure/erase.ts'
import { erasureRoutes } from './erasure/routes.ts'
import { importRoutes } from './imports/routes.ts'
import { runImport } from './imports/run.ts'
import { listRoutes } from './lists/routes.ts'
import { mergeRoutes } from './merge/routes.ts'
import { attributeRoutes, stripEverywhere } from './people/attribute-routes.ts'
import { exportRoutes } from './people/export-routes.ts'
import { followActivity } from './people/follow.ts'
import { noteRoutes } from './people/note-routes.ts'
import { createPeople } from './people/people.ts'
import { personRoutes } from './people/routes.ts'
import { retentionCrons } from './retention/retention.ts'
import { retentionRoutes } from './retention/routes.ts'
import { placeRoutes } from './segments/place-routes.ts'
import { segmentRoutes } from './segments/routes.ts'

/** People: who they are, which of them are meant, and what is done with many at once. */
export function createContacts(platform: Platform): Capability {
  const people = createPeople(platform)
  return {
    name: 'contacts',
    routes: [
      ...personRoutes(platform, people),
      ...noteRoutes(platform, people),
      ...attributeRoutes(platform),
      ...listRoutes(platform, people),
      ...segmentRoutes(platform),
      ...placeRoutes(platform),
      ...exportRoutes(platform),
      ...mergeRoutes(platform, people),
      ...importRoutes(platform),
      ...audienceRoutes(platform),
      ...erasureRoutes(platform),
      ...retentionRoutes(platform),
    ],
    follow: followActivity(platform),
    crons: [...erasureCrons(platform), ...retentionCrons(platform)],
    jobs: {
      strip_attribute: (payload) => stripEverywhere(platform, payload),
      import: (payload) => runImport(platform, payload),
      audience: (payload) => expandAudience(platform, payload),
      erase: (payload) => eraseMessages(platform, payload),
      recall: (payload) => recallAudience(platform, payload),
    },
  }
}
