import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import { maskDeep } from '../../../mask.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { cursor, demand, demandId, pageOf } from '../demand.ts'
import { limits } from '../limits.ts'
import { readList } from '../lists/store.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import { sorted } from '../people/upsert.ts'
import * as schema from '../schemas.ts'
import { writeErrors } from './errors-file.ts'
import { firstRows, inspect, previewRows } from './inspect.ts'
import { mappingProblem } from './mapping.ts'
import { rowProblems } from './problems.ts'
import type { Format } from './reader.ts'
import { importKey } from './run.ts'
import {
  ImportErrors,
  Import as ImportOut,
  Inspect,
  NewImport,
  Preview,
  Previewed,
  Start,
} from './schemas.ts'
import {
  endImport,
  type ImportRow,
  insertImport,
  keepChunk,
  readErrors,
  readFile,
  readImport,
  readImports,
  startImport,
} from './store.ts'

const Params = schema.idParams('imp')
type Params = Static<typeof Params>
const ChunkParams = Type.Object({
  id: schema.id('imp'),
  n: Type.Integer({ minimum: 0, maximum: 100_000, description: 'Which piece, from 0' }),
})
const After = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  schema.closed,
)

const common = { tag: 'Imports', scope: 'contacts' as const }
const path = '/v1/contact-imports/:id'

function importJson(row: ImportRow) {
  const {
    id,
    format,
    options,
    position,
    size,
    touched_at: _,
    created_at,
    started_at,
    finished_at,
    ...rest
  } = row
  const { chunks: __, ...shown } = format ?? { chunks: 0 }
  return {
    id: publicId('import', id),
    ...rest,
    size,
    done:
      rest.state === 'finished' ? 1 : size > 0 ? Math.min(1, Math.round((position / size) * 1e4) / 1e4) : 0,
    format: format && shown,
    list: options.list === undefined ? null : publicId('list', options.list),
    tags: options.tags ?? [],
    created_at: created_at.toISOString(),
    started_at: started_at?.toISOString() ?? null,
    finished_at: finished_at?.toISOString() ?? null,
  }
}

/** Cells stand as somebody typed them: whatever could be dialled is hidden. */
const maskTyped = (text: string): string =>
  text.replace(/\D/g, '').length >= 6 ? '••••' : String(maskDeep(text))

/** `/v1/contact-imports`: files of people, uploaded in pieces, looked at, and taken in by a job that survives its node. */
export function importRoutes(platform: Platform): Route[] {
  const { db } = platform
  const found = async (accountId: string, id: string): Promise<ImportRow> =>
    demand(await readImport(db, accountId, demandId('import', id)))
  const shown = async (accountId: string, id: string) =>
    importJson(demand(await readImport(db, accountId, id)))
  const checked = async (accountId: string, mapping: readonly (string | null)[]) => {
    const problem = mappingProblem(mapping, await readDefinitions(db, accountId))
    if (problem) throw new KurzpostError('invalid_request', { details: [{ field: 'mapping', problem }] })
  }
  return [
    {
      ...common,
      method: 'POST',
      path: '/v1/contact-imports',
      summary: 'Begin an import',
      description: 'Then upload the file in pieces, inspect it, and start.',
      body: NewImport,
      responses: { 201: ImportOut },
      async handler({ accountId, body }: Call<Static<typeof NewImport>>) {
        const id = platform.id()
        if (!(await insertImport(db, accountId, id, body.file_name, platform.now(), limits.importsAtOnce)))
          throw new KurzpostError('limit_reached', {
            details: { most: limits.importsAtOnce, unit: 'unfinished imports' },
          })
        return { status: 201, body: await shown(accountId, id) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/contact-imports',
      summary: 'Imports, newest first',
      query: schema.Paging,
      responses: { 200: schema.page(ImportOut) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.Paging>>) {
        const { limit = 50, before } = query
        const rows = await readImports(db, accountId, cursor('import', before), limit + 1)
        return { status: 200, body: pageOf('import', rows, limit, importJson) }
      },
    },
    {
      ...common,
      method: 'GET',
      path,
      summary: 'One import, with how far it is',
      params: Params,
      responses: { 200: ImportOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: importJson(await found(accountId, params.id)) }
      },
    },
    {
      ...common,
      method: 'PUT',
      path: `${path}/chunks/:n`,
      // The import itself is in the log.
      effect: 'traced',
      summary: 'Upload a piece of the file',
      description: 'The octets as they are, 4 MiB at most. A piece that comes again replaces the one before.',
      params: ChunkParams,
      raw: true,
      bodyLimit: limits.chunkBytes,
      responses: { 204: { description: 'Kept' } },
      async handler({
        accountId,
        params,
        body,
      }: Call<Buffer | undefined, unknown, Static<typeof ChunkParams>>) {
        const { id } = await found(accountId, params.id)
        if (!body || body.length === 0) throw new KurzpostError('import_incomplete')
        if ((params.n + 1) * 1024 > limits.importBytes) throw new KurzpostError('limit_reached')
        if (!(await keepChunk(db, accountId, id, params.n, body))) throw new KurzpostError('import_closed')
        return noContent
      },
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/inspect`,
      summary: 'Look at the uploaded file',
      description:
        'Finds out how it is written and guesses what each column is. Once it is looked at, no piece is taken any more.',
      params: Params,
      body: Inspect,
      responses: { 200: ImportOut },
      async handler({ accountId, params, body }: Call<Partial<Format>, unknown, Params>) {
        const { id } = await found(accountId, params.id)
        await inspect(platform, accountId, id, body)
        return { status: 200, body: await shown(accountId, id) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/preview`,
      effect: 'none',
      summary: 'What the first rows would become',
      params: Params,
      body: Preview,
      responses: { 200: Previewed },
      async handler({ accountId, params, body, masked }: Call<Static<typeof Preview>, unknown, Params>) {
        const { id, format, state } = await found(accountId, params.id)
        if (!format || state !== 'ready') throw new KurzpostError('import_closed')
        await checked(accountId, body.mapping)
        const data = await previewRows(platform, accountId, { id, format }, body.mapping, body.rows ?? 10)
        const shown = masked ? data.map((row) => ({ ...row, cells: row.cells.map(maskTyped) })) : data
        return { status: 200, body: { data: shown } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/start`,
      summary: 'Take the people in',
      params: Params,
      body: Start,
      responses: { 202: ImportOut },
      async handler({ accountId, params, body }: Call<Static<typeof Start>, unknown, Params>) {
        const { id, format } = await found(accountId, params.id)
        if (!format) throw new KurzpostError('import_closed')
        await checked(accountId, body.mapping)
        const list = body.list === undefined ? undefined : demandId('list', body.list)
        if (list !== undefined) demand(await readList(db, accountId, list))
        const tags = sorted(body.tags ?? [])
        const [first] = format.header ? await firstRows(readFile(db, accountId, id), format, 1) : []
        await platform.transaction(async (tx) => {
          const order = {
            mapping: body.mapping,
            options: { ...(list !== undefined && { list }), ...(tags.length > 0 && { tags }) },
            position: first?.end ?? 0,
          }
          if (!(await startImport(tx, accountId, id, order, platform.now())))
            throw new KurzpostError('import_closed')
          await platform.later('import', { accountId, id }, platform.now(), tx, importKey(id))
        })
        return { status: 202, body: await shown(accountId, id) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/stop`,
      summary: 'Stop an import',
      description: 'What is taken in by then stays. The file is deleted.',
      params: Params,
      responses: { 200: ImportOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const { id } = await found(accountId, params.id)
        if (
          !(await endImport(
            db,
            accountId,
            id,
            { state: 'stopped' },
            ['uploading', 'ready', 'running'],
            platform.now(),
          ))
        )
          throw new KurzpostError('import_closed')
        return { status: 200, body: await shown(accountId, id) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/errors`,
      summary: 'Rows that were not taken, and why',
      params: Params,
      query: After,
      responses: { 200: ImportErrors },
      async handler({ accountId, params, query, masked }: Call<unknown, Static<typeof After>, Params>) {
        const { limit = 50, after = 0 } = query
        const { id } = await found(accountId, params.id)
        const rows = await readErrors(db, accountId, id, after, limit + 1)
        const data = rows.slice(0, limit).map(({ row, cells, problems }) => ({
          row,
          cells: masked ? cells.map(maskTyped) : cells,
          problems: problems.map(({ column, code }) => ({
            column,
            code,
            sentence: rowProblems[code as keyof typeof rowProblems] ?? code,
          })),
        }))
        return { status: 200, body: { data, next: rows.length > limit ? data.at(-1)!.row : null } }
      },
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/errors.csv`,
      masks: true,
      summary: 'The same as a file to correct and upload again',
      params: Params,
      responses: { 200: { description: 'CSV in UTF-8' } },
      async handler({ accountId, params, signal, masked }: Call<unknown, unknown, Params>) {
        const row = await found(accountId, params.id)
        const show = (text: string) => (masked ? maskTyped(text) : text)
        return { stream: (response) => writeErrors(db, accountId, row, response, signal, show) }
      },
    },
  ]
}
