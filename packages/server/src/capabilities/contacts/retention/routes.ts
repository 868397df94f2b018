import { type Static, Type } from 'typebox'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import * as schema from '../schemas.ts'
import { forgetMark, putRetention, type Retention, readMarks, readRetention } from './store.ts'

const days = (what: string) =>
  schema.nullable(Type.Integer({ minimum: 1, maximum: 3_650 }), {
    description: `Days after which ${what}; null: never`,
  })
const wish = {
  bodies_days: days('texts of messages that have ended go'),
  numbers_days: days('the numbers of people go from messages that have ended'),
  events_days: days('events go'),
}
const Wish = Type.Object(wish, { ...schema.closed, title: 'RetentionWish' })
const Out = Type.Object(
  {
    ...wish,
    rounds: Type.Array(
      Type.Object({
        class: Type.String(),
        at: schema.time,
        done: Type.Integer({ description: 'What went in the last round' }),
      }),
    ),
  },
  { title: 'Retention' },
)
const common = { tag: 'Erasure', scope: 'contacts' as const, path: '/v1/retention' }

/** `/v1/retention`: how long each class of data is kept; a job sees to it every night. */
export function retentionRoutes(platform: Platform): Route[] {
  const { db } = platform
  const shown = async (accountId: string) => ({
    ...(await readRetention(db, accountId)),
    rounds: (await readMarks(db, accountId)).map(({ class: name, at, done }) => ({
      class: name,
      at: at.toISOString(),
      done,
    })),
  })
  return [
    {
      ...common,
      method: 'GET',
      summary: 'How long data is kept',
      responses: { 200: Out },
      async handler({ accountId }: Call) {
        return { status: 200, body: await shown(accountId) }
      },
    },
    {
      ...common,
      method: 'PUT',
      summary: 'Say how long data is kept',
      description:
        'Messages themselves stay, without text or number: they were paid for, and are counted. The next round is at night.',
      body: Wish,
      responses: { 200: Out },
      async handler({ accountId, body }: Call<Static<typeof Wish>>) {
        const before = await readRetention(db, accountId)
        await platform.transaction(async (tx) => {
          await putRetention(tx, accountId, body, platform.now())
          for (const name of ['bodies', 'numbers', 'events']) {
            const key = `${name}_days` as keyof Retention
            if (before[key] === null && body[key] !== null) await forgetMark(tx, accountId, name)
          }
        })
        return { status: 200, body: await shown(accountId) }
      },
    },
  ]
}
