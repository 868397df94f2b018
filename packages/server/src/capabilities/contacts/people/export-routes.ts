import { type Static, Type } from 'typebox'
import { maskDeep } from '../../../mask.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { demand, demandId } from '../demand.ts'
import * as schema from '../schemas.ts'
import type { Compiled } from '../segments/compile.store.ts'
import { newestIds, peopleOf } from '../segments/people.store.ts'
import { ask, understand } from '../segments/segments.ts'
import { readSegment } from '../segments/store.ts'
import { readDefinitions } from './attributes.store.ts'
import { writeExport } from './export.ts'
import type { ContactRow } from './read.store.ts'

const pageSize = 2_000
/** Who is meant is asked for so many at a time: each time costs a look at everybody. */
const passSize = 100_000
const Query = Type.Object(
  {
    format: Type.Optional(Type.Enum(['csv', 'json'], { default: 'csv' })),
    segment: Type.Optional(schema.id('seg')),
    list: Type.Optional(schema.id('lst')),
  },
  schema.closed,
)

/** `/v1/contact-export`: everybody, a segment or a list, as a stream. */
export function exportRoutes(platform: Platform): Route[] {
  const { db } = platform
  async function* pages(compiled: Compiled): AsyncGenerator<ContactRow[]> {
    for (let before: string | undefined; ; ) {
      const ids = await ask(platform, (tx) => newestIds(tx, compiled, before, passSize))
      for (let at = 0; at < ids.length; at += pageSize)
        yield await peopleOf(db, compiled, ids.slice(at, at + pageSize))
      if (ids.length < passSize) return
      before = ids.at(-1)
    }
  }
  return [
    {
      tag: 'Contacts',
      scope: 'contacts',
      method: 'GET',
      path: '/v1/contact-export',
      masks: true,
      summary: 'Export people',
      description:
        'All of them, a segment or a list; as CSV that an import understands, or as JSON with everything.',
      query: Query,
      responses: { 200: { description: 'A file' } },
      async handler({ accountId, query, signal, masked }: Call<unknown, Static<typeof Query>>) {
        const { format = 'csv', segment, list } = query
        const tree =
          segment === undefined
            ? list === undefined
              ? { all: [] }
              : { list }
            : demand(await readSegment(db, accountId, demandId('segment', segment))).definition
        const { compiled } = await understand(db, platform, accountId, tree)
        const show = <T>(value: T): T => (masked ? (maskDeep(value) as T) : value)
        const definitions = await readDefinitions(db, accountId)
        return {
          stream: (response) => writeExport(pages(compiled), format, definitions, response, signal, show),
        }
      },
    },
  ]
}
