import { type TSchema, type TSchemaOptions, Type } from 'typebox'
import { acts, hows } from '../entry.ts'
import { Caps } from '../rules/schemas.ts'
import { optOutScopes } from '../settings.store.ts'
import { topicKinds } from '../topics.store.ts'

/** What the addresses of topics and consent take and give. */

export const closed = { additionalProperties: false } as const
export const nullable = <T extends TSchema>(schema: T, options: TSchemaOptions = {}) =>
  Type.Union([schema, Type.Null()], options)
export const time = Type.String({ format: 'date-time' })
export const page = <T extends TSchema>(items: T) =>
  Type.Object({
    data: Type.Array(items),
    next: nullable(Type.String(), { description: 'Pass it as `before` for the next page; null at the end' }),
  })
const topicId = Type.String({ description: 'top_…', maxLength: 40 })
export const paging = {
  before: Type.Optional(Type.String({ maxLength: 40, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
}
const Number_ = Type.String({ minLength: 3, maxLength: 40, examples: ['+4915123456789'] })
const sender = Type.String({ minLength: 1, maxLength: 40 })

const inLanguages = (description: string) =>
  Type.Record(Type.String({ pattern: '^[a-z]{2}$' }), Type.String({ minLength: 1, maxLength: 1_000 }), {
    description,
    maxProperties: 30,
  })
const TopicTexts = Type.Object(
  {
    opt_in: Type.Optional(inLanguages('What somebody agrees to: shown by a sign-up form, kept as proof')),
    confirm: Type.Optional(inLanguages('Asks for the answer of a double opt-in')),
    opt_out: Type.Optional(inLanguages('Confirms a STOP: no advertising in it')),
    help: Type.Optional(inLanguages('Answers HELP')),
  },
  {
    ...closed,
    description:
      'By language; {name}, {topic} and {contact} are filled in. Where one is missing the house has a text of its own',
  },
)

const topicFields = {
  key: Type.String({
    minLength: 1,
    maxLength: 30,
    description: 'What people write after STOP; any case, accents and signs are alike. Default: the name',
  }),
  name: Type.String({ minLength: 1, maxLength: 60, examples: ['Angebote'] }),
  kind: Type.Enum(topicKinds, {
    description: 'marketing needs an opt-in; service and alert go to whoever has not opted out',
  }),
  sender: nullable(sender, { description: 'From whom it comes; null: the default of the account' }),
  language: Type.String({ pattern: '^[a-z]{2}$', description: 'Of people of whom no other is known' }),
  texts: TopicTexts,
  frequency_caps: Caps,
  mandatory: Type.Boolean({
    description: 'A STOP to its sender leaves it: alerts that an employer must give. Never marketing',
  }),
}
const optional = <T extends Record<string, TSchema>>(of: T) =>
  Object.fromEntries(Object.entries(of).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [K in keyof T]: ReturnType<typeof Type.Optional<T[K]>>
  }
export const TopicWish = Type.Object(
  { ...optional(topicFields), name: topicFields.name, kind: topicFields.kind },
  { ...closed, title: 'NewTopic' },
)
export const TopicChange = Type.Object(
  {
    ...optional(topicFields),
    archived: Type.Optional(
      Type.Boolean({
        description: 'Nothing more is sent on an archived topic; what people said of it stays',
      }),
    ),
  },
  { ...closed, minProperties: 1, title: 'TopicChange' },
)
export const TopicOut = Type.Object(
  { id: topicId, ...topicFields, created_at: time, updated_at: time, archived_at: nullable(time) },
  { title: 'Topic' },
)
export const TopicParams = Type.Object({ id: topicId })
export const TopicQuery = Type.Object(
  { ...paging, archived: Type.Optional(Type.Boolean({ description: 'Archived ones too' })) },
  closed,
)

const settingsTexts = Type.Object(
  Object.fromEntries(
    (['opt_out', 'start', 'help'] as const).map((name) => [name, Type.Optional(inLanguages('By language'))]),
  ),
  { ...closed, description: 'In place of the house’s own, for words that concern no topic' },
)
export const Settings = Type.Object(
  {
    opt_out_scope: Type.Enum(optOutScopes, {
      description:
        'What a bare STOP ends: the topic of the last message, all that its sender sends by consent (default), or all of the account',
    }),
    display_name: nullable(Type.String({ minLength: 1, maxLength: 30 }), {
      description: 'How answers to STOP name you; null: the name of the account',
    }),
    help_contact: nullable(Type.String({ minLength: 1, maxLength: 80 }), {
      description: 'Where HELP sends people: a number, an address, a page',
    }),
    texts: settingsTexts,
  },
  { ...closed, title: 'ConsentSettings' },
)

const scope = {
  topic: nullable(topicId, { description: 'Null: all that the sender sends, or all of the account' }),
  sender: nullable(sender, { description: 'Null: whoever of the account sends it' }),
}
export const Word = Type.Object(
  {
    number: Number_,
    act: Type.Enum(['grant', 'withdraw'], { description: 'Whether they agree or not' }),
    ...optional(scope),
    how: Type.Optional(
      Type.Enum(['web_form', 'import', 'agent', 'api'], {
        description: 'By which way it came; default: agent for a user, api for a key',
      }),
    ),
    text_shown: Type.Optional(
      Type.String({ maxLength: 4_000, description: 'Verbatim, what they read when they agreed' }),
    ),
    source_address: Type.Optional(
      Type.String({ maxLength: 200, description: 'From where: an IP address, a page, a shop' }),
    ),
    user_agent: Type.Optional(Type.String({ maxLength: 500 })),
    said_at: Type.Optional({ ...time, description: 'When it was said, if earlier than now' }),
    note: Type.Optional(Type.String({ maxLength: 500, description: 'Why, for whoever reads the proof' })),
  },
  { ...closed, title: 'ConsentWord' },
)
export const mostWords = 1_000
export const Words = Type.Object(
  {
    // Entries are checked one by one by the handler: a bad one must not take the others with it.
    entries: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: mostWords,
      description: `Up to ${mostWords}, each a ConsentWord: number, act (grant or withdraw), topic, sender, how, text_shown, source_address, user_agent, said_at, note`,
    }),
  },
  { ...closed, title: 'ConsentWords' },
)
export const EntryOut = Type.Object(
  {
    id: Type.String({ description: 'cns_…' }),
    seq: Type.Integer({ description: 'Its place in the chain of the account' }),
    at: time,
    act: Type.Enum(acts),
    how: Type.Enum(hows),
    ...scope,
    via: nullable(Type.String(), { description: 'Our address at which the word came' }),
    actor: nullable(Type.String(), { description: 'The key or user; null: the person, or the house' }),
    message_ids: Type.Array(Type.String()),
    details: nullable(Type.Record(Type.String(), Type.Unknown()), {
      description: 'Texts and addresses; null once they were erased',
    }),
    hash: Type.String({ description: 'SHA-256, hex' }),
  },
  { title: 'ConsentEntry' },
)
const Problem = Type.Object({ code: Type.String(), message: Type.String(), docs: Type.String() })
export const WordsAnswer = Type.Object(
  {
    results: Type.Array(
      Type.Union([
        Type.Object({
          ok: Type.Literal(true),
          number: Type.String(),
          entry_id: Type.String(),
          seq: Type.Integer(),
        }),
        Type.Object({ ok: Type.Literal(false), error: Problem }),
      ]),
      { description: 'In the order of the entries' },
    ),
  },
  { title: 'ConsentWordsAnswer' },
)

const Held = Type.Object({
  ...scope,
  granted: Type.Boolean(),
  since: time,
  how: Type.Enum(hows),
  via: nullable(Type.String()),
  entry_id: Type.String(),
  seq: Type.Integer(),
})
const standing = Type.Enum(['granted', 'withdrawn', 'none'], {
  description: 'none: they have said nothing of it',
})
export const PersonOut = Type.Object(
  {
    number: Type.String(),
    words: Type.Array(Held, { description: 'What was said last of each scope' }),
    topics: Type.Array(
      Type.Object({
        id: topicId,
        name: Type.String(),
        kind: Type.Enum(topicKinds),
        mandatory: Type.Boolean(),
        standing,
        by: nullable(Held, { description: 'The word that decides' }),
      }),
      { description: 'What that means for each topic' },
    ),
    marketing: Type.Object(
      { standing, by: nullable(Held) },
      { description: 'And for marketing that is about no topic, from a sender of whom nothing was said' },
    ),
    entries: page(EntryOut),
  },
  { title: 'PersonConsent' },
)
export const PersonQuery = Type.Object({ number: Number_, ...paging }, closed)
export const ProofQuery = Type.Object(
  {
    number: Number_,
    format: Type.Optional(Type.Enum(['json', 'html'], { default: 'json' })),
    language: Type.Optional(Type.Enum(['en', 'de'], { default: 'en', description: 'Of the page' })),
    time_zone: Type.Optional(
      Type.String({ maxLength: 50, description: 'IANA name, of the page; UTC unless said' }),
    ),
  },
  closed,
)

export const OptOut = Type.Object(
  {
    number: nullable(Type.String(), { description: 'Null once it was erased' }),
    ...scope,
    since: time,
    how: Type.Enum(hows),
    via: nullable(Type.String()),
    word: nullable(Type.String(), { description: 'The word that counted' }),
    note: nullable(Type.String()),
    reason: Type.String({ description: 'How it came, as a sentence' }),
    entry_id: Type.String(),
    seq: Type.Integer(),
  },
  { title: 'OptOut' },
)
export const OptOutQuery = Type.Object(
  {
    ...paging,
    topic: Type.Optional(topicId),
    how: Type.Optional(Type.Enum(hows)),
    since: Type.Optional({ ...time, description: 'Opted out at or after this moment' }),
  },
  closed,
)
export const OptOutKey = Type.Object(
  {
    number: Number_,
    topic: Type.Optional(topicId),
    sender: Type.Optional(sender),
    note: Type.String({ minLength: 1, maxLength: 500, description: 'Why: stands in the proof' }),
  },
  closed,
)
export const ImportQuery = Type.Object(
  {
    topic: Type.Optional(topicId),
    sender: Type.Optional(sender),
    source: Type.Optional(
      Type.String({ maxLength: 200, description: 'Where the list is from: stands in the proof of each' }),
    ),
  },
  closed,
)
export const ImportAnswer = Type.Object(
  {
    read: Type.Integer({ description: 'Lines with something in them' }),
    added: Type.Integer({ description: 'Opted out by this import' }),
    already: Type.Integer({ description: 'Opted out before; nothing was written' }),
    refused: Type.Integer({ description: 'Lines without a number' }),
    problems: Type.Array(
      Type.Object({ line: Type.Integer(), value: Type.String(), problem: Type.String() }),
      { description: 'Of the first hundred lines that were refused' },
    ),
  },
  { title: 'OptOutImport' },
)
