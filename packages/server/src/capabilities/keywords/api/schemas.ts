import { type Static, type TSchema, Type } from 'typebox'
import { pointerPattern } from '../../../json-pointer.ts'
import { results } from '../compose.ts'
import { kinds } from '../service.ts'

/** What the addresses of keyword services take and give. A `title` makes a schema a named part of the OpenAPI document. */

const closed = { additionalProperties: false } as const
export const nullable = <T extends TSchema>(inner: T) => Type.Union([inner, Type.Null()])
export const time = Type.String({ format: 'date-time' })
/** A list with the cursor of its next page. */
export const list = <T extends TSchema>(item: T, cursor: 'before' | 'after' = 'before') =>
  Type.Object({
    data: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: `Pass it as \`${cursor}\` for the next page; null at the end`,
    }),
  })

export const ServiceId = Type.String({ maxLength: 40, description: 'kws_…' })
export const ServiceParams = Type.Object({ id: ServiceId })
export const ListQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ maxLength: 40, description: '`next` of the page before' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  closed,
)

const Language = Type.String({ pattern: '^[a-z]{2,3}$', examples: ['de'] })
const Text = Type.String({ minLength: 1, maxLength: 2_000 })
export const Texts = Type.Record(Type.String({ pattern: '^[a-z]{2,3}$' }), Text, {
  // What is no language would be kept unseen, and break every message that comes in at the number.
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 20,
  description: 'By language; placeholders stand in double braces',
  examples: [{ en: 'We are open from 9 to 18.', de: 'Wir haben von 9 bis 18 Uhr geöffnet.' }],
})
const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '^[^{}]+$' })
const Pointer = Type.String({
  maxLength: 200,
  pattern: pointerPattern,
  description: 'JSON Pointer (RFC 6901)',
})
const Places = Type.Record(Name, Pointer, { maxProperties: 50, additionalProperties: false })
export const Number_ = Type.String({ minLength: 2, maxLength: 20, pattern: '^\\+?[0-9A-Za-z ]+$' })

const Keyword = Type.Object(
  {
    word: Type.String({ minLength: 1, maxLength: 30, examples: ['DEPARTURES'] }),
    language: Type.Optional({ ...Language, description: 'Of whoever uses this word' }),
  },
  closed,
)
const Argument = Type.Object(
  {
    name: Name,
    optional: Type.Optional(Type.Boolean()),
    rest: Type.Optional(Type.Boolean({ description: 'Takes all words that are left; the last one only' })),
  },
  closed,
)
const limit = nullable(Type.Integer({ minimum: 1, maximum: 10_000 }))
const Quota = Type.Object(
  { per_hour: limit, per_day: limit },
  {
    ...closed,
    description:
      'Answers to one number; who asks more is told so once, and then gets nothing. null: no limit',
  },
)
const ServiceTexts = Type.Object(
  {
    answer: Texts,
    not_found: Type.Optional(Texts),
    usage: Type.Optional(Texts),
    failed: Type.Optional(Texts),
    quota: Type.Optional(Texts),
  },
  closed,
)

const headerName = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$"
const Header = Type.Object(
  {
    name: Type.String({ pattern: headerName }),
    value: Type.Optional(Type.String({ maxLength: 2_000, pattern: '^[\\x20-\\x7e]*$' })),
    secret: Type.Optional(
      Type.Boolean({
        description: 'Its value is never shown again; leave it out to keep the one that is there',
      }),
    ),
  },
  closed,
)
const Source = Type.Object(
  {
    method: Type.Optional(Type.Enum(['GET', 'POST'])),
    url: Type.String({
      maxLength: 2_000,
      description: 'Public https address; placeholders may stand behind the host',
      examples: ['https://api.example.org/stops/{{stop}}/departures'],
    }),
    headers: Type.Optional(Type.Array(Header, { maxItems: 20 })),
    body: Type.Optional(Type.Unknown({ description: 'JSON for POST; placeholders may stand in its texts' })),
    values: Type.Optional({
      ...Places,
      description: 'Placeholders for the answer, and where they stand in it',
    }),
    list: Type.Optional(
      nullable(
        Type.Object(
          {
            place: Pointer,
            values: Places,
            line: Texts,
            most: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
          },
          { ...closed, description: 'A list in the answer: `{{list}}` is its first entries, a line each' },
        ),
      ),
    ),
    timeout_ms: Type.Optional(Type.Integer({ minimum: 100, maximum: 20_000, default: 5_000 })),
    cache_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400, default: 30 })),
    stale_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800, default: 0 })),
  },
  { ...closed, title: 'KeywordSource' },
)

const given = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  enabled: Type.Boolean(),
  numbers: nullable(
    Type.Array(Number_, {
      minItems: 1,
      maxItems: 100,
      description: 'Our own numbers at which it answers; null: at all of them',
    }),
  ),
  keywords: Type.Array(Keyword, {
    minItems: 1,
    maxItems: 50,
    description: 'The first one is its name to callers',
  }),
  arguments: Type.Array(Argument, {
    maxItems: 8,
    description: 'What stands behind the word; those of a table are its key columns',
  }),
  language: { ...Language, description: 'Of people of whom no other is known' },
  time_zone: Type.String({ maxLength: 60, examples: ['Europe/Berlin'] }),
  typos: Type.Enum(['answer', 'ask', 'off'], {
    description:
      'What a word gets that is one slip away: the answer, the question whether it was meant, or nothing',
  }),
  max_segments: Type.Integer({ minimum: 1, maximum: 6, description: 'Longer answers are cut at a word' }),
  quota: Quota,
  texts: ServiceTexts,
  most_rows: Type.Integer({ minimum: 1, maximum: 20, description: 'Tables: rows in one answer' }),
  source: Source,
}
const optionalOf = <T extends Record<string, TSchema>>(fields: T) =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [K in keyof T]: ReturnType<typeof Type.Optional<T[K]>>
  }

export const NewService = Type.Object(
  {
    ...optionalOf(given),
    name: given.name,
    kind: Type.Enum(kinds),
    keywords: given.keywords,
    texts: given.texts,
  },
  { ...closed, title: 'NewKeywordService' },
)
export const ServiceChange = Type.Object(optionalOf(given), {
  ...closed,
  minProperties: 1,
  title: 'KeywordServiceChange',
})
export type NewServiceBody = Static<typeof NewService>
export type ServiceChangeBody = Static<typeof ServiceChange>

export const ColumnOut = Type.Object(
  {
    name: Name,
    key: nullable(
      Type.Enum(['argument', 'caller'], {
        description: 'Rows are found by it: by what is written behind the word, or by the number that asks',
      }),
    ),
  },
  closed,
)
const Problem = Type.Object({ code: Type.String(), sentence: Type.String() })
export const ServiceOut = Type.Object(
  {
    id: ServiceId,
    kind: Type.Enum(kinds),
    ...given,
    source: nullable(Source),
    usage: Type.String({ description: 'How it is asked' }),
    table: nullable(
      Type.Object({ columns: Type.Array(ColumnOut), row_count: Type.Integer(), updated_at: time }),
    ),
    state: nullable(
      Type.Object(
        {
          failures: Type.Integer({ description: 'Since it last answered' }),
          rests_until: nullable(time),
          answered_at: nullable(time),
          failed_at: nullable(time),
          problem: nullable(Problem),
        },
        { description: 'How its source does' },
      ),
    ),
    warnings: Type.Array(
      Type.Object({ code: Type.String(), name: Type.Optional(Type.String()), sentence: Type.String() }),
      { description: 'What will not work as it stands' },
    ),
    created_at: time,
    updated_at: time,
  },
  { title: 'KeywordService' },
)

export const NumberParams = Type.Object({ number: Number_ })
export const NumberChange = Type.Object(
  { texts: Type.Optional({ ...Texts, description: 'None: a text of the house' }) },
  { ...closed, title: 'KeywordNumberChange' },
)
export const NumberOut = Type.Object(
  { number: Type.String(), texts: nullable(Texts), updated_at: time },
  { title: 'KeywordNumber' },
)

export const TableQuery = Type.Object(
  {
    key: Type.Optional(
      Type.String({
        maxLength: 500,
        description: 'Columns that are looked up by what is written, with commas between',
      }),
    ),
    caller: Type.Optional(
      Type.String({
        maxLength: 60,
        description: 'The column that is looked up by the number of whoever asks',
      }),
    ),
  },
  closed,
)
export const TableOut = Type.Object(
  {
    columns: Type.Array(ColumnOut),
    row_count: Type.Integer(),
    updated_at: time,
    without_key: Type.Integer({ description: 'Rows that nobody finds: a key column of theirs is empty' }),
  },
  { title: 'KeywordTable' },
)
export const RowsQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 40, description: '`next` of the page before' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    q: Type.Optional(Type.String({ maxLength: 100, description: 'How the key begins' })),
    format: Type.Optional(Type.Enum(['json', 'csv'])),
  },
  closed,
)
const Cells = Type.Array(Type.String({ maxLength: 1_000 }), {
  maxItems: 50,
  description: 'In the order of the columns',
})
export const RowOut = Type.Object(
  { id: Type.String({ description: 'kwr_…' }), cells: Cells },
  { title: 'KeywordRow' },
)
export const RowsChange = Type.Object(
  {
    put: Type.Optional(
      Type.Array(Type.Object({ id: Type.Optional(Type.String({ maxLength: 40 })), cells: Cells }, closed), {
        maxItems: 1_000,
        description: 'Without an id: a new row at the end',
      }),
    ),
    delete: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 1_000 })),
  },
  { ...closed, minProperties: 1, title: 'KeywordRowsChange' },
)
export const ColumnsChange = Type.Object(
  { columns: Type.Array(ColumnOut, { minItems: 1, maxItems: 50 }) },
  { ...closed, title: 'KeywordColumnsChange' },
)

export const TryBody = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 1_000, examples: ['DEPARTURES Main Station'] }),
    to: Type.Optional({ ...Number_, description: 'The number of ours that would be written to' }),
    from: Type.Optional(Type.String({ maxLength: 20, description: 'Who would ask' })),
    id: Type.Optional({ ...ServiceId, description: 'The service that `service` changes' }),
    service: Type.Optional(
      Type.Partial(NewService, {
        ...closed,
        description: 'A service as it is not stored yet: it alone is tried',
      }),
    ),
  },
  { ...closed, title: 'KeywordTrial' },
)
export const TryOut = Type.Object(
  {
    taken: Type.Boolean({ description: 'False: the message would go on to the inbox' }),
    service_id: nullable(Type.String()),
    service: nullable(Type.String()),
    keyword: nullable(Type.String()),
    match: nullable(Type.Enum(['exact', 'typo'])),
    arguments: Type.Array(Type.Object({ name: Type.String(), value: nullable(Type.String()) })),
    result: nullable(Type.Enum(results)),
    answer: nullable(
      Type.Object({
        text: Type.String(),
        language: Type.String(),
        encoding: Type.String(),
        segments: Type.Integer(),
        cut: Type.Boolean(),
      }),
    ),
    source: nullable(
      Type.Object({
        url: Type.String(),
        status: nullable(Type.Integer()),
        ms: Type.Integer(),
        body: nullable(Type.String({ description: 'What it answered, 20,000 characters at most' })),
        values: Type.Record(Type.String(), Type.String()),
        lines: Type.Integer(),
        problem: nullable(Problem),
      }),
    ),
    trace: Type.Array(Type.Object({ code: Type.String(), sentence: Type.String() })),
  },
  { title: 'KeywordTrialResult' },
)

export const StatsQuery = Type.Object(
  {
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, default: 30 })),
    service_id: Type.Optional(ServiceId),
  },
  closed,
)
export const StatsOut = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        day: Type.String({ description: 'Where the service is' }),
        service_id: nullable(Type.String()),
        result: Type.Enum(results),
        uses: Type.Integer(),
      }),
    ),
    unknown_words: Type.Array(
      Type.Object({ word: Type.String(), asked: Type.Integer(), last_day: Type.String() }),
      { description: 'Words that nobody has, at numbers that answer them; the most asked for first' },
    ),
  },
  { title: 'KeywordStats' },
)
