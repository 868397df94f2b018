import type { Static } from 'typebox'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Call } from '../../../route.ts'
import { writeCsv } from '../csv.ts'
import type { TableRow } from '../table.store.ts'
import { listRows, type Table } from '../table.store.ts'
import { changeColumns, changeRows, demandTable, pages, replaceTable } from '../tables.ts'
import { fold } from '../words.ts'
import * as schema from './schemas.ts'
import { demandCursor, demandId, type Params, type Untagged } from './services.ts'

/** A hundred thousand rows of a hundred characters. */
const mostBytes = 10 * 1024 * 1024

const tableJson = ({ columns, rowCount, updatedAt }: Table, withoutKey = 0) => ({
  columns,
  row_count: rowCount,
  updated_at: updatedAt,
  without_key: withoutKey,
})
const rowJson = ({ id, cells }: TableRow) => ({ id: publicId('keywordRow', id), cells })
const splitNames = (text = ''): string[] => text.split(',').flatMap((name) => name.trim() || [])

/** `/v1/keyword-services/:id/table` and its rows. */
export function tableRoutes(platform: Platform): Untagged[] {
  const path = '/v1/keyword-services/:id/table'
  const params = schema.ServiceParams
  const ownerOf = ({
    accountId,
    params: { id },
  }: Pick<Call<unknown, unknown, Params>, 'accountId' | 'params'>) => ({
    accountId,
    id: demandId('keywordService', id),
  })
  return [
    {
      method: 'PUT',
      path,
      summary: 'Upload the table of a service',
      description:
        'CSV in UTF-8 with the names of the columns in its first line; commas, semicolons or tabs. It takes the place of ' +
        'the whole table at once. Without `key` and `caller` the columns keep their part, and of a new table the first ' +
        'one is looked up.',
      params,
      query: schema.TableQuery,
      raw: true,
      bodyLimit: mostBytes,
      responses: { 200: schema.TableOut },
      async handler(call: Call<Buffer, Static<typeof schema.TableQuery>, Params>) {
        const wanted = { keys: splitNames(call.query.key), caller: call.query.caller }
        const table = await replaceTable(platform, ownerOf(call), call.body, wanted)
        return { status: 200, body: tableJson(table, table.withoutKey) }
      },
    },
    {
      method: 'PATCH',
      path,
      summary: 'Change by which columns rows are found',
      params,
      body: schema.ColumnsChange,
      responses: { 200: schema.TableOut },
      async handler(call: Call<Static<typeof schema.ColumnsChange>, unknown, Params>) {
        return {
          status: 200,
          body: tableJson(await changeColumns(platform, ownerOf(call), call.body.columns)),
        }
      },
    },
    {
      method: 'GET',
      path: `${path}/rows`,
      summary: 'The rows of a table, in the order of its file; as CSV with `format=csv`',
      params,
      query: schema.RowsQuery,
      responses: { 200: schema.list(schema.RowOut, 'after') },
      async handler(call: Call<unknown, Static<typeof schema.RowsQuery>, Params>) {
        const { limit = 50, after, q, format } = call.query
        const owner = ownerOf(call)
        const table = await demandTable(platform.db, owner)
        if (format === 'csv') {
          const lines = [table.columns.map(({ name }) => name)] as (readonly string[])[]
          for await (const rows of pages(platform.db, owner)) lines.push(...rows.map(({ cells }) => cells))
          const headers = {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': 'attachment; filename="table.csv"',
          }
          return { status: 200, body: writeCsv(lines), headers }
        }
        const options = {
          after: demandCursor('keywordRow', after),
          key: q === undefined ? undefined : fold(q),
        }
        const rows = await listRows(platform.db, owner.accountId, owner.id, { ...options, limit: limit + 1 })
        const data = rows.slice(0, limit).map(rowJson)
        return { status: 200, body: { data, next: rows.length > limit ? data.at(-1)!.id : null } }
      },
    },
    {
      method: 'PATCH',
      path: `${path}/rows`,
      summary: 'Change, add and delete rows',
      params,
      body: schema.RowsChange,
      responses: { 200: schema.list(schema.RowOut) },
      async handler(call: Call<Static<typeof schema.RowsChange>, unknown, Params>) {
        const { put = [], delete: remove = [] } = call.body
        const { rows } = await changeRows(platform, ownerOf(call), {
          put: put.map(({ id, cells }) => ({
            cells,
            ...(id !== undefined && { id: demandId('keywordRow', id) }),
          })),
          remove: remove.map((id) => demandId('keywordRow', id)),
        })
        return { status: 200, body: { data: rows.map(rowJson), next: null } }
      },
    },
  ]
}
