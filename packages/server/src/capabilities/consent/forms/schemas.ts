import { type TSchema, Type } from 'typebox'
import { closed, nullable as orNull, paging, time } from '../api/schemas.ts'

const nullable = <T extends TSchema>(of: T, description?: string) =>
  orNull(of, description === undefined ? {} : { description })
export const Paging = Type.Object(paging, closed)
export const Params = Type.Object({ id: Type.String({ maxLength: 40 }) })

const Words = Type.Object(
  {
    de: Type.Optional(Type.String({ maxLength: 1_000 })),
    en: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  { ...closed, description: 'By language; where one is missing the other stands' },
)
const topicIds = Type.Array(Type.String({ maxLength: 40 }), {
  minItems: 1,
  maxItems: 20,
  description: 'top_…',
})
const fields = {
  slug: Type.String({
    pattern: '^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$',
    description: 'In the address /f/<slug>: small letters, digits and hyphens; one of a kind on this server',
  }),
  title: Words,
  intro: Words,
  topics: topicIds,
  sender: nullable(
    Type.String({ maxLength: 32 }),
    'Null: that of the topics. A name takes no answers, only the code',
  ),
  countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), {
    maxItems: 250,
    description: 'Whose numbers may sign up; empty: any. Each text costs you money',
  }),
  language: Type.Enum(['de', 'en'], { description: 'For browsers that ask for neither' }),
  privacy_url: nullable(
    Type.String({ maxLength: 500, pattern: '^https?://' }),
    'Where you say what you do with data',
  ),
  expires_hours: Type.Integer({ minimum: 1, maximum: 168, description: 'How long an answer counts' }),
  enabled: Type.Boolean(),
}
const optional = <T extends Record<string, TSchema>>(of: T) =>
  Object.fromEntries(Object.entries(of).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [K in keyof T]: ReturnType<typeof Type.Optional<T[K]>>
  }

export const FormWish = Type.Object(
  { ...optional(fields), slug: fields.slug, topics: fields.topics },
  { ...closed, title: 'ConsentFormWish' },
)
export const FormChange = Type.Object(optional(fields), { ...closed, title: 'ConsentFormChange' })
export const FormOut = Type.Object(
  {
    id: Type.String({ description: 'frm_…' }),
    url: Type.String(),
    ...fields,
    created_at: time,
    updated_at: time,
  },
  { title: 'ConsentForm' },
)

export const SignUpWish = Type.Object(
  {
    number: Type.String({ minLength: 3, maxLength: 32 }),
    topics: topicIds,
    text_shown: Type.String({
      minLength: 1,
      maxLength: 4_000,
      description: 'What the person read, word for word',
    }),
    source_address: Type.Optional(
      Type.String({ maxLength: 100, description: 'IP address or place of the person' }),
    ),
    language: Type.Optional(Type.String({ maxLength: 35 })),
    sender: Type.Optional(Type.String({ maxLength: 32, description: 'In place of that of the topics' })),
    expires_hours: Type.Optional(fields.expires_hours),
  },
  { ...closed, title: 'SignUpWish' },
)
export const SignUpOut = Type.Object(
  {
    id: Type.String({ description: 'sgn_…' }),
    number: nullable(Type.String(), 'Null once it has ended'),
    state: Type.Enum(['pending', 'granted', 'declined', 'expired', 'replaced']),
    topics: topicIds,
    sender: nullable(Type.String()),
    replies: Type.Boolean({ description: 'False: the sender takes no answers, only the code counts' }),
    message_id: Type.String(),
    created_at: time,
    expires_at: time,
  },
  { title: 'SignUp' },
)
export const SignUpQuery = Type.Object(
  { ...paging, state: Type.Optional(Type.Enum(['pending', 'granted', 'declined', 'expired', 'replaced'])) },
  closed,
)
export const Code = Type.Object(
  { code: Type.String({ pattern: '^\\d{3}[ -]?\\d{3}$' }) },
  { ...closed, title: 'SignUpCode' },
)

export const LinkWish = Type.Object(
  {
    number: Type.String({ minLength: 3, maxLength: 32 }),
    send: Type.Optional(Type.Boolean({ description: 'Send it to the number by SMS' })),
    sender: Type.Optional(Type.String({ maxLength: 32 })),
    language: Type.Optional(Type.String({ maxLength: 35 })),
    valid_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 8_760 })),
  },
  { ...closed, title: 'PreferenceLinkWish' },
)
export const LinkOut = Type.Object(
  {
    id: Type.String({ description: 'plk_…' }),
    url: nullable(
      Type.String(),
      'Whoever has it acts for the number: give it to nobody else. Null where it was sent by SMS',
    ),
    message_id: nullable(Type.String()),
    expires_at: time,
  },
  { title: 'PreferenceLink' },
)
