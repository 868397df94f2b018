import type { Static } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { parseId, publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { demand, demandId, readNumber, readSender } from '../api/demand.ts'
import { actorId } from '../api/json.ts'
import { page } from '../api/schemas.ts'
import { demandTopics } from './form-routes.ts'
import { revokeLink } from './link.store.ts'
import type { Links } from './links.ts'
import * as schema from './schemas.ts'
import { sendPreferences } from './send-preferences.ts'
import { findSignUp, listSignUps, type SignUp } from './sign-up.store.ts'
import type { SignUps } from './sign-up.ts'
import { takesReplies } from './sign-up-texts.ts'
import type { Throttle } from './throttle.ts'

type Params = Static<typeof schema.Params>
const hourMs = 3_600_000

/** `/v1/consent-sign-ups`, double opt-ins by your own pages and people; `/v1/preference-links`. */
export function signUpRoutes(
  platform: Platform,
  { signUps, links, throttle }: { signUps: SignUps; links: Links; throttle: Throttle },
): Route[] {
  const common = { tag: 'Consent', scope: 'consent' } as const
  const readId = (text: string) => demandId('signUp', text)
  const read = async (accountId: string, id: string): Promise<SignUp> =>
    demand(await findSignUp(platform.db, id, { accountId }))

  return [
    {
      ...common,
      method: 'POST',
      path: '/v1/consent-sign-ups',
      summary: 'Ask a number by SMS whether it agrees',
      description:
        'Double opt-in: the text goes to the number itself, and its answer (YES, JA, … or the code) is the consent. A number is asked at most three times an hour and five times a day.',
      body: schema.SignUpWish,
      responses: { 201: schema.SignUpOut },
      async handler({ accountId, actor, body }: Call<Static<typeof schema.SignUpWish>>) {
        const { text_shown, source_address, language = 'de', expires_hours = 24, sender } = body
        const { id } = await signUps.start({
          accountId,
          number: readNumber(platform, body.number),
          topics: await demandTopics(platform, accountId, body.topics),
          how: actor.kind === 'user' ? 'agent' : 'api',
          language,
          expiresMs: expires_hours * hourMs,
          actor: actorId(actor),
          ...(sender !== undefined && { sender: readSender(platform, sender) }),
          details: {
            text_shown,
            ...(source_address && { source_address }),
            ...(actor.name && { actor_name: actor.name }),
          },
        })
        return { status: 201, body: json(await read(accountId, id)) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/consent-sign-ups',
      summary: 'Double opt-ins under way and of the last two days, newest first',
      query: schema.SignUpQuery,
      responses: { 200: page(schema.SignUpOut) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.SignUpQuery>>) {
        const { before, limit = 50, state = null } = query
        const from = before === undefined ? null : parseId('signUp', before)
        if (from === undefined) throw new KurzpostError('invalid_cursor')
        const rows = await listSignUps(platform.db, accountId, { before: from, state, limit: limit + 1 })
        const shown = rows.slice(0, limit)
        const next = rows.length > limit ? publicId('signUp', shown.at(-1)!.id) : null
        return { status: 200, body: { data: shown.map(json), next } }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/consent-sign-ups/:id',
      summary: 'A double opt-in',
      params: schema.Params,
      responses: { 200: schema.SignUpOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: json(await read(accountId, readId(params.id))) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/consent-sign-ups/:id/confirm',
      summary: 'Confirm with the code that the person has read from the text',
      description: 'Five wrong codes end the sign-up. Confirming twice is confirming once.',
      params: schema.Params,
      body: schema.Code,
      responses: { 200: schema.SignUpOut },
      async handler({ accountId, actor, params, body }: Call<Static<typeof schema.Code>, unknown, Params>) {
        const details = {
          text_received: 'The code was entered.',
          ...(actor.name && { actor_name: actor.name }),
        }
        return {
          status: 200,
          body: json(await signUps.confirm(readId(params.id), body.code, details, { accountId })),
        }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/preference-links',
      summary: 'A link to the page on which a person sees and changes what they get',
      description:
        'Whoever has the link acts for the number. With `send` it goes there by SMS and is not shown to you.',
      body: schema.LinkWish,
      responses: { 201: schema.LinkOut },
      async handler({ accountId, body }: Call<Static<typeof schema.LinkWish>>) {
        const { send = false, sender, language = 'de', valid_hours = 720 } = body
        const number = readNumber(platform, body.number)
        if (send) await throttle.demand({ number })
        const made = await platform.transaction(async (tx) => {
          const link = await links.create(tx, { accountId, number, validMs: valid_hours * hourMs })
          if (!send) return { ...link, messageId: null }
          const from = sender === undefined ? null : readSender(platform, sender)
          const messageId = await sendPreferences(platform, tx, {
            accountId,
            number,
            link,
            language,
            sender: from,
          })
          return { ...link, messageId }
        })
        return {
          status: 201,
          body: {
            id: publicId('preferenceLink', made.id),
            url: send ? null : made.url,
            message_id: made.messageId,
            expires_at: made.expiresAt.toISOString(),
          },
        }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: '/v1/preference-links/:id',
      summary: 'Revoke a link',
      params: schema.Params,
      responses: { 204: { description: 'Revoked' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const id = demandId('preferenceLink', params.id)
        const revoked = await platform.transaction((tx) => revokeLink(tx, accountId, id, platform.now()))
        if (!revoked) throw new KurzpostError('not_found')
        return noContent
      },
    },
  ]
}

const json = ({ id, number, state, topics, sender, messageId, createdAt, expiresAt }: SignUp) => ({
  id: publicId('signUp', id),
  ...{ number, state, sender },
  topics: topics.map((topic) => publicId('topic', topic)),
  replies: takesReplies(sender),
  message_id: publicId('message', messageId),
  created_at: createdAt.toISOString(),
  expires_at: expiresAt.toISOString(),
})
