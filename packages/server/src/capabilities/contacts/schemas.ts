import { type TSchema, type TSchemaOptions, Type } from 'typebox'
import { limits } from './limits.ts'
import { channels } from './people/addresses.ts'

/** What the addresses of people, lists and segments take and give. */

export const closed = { additionalProperties: false } as const
export const nullable = <T extends TSchema>(schema: T, options: TSchemaOptions = {}) =>
  Type.Union([schema, Type.Null()], options)
export const time = Type.String({ format: 'date-time' })
export const page = <T extends TSchema>(items: T) =>
  Type.Object({
    data: Type.Array(items),
    next: nullable(Type.String(), { description: 'Pass it as `before` for the next page; null at the end' }),
  })
export const id = (prefix: string) => Type.String({ description: `${prefix}_…`, maxLength: 40 })
export const idParams = (prefix: string) => Type.Object({ id: id(prefix) })
export const paging = {
  before: Type.Optional(Type.String({ maxLength: 40, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
}
export const Paging = Type.Object(paging, closed)

export const Tag = Type.String({ minLength: 1, maxLength: limits.tagLength })
export const Tags = Type.Array(Tag, { maxItems: limits.tagsOfPerson })
export const AttributeValue = Type.Union([
  Type.String({ maxLength: limits.attributeText }),
  Type.Number(),
  Type.Boolean(),
])
const text = (maxLength: number, description: string) =>
  nullable(Type.String({ minLength: 1, maxLength }), { description })

export const AddressWish = Type.Object(
  {
    channel: Type.Enum(channels, { description: 'sms: a phone number' }),
    address: Type.String({ minLength: 3, maxLength: 254, examples: ['+4915123456789'] }),
    label: Type.Optional(text(50, 'Such as work')),
  },
  { ...closed, title: 'ContactAddressWish' },
)

const fields = {
  external_id: text(200, 'What your own system calls them; one of a kind'),
  name: text(200, 'Name, as it is written to them'),
  language: nullable(Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }), {
    description: 'Language code: de, en, pt-BR',
  }),
  time_zone: nullable(Type.String({ maxLength: 50 }), { description: 'IANA name: Europe/Berlin' }),
  postcode: text(20, 'Where two countries share postcodes, with the country in front: FR-75001'),
  lat: nullable(Type.Number({ minimum: -90, maximum: 90 })),
  lon: nullable(Type.Number({ minimum: -180, maximum: 180 })),
  attributes: Type.Record(Type.String({ maxLength: 50 }), nullable(AttributeValue), {
    description: 'By the keys of your attributes; null takes one away, those not named stay',
  }),
  tags: Type.Array(Tag, { maxItems: limits.tagsOfPerson, description: 'All of them' }),
  addresses: Type.Array(AddressWish, {
    maxItems: limits.addressesOfPerson,
    description: 'The first of a channel is the one that is written to',
  }),
}
const optional = <T extends Record<string, TSchema>>(of: T) =>
  Object.fromEntries(Object.entries(of).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [K in keyof T]: ReturnType<typeof Type.Optional<T[K]>>
  }

export const PersonWish = Type.Object(
  {
    ...optional(fields),
    add_tags: Type.Optional(
      Type.Array(Tag, {
        maxItems: limits.tagsOfPerson,
        description: 'Beside those that they have',
      }),
    ),
    returned: Type.Optional(
      Type.Boolean({ description: 'True: takes somebody who was erased and has come back' }),
    ),
  },
  { ...closed, title: 'ContactWish' },
)

export const PersonChange = Type.Object(
  { ...PersonWish.properties },
  {
    ...closed,
    title: 'ContactChange',
    description: '`addresses` are all that the person has from now on.',
  },
)

export const AddressOut = Type.Object(
  {
    channel: Type.Enum(channels),
    address: Type.String(),
    label: nullable(Type.String()),
    delivered_at: nullable(time, { description: 'Last message of ours that arrived' }),
    replied_at: nullable(time, { description: 'Last message of theirs' }),
    clicked_at: nullable(time),
  },
  { title: 'ContactAddress' },
)

export const Contact = Type.Object(
  {
    id: id('con'),
    external_id: nullable(Type.String()),
    name: nullable(Type.String()),
    language: nullable(Type.String()),
    time_zone: nullable(Type.String()),
    postcode: nullable(Type.String()),
    lat: nullable(Type.Number()),
    lon: nullable(Type.Number()),
    attributes: Type.Record(Type.String(), AttributeValue),
    tags: Type.Array(Type.String()),
    addresses: Type.Array(AddressOut),
    created_at: time,
    updated_at: time,
  },
  { title: 'Contact' },
)

const Problem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  details: Type.Optional(Type.Unknown()),
})
export const Upserted = Type.Object(
  { outcome: Type.Enum(['created', 'updated', 'unchanged']), contact: Contact },
  { title: 'UpsertedContact' },
)
export const BatchAnswer = Type.Object(
  {
    results: Type.Array(
      Type.Union([
        Type.Object({
          ok: Type.Literal(true),
          id: id('con'),
          outcome: Type.Enum(['created', 'updated', 'unchanged']),
        }),
        Type.Object({ ok: Type.Literal(false), error: Problem }),
      ]),
      { description: 'In the order of the entries' },
    ),
  },
  { title: 'ContactBatchAnswer' },
)
