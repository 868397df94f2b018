import { Type } from 'typebox'
import { limits } from '../limits.ts'
import * as schema from '../schemas.ts'
import { delimiters, encodings } from './text.ts'

/** What /v1/contact-imports takes and gives. */

const target = schema.nullable(Type.String({ maxLength: 70 }), {
  description:
    'phone, email, name, first_name, last_name, external_id, language, time_zone, postcode, lat, lon, tags, attribute:<key>; ' +
    'null is left out',
})
const Column = Type.Object({
  name: Type.String(),
  samples: Type.Array(Type.String()),
  to: target,
  attribute: Type.Optional(
    Type.Object(
      { key: Type.String(), label: Type.String(), type: Type.String() },
      { description: 'What an attribute for it would be, when nothing fits' },
    ),
  ),
})
const format = {
  encoding: Type.Enum(encodings),
  delimiter: Type.Enum(delimiters),
  header: Type.Boolean({ description: 'Whether the first row names the columns' }),
}
export const Import = Type.Object(
  {
    id: schema.id('imp'),
    file_name: Type.String(),
    state: Type.Enum(['uploading', 'ready', 'running', 'finished', 'failed', 'stopped']),
    size: Type.Integer({ description: 'Octets' }),
    done: Type.Number({ description: 'Of the file, from 0 to 1' }),
    format: schema.nullable(Type.Object({ ...format, columns: Type.Array(Column) })),
    mapping: schema.nullable(Type.Array(target)),
    list: schema.nullable(schema.id('lst')),
    tags: Type.Array(Type.String()),
    rows: Type.Integer({ description: 'Rows that are done' }),
    created: Type.Integer(),
    updated: Type.Integer(),
    unchanged: Type.Integer(),
    failed: Type.Integer({ description: 'Rows that were not taken' }),
    error: schema.nullable(Type.Object({ code: Type.String(), sentence: Type.String() })),
    created_at: schema.time,
    started_at: schema.nullable(schema.time),
    finished_at: schema.nullable(schema.time),
  },
  { title: 'ContactImport' },
)
export const NewImport = Type.Object(
  { file_name: Type.String({ minLength: 1, maxLength: 200 }) },
  { ...schema.closed, title: 'NewContactImport' },
)
export const Inspect = Type.Object(
  {
    encoding: Type.Optional(format.encoding),
    delimiter: Type.Optional(format.delimiter),
    header: Type.Optional(format.header),
  },
  {
    ...schema.closed,
    title: 'ContactImportInspection',
    description: 'What was guessed wrong; empty at first',
  },
)
const mapping = Type.Array(target, {
  maxItems: limits.importColumns,
  description: 'What each column is, from left to right',
})
export const Preview = Type.Object(
  { mapping, rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })) },
  { ...schema.closed, title: 'ContactImportPreviewWish' },
)
const RowProblem = Type.Object({
  column: schema.nullable(Type.Integer(), { description: 'From 0; null: the row as a whole' }),
  code: Type.String(),
  sentence: Type.String(),
})
export const Previewed = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        row: Type.Integer(),
        cells: Type.Array(Type.String()),
        contact: Type.Optional(Type.Unknown({ description: 'What it would become' })),
        problems: Type.Optional(Type.Array(RowProblem)),
      }),
    ),
  },
  { title: 'ContactImportPreview' },
)
export const Start = Type.Object(
  {
    mapping,
    list: Type.Optional(schema.id('lst')),
    tags: Type.Optional(schema.Tags),
  },
  { ...schema.closed, title: 'ContactImportStart' },
)
export const ImportErrors = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        row: Type.Integer(),
        cells: Type.Array(Type.String()),
        problems: Type.Array(RowProblem),
      }),
    ),
    next: schema.nullable(Type.Integer(), { description: 'Pass it as `after` for the next page' }),
  },
  { title: 'ContactImportErrors' },
)
