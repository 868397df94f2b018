import type { Static } from 'typebox'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { type ConsentSettings, readSettings, writeSettings } from '../settings.store.ts'
import * as schema from './schemas.ts'

/** `/v1/consent-settings`: what a STOP means in this account, and in which words it is answered. */
export function settingsRoutes(platform: Platform): Route[] {
  const common = { tag: 'Consent', scope: 'consent', path: '/v1/consent-settings' } as const
  return [
    {
      ...common,
      method: 'GET',
      summary: 'What a STOP means, and how it is answered',
      responses: { 200: schema.Settings },
      async handler({ accountId }: Call) {
        const { name, ...settings } = (await readSettings(platform.db, [accountId])).get(accountId)!
        return { status: 200, body: settings }
      },
    },
    {
      ...common,
      method: 'PUT',
      summary: 'Decide what a STOP means, and how it is answered',
      body: schema.Settings,
      responses: { 200: schema.Settings },
      async handler({ accountId, body }: Call<Static<typeof schema.Settings>>) {
        await writeSettings(platform.db, accountId, body as ConsentSettings, platform.now())
        return { status: 200, body }
      },
    },
  ]
}
