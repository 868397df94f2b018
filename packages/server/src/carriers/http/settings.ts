import { type Static, type TSchema, Type } from 'typebox'
import { pointerPattern } from '../../json-pointer.ts'

/** The settings of a carrier of kind `http`: docs/http-carrier.md tells what each means. */

const closed = { additionalProperties: false } as const
const Template = Type.String({ maxLength: 4_000 })
const Fields = Type.Record(Type.String({ maxLength: 100 }), Template, { maxProperties: 50 })
const Pointer = Type.String({
  maxLength: 200,
  pattern: pointerPattern,
  description: 'JSON Pointer (RFC 6901); the fields of a form are members of one object',
})
const Algorithm = Type.Enum(['sha1', 'sha256', 'sha512'])
const Encoding = Type.Enum(['hex', 'base64'])
const SecretName = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', description: 'Name of a secret' })

const Auth = Type.Union([
  Type.Object({ type: Type.Literal('none') }, closed),
  Type.Object({ type: Type.Literal('basic'), user: Template, password: Template }, closed),
  Type.Object({ type: Type.Literal('bearer'), token: Template }, closed),
  Type.Object(
    {
      type: Type.Literal('hmac'),
      algorithm: Algorithm,
      encoding: Encoding,
      secret: SecretName,
      header: Type.String({ maxLength: 100 }),
      prefix: Type.Optional(Type.String({ maxLength: 40, description: 'Stands before the signature' })),
      timestamp_header: Type.Optional(
        Type.String({
          maxLength: 100,
          description: 'Carries the time in seconds; the signature is then over time, a dot, and the body',
        }),
      ),
    },
    closed,
  ),
])

/** Where a word of an answer stands: at a pointer of its JSON, in a header, or in what a regular expression catches. */
const Place = Type.Object(
  {
    pointer: Type.Optional(Pointer),
    header: Type.Optional(Type.String({ maxLength: 100 })),
    regex: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Over the first 8,192 characters of the body, without look-around; its first group, or all of it',
      }),
    ),
  },
  { ...closed, minProperties: 1, maxProperties: 1 },
)

/** True when something stands at the pointer, or one of the words in `equals` does. */
const When = Type.Object(
  {
    pointer: Pointer,
    equals: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 50 })),
  },
  closed,
)

export const errorClasses = ['same', 'elsewhere', 'permanent', 'throttle', 'unknown'] as const
export type ErrorClass = (typeof errorClasses)[number]

const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

const Callbacks = Type.Object(
  {
    items: optional({ ...Pointer, description: 'The list, when one callback brings several reports' }),
    receipt: optional(
      Type.Object(
        {
          when: optional(When),
          id: Pointer,
          state: Pointer,
          states: Type.Record(
            Type.String({ maxLength: 100 }),
            Type.Enum(['delivered', 'undelivered', 'expired', 'rejected', 'pending']),
            { description: 'What the provider’s words mean; a word that is not here decides nothing' },
          ),
          error: optional(Pointer),
        },
        closed,
      ),
    ),
    incoming: optional(
      Type.Object(
        {
          when: optional(When),
          from: Pointer,
          to: Pointer,
          text: Pointer,
          id: optional(Pointer),
          answered: optional({
            ...Pointer,
            description:
              'Where the provider says that it has acted on STOP, START or HELP and answered itself (any case)',
          }),
        },
        closed,
      ),
    ),
    signature: optional(
      Type.Object(
        {
          algorithm: Algorithm,
          encoding: Encoding,
          secret: SecretName,
          header: Type.String({ maxLength: 100 }),
          prefix: optional(Type.String({ maxLength: 40 })),
        },
        { ...closed, description: 'HMAC over the bytes of the body, asked for beside the token in the URL' },
      ),
    ),
    reply: optional(
      Type.Object(
        { type: Type.String({ maxLength: 100 }), body: Type.String({ maxLength: 1_000 }) },
        { ...closed, description: 'What a taken callback is answered with; 204 without a body unless said' },
      ),
    ),
  },
  { ...closed, minProperties: 1 },
)

export const HttpSettings = Type.Object(
  {
    request: Type.Object(
      {
        method: Type.Enum(['POST', 'GET', 'PUT']),
        url: Template,
        headers: optional(Fields),
        query: optional(Fields),
        json: optional(Type.Unknown({ description: 'The body as a tree; its texts are templates' })),
        form: optional(Fields),
        encodings: optional(
          Type.Object(
            { gsm7: Type.String({ maxLength: 40 }), ucs2: Type.String({ maxLength: 40 }) },
            { ...closed, description: 'The provider’s words for `{{encoding}}`' },
          ),
        ),
      },
      closed,
    ),
    auth: optional(Auth),
    answer: optional(
      Type.Object(
        {
          statuses: optional(
            Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
              minItems: 1,
              maxItems: 20,
              description: 'Statuses of success; 200 to 299 unless said',
            }),
          ),
          success: optional(When),
          id: optional(Place),
          error: optional(Place),
        },
        closed,
      ),
    ),
    errors: optional(
      Type.Record(Type.String({ maxLength: 100 }), Type.Enum([...errorClasses]), { maxProperties: 500 }),
    ),
    callbacks: optional(Callbacks),
    timeout_seconds: optional(Type.Integer({ minimum: 1, maximum: 120, default: 30 })),
    window: optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        default: 10,
        description: 'Requests under way at a time',
      }),
    ),
    segments_per_second: optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 100_000,
        description: 'By contract; found out unless said',
      }),
    ),
  },
  { ...closed, title: 'HttpCarrierSettings' },
)
export type HttpSettings = Static<typeof HttpSettings>

/** Keys and passwords by name, for `{{secret.name}}`; `callback_token` stands in the URL of callbacks. */
export const HttpSecrets = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
  Type.String({ minLength: 1, maxLength: 8_000 }),
  { maxProperties: 20 },
)
export type HttpSecrets = Record<string, string>
