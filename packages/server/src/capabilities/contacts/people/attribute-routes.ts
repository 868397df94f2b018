import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { limits } from '../limits.ts'
import * as schema from '../schemas.ts'
import { deleteDefinition, putDefinition, readDefinitions, stripAttribute } from './attributes.store.ts'
import { attributeTypes } from './attributes.ts'

const Key = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,49}$',
  description: 'As in {{key}} of a text: small letters, digits and _',
})
const Definition = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 100, description: 'What people read' }),
    type: Type.Enum(attributeTypes),
    choices: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: limits.choices,
        uniqueItems: true,
        description: 'Of type choice: what there is to choose from',
      }),
    ),
  },
  { ...schema.closed, title: 'ContactAttributeWish' },
)
const Out = Type.Object(
  {
    key: Type.String(),
    label: Type.String(),
    type: Type.Enum(attributeTypes),
    choices: Type.Array(Type.String()),
  },
  { title: 'ContactAttribute' },
)
const Params = Type.Object({ key: Key })
type Params = Static<typeof Params>

const common = { tag: 'Contacts', scope: 'contacts' as const }
const path = '/v1/contact-attributes/:key'
/** Names of fields that texts know already. */
const reserved = new Set(['name', 'first_name', 'external_id', 'language', 'postcode', 'address'])

/** `/v1/contact-attributes`: what an account wants to know of its people. */
export function attributeRoutes(platform: Platform): Route[] {
  const { db } = platform
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/contact-attributes',
      summary: 'List attributes',
      responses: { 200: Type.Object({ data: Type.Array(Out) }) },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: [...(await readDefinitions(db, accountId)).values()] } }
      },
    },
    {
      ...common,
      method: 'PUT',
      path,
      summary: 'Define an attribute, or change its label and choices',
      params: Params,
      body: Definition,
      responses: { 200: Out },
      async handler({ accountId, params, body }: Call<Static<typeof Definition>, unknown, Params>) {
        const { choices = [] } = body
        const problem = (field: string, text: string) =>
          new KurzpostError('invalid_request', { details: [{ field, problem: text }] })
        if (reserved.has(params.key)) throw problem('key', 'is a field that everybody has')
        if ((body.type === 'choice') !== choices.length > 0)
          throw problem('choices', 'belong to the type choice, and to no other')
        const definition = { key: params.key, ...body, choices }
        await platform.transaction(async (tx) => {
          const known = await readDefinitions(tx, accountId)
          const before = known.get(params.key)
          if (before && before.type !== body.type)
            throw problem('type', `stays ${before.type}; delete the attribute to give it another`)
          if (!before && known.size >= limits.attributes)
            throw new KurzpostError('limit_reached', { details: { most: limits.attributes } })
          await putDefinition(tx, accountId, definition, platform.now())
        })
        return { status: 200, body: definition }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path,
      summary: 'Delete an attribute, with its values',
      params: Params,
      responses: { 204: { description: 'Deleted; the values go within minutes' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        await platform.transaction(async (tx) => {
          if (!(await deleteDefinition(tx, accountId, params.key))) throw new KurzpostError('not_found')
          await platform.later('strip_attribute', { accountId, key: params.key }, platform.now(), tx)
        })
        return noContent
      },
    },
  ]
}

const atOnce = 2_000
const first = '00000000-0000-0000-0000-000000000000'

/** The job behind a deleted attribute: takes its values from everybody, unless it was defined anew meanwhile. */
export async function stripEverywhere(platform: Platform, payload: unknown): Promise<void> {
  const { accountId, key } = payload as { accountId: string; key: string }
  for (let after = first; ; ) {
    const ids = await platform.transaction(async (tx) =>
      (await readDefinitions(tx, accountId)).has(key)
        ? []
        : stripAttribute(tx, accountId, key, after, atOnce),
    )
    if (ids.length < atOnce) return
    after = ids.reduce((most, id) => (id > most ? id : most), after)
  }
}
