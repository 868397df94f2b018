import type { ServerResponse } from 'node:http'
import { type Static, Type } from 'typebox'
import { type AuditRow, auditRows } from '../../accounts/audit.store.ts'
import { KurzpostError } from '../../errors.ts'
import { type IdKind, parseId, publicId } from '../../ids.ts'
import { maskNumbers } from '../../mask.ts'
import type { Call, Route } from '../../route.ts'
import type { Tx } from '../../store/db.ts'
import * as shape from './access-schemas.ts'
import { boundsOf, pageOf, pageQuery } from './pages.ts'
import * as schema from './schemas.ts'

const filters = {
  actor: Type.Optional(Type.String({ maxLength: 40, description: 'Who: usr_… or key_…' })),
  target: Type.Optional(Type.String({ maxLength: 200, description: 'What, by its id' })),
  since: Type.Optional(schema.time('Not before')),
}
const Query = Type.Object({ ...filters, ...pageQuery }, schema.closed)
const ExportQuery = Type.Object(filters, schema.closed)
type Filters = Static<typeof ExportQuery>

const first = '00000000-0000-0000-0000-000000000000'
const exportPage = 500

/** The least UUIDv7 of a moment. */
function idAt(time: string | undefined): string {
  if (time === undefined) return first
  const hex = Math.max(0, Date.parse(time)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

const actorKinds: readonly IdKind[] = ['user', 'key']

function filterOf({ actor, target, since }: Filters) {
  const actorId = actor && actorKinds.map((kind) => parseId(kind, actor)).find((id) => id !== undefined)
  if (actor && !actorId)
    throw new KurzpostError('invalid_request', {
      details: [{ field: 'actor', problem: 'must be an id such as usr_… or key_…' }],
    })
  return { from: idAt(since), ...(actorId ? { actorId } : {}), ...(target ? { target } : {}) }
}

const entryJson = (row: AuditRow) => ({
  id: publicId('audit', row.id),
  at: row.at.toISOString(),
  actor: { kind: row.actor_kind, id: actorIdOf(row), name: row.actor_name },
  action: row.action,
  target: row.target,
  fields: row.fields,
  address: row.address,
  request_id: row.request_id,
  status: row.status,
  error: row.error,
})

const actorIdOf = ({ actor_kind, actor_id }: AuditRow): string | null =>
  actor_id === null ? null : publicId(actor_kind === 'key' ? 'key' : 'user', actor_id)

/** `/v1/audit`: what was changed, by whom, from where. */
export function auditRoutes(db: Tx): Route[] {
  const common = { method: 'GET', tag: 'Audit log', scope: 'users' } as const
  return [
    {
      ...common,
      path: '/v1/audit',
      summary: 'List what was changed, newest first',
      query: Query,
      responses: { 200: schema.page(shape.AuditEntry) },
      async handler({ accountId, query }: Call<unknown, Static<typeof Query>>) {
        const { before, limit } = boundsOf('audit', query)
        const rows = await auditRows(db, accountId, { ...filterOf(query), before, limit })
        return { status: 200, body: pageOf('audit', rows, limit, entryJson) }
      },
    },
    {
      ...common,
      path: '/v1/audit/export',
      masks: true,
      summary: 'The same as a file (CSV)',
      query: ExportQuery,
      responses: { 200: { description: '`text/csv`, newest first' } },
      handler({ accountId, query, signal, masked }: Call<unknown, Filters>) {
        const filter = filterOf(query)
        return { stream: (response) => exportCsv({ db, accountId, filter, signal, masked, response }) }
      },
    },
  ]
}

const head = [
  'at',
  'actor_kind',
  'actor',
  'actor_name',
  'action',
  'target',
  'fields',
  'address',
  'request_id',
  'status',
  'error',
]

/** Spreadsheets take what begins with these for a formula. */
const formula = /^[=+\-@\t\r]/
const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value)
  const harmless = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
const line = (cells: readonly unknown[]): string => `${cells.map(cell).join(',')}\r\n`

async function exportCsv(wish: {
  db: Tx
  accountId: string
  filter: ReturnType<typeof filterOf>
  signal: AbortSignal
  masked: boolean
  response: ServerResponse
}): Promise<void> {
  const { db, accountId, filter, signal, masked, response } = wish
  response.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="audit.csv"',
  })
  response.write(line(head))
  let { before } = boundsOf('audit', {})
  while (!signal.aborted) {
    const rows = await auditRows(db, accountId, { ...filter, before, limit: exportPage })
    const text = rows.map((row) => line(cellsOf(row))).join('')
    if (!response.write(masked ? maskNumbers(text) : text))
      await new Promise<void>((resolve) => {
        response.once('drain', resolve)
        response.once('close', resolve)
      })
    if (rows.length < exportPage) break
    before = rows.at(-1)!.id
  }
  response.end()
}

const cellsOf = (row: AuditRow): unknown[] => [
  ...[row.at.toISOString(), row.actor_kind, actorIdOf(row), row.actor_name, row.action, row.target],
  ...[JSON.stringify(row.fields), row.address, row.request_id, row.status, row.error],
]
