import { type Static, Type } from 'typebox'
import { publicId } from '../ids.ts'
import { type Role, roleNames } from '../roles.ts'
import type { Route } from '../route.ts'
import type { Tx } from '../store/db.ts'
import { listAll, type NodeRow } from './nodes.store.ts'

const time = (description: string) => Type.String({ format: 'date-time', description })

const Node = Type.Object(
  {
    number: Type.Integer({ description: 'Counts up with each start of a process' }),
    host: Type.String(),
    pid: Type.Integer(),
    version: Type.String(),
    roles: Type.Array(Type.Enum(roleNames), { description: 'What it does' }),
    url: Type.String({ description: 'Where its HTTP interface is; empty while it starts' }),
    started_at: time(''),
    seen_at: time('When it last showed itself; it does every two seconds'),
    alive: Type.Boolean({ description: 'False: it has died or hangs, and what it held is taken over' }),
    draining: Type.Boolean({ description: 'It is being stopped, and takes nothing more' }),
    binds: Type.Array(
      Type.Object({
        carrier_id: Type.String({ description: 'car_…' }),
        carrier: Type.String(),
        slot: Type.Integer(),
        state: Type.String({ description: 'down, binding, bound, or open: too many errors' }),
      }),
      { description: 'Bind slots that it holds' },
    ),
    report: Type.Object(
      {
        cpu: Type.Optional(
          Type.Number({ description: 'Of one core, since the last report; 1 is all of it' }),
        ),
        memory: Type.Optional(Type.Integer({ description: 'Octets, resident' })),
        loop_delay_ms: Type.Optional(Type.Number({ description: 'p99 of how late its event loop is' })),
      },
      { additionalProperties: Type.Unknown() },
    ),
  },
  { title: 'Node' },
)
export type NodeJson = Static<typeof Node>

/** Who shares this database, and who holds which bind. */
export function nodeRoutes(db: Tx): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/nodes',
      tag: 'Nodes',
      scope: 'operate',
      operator: true,
      summary: 'List the nodes and what they hold',
      description: 'Those that stopped cleanly are gone from the list; those that died stay in it for a day.',
      responses: { 200: Type.Object({ data: Type.Array(Node) }) },
      handler: async () => ({ status: 200, body: { data: (await listAll(db)).map(nodeJson) } }),
    },
  ]
}

/** A node as the API and the command line show it. */
export const nodeJson = ({ roles, started_at, seen_at, binds, ...row }: NodeRow): NodeJson => ({
  ...row,
  roles: roles as Role[],
  started_at: started_at.toISOString(),
  seen_at: seen_at.toISOString(),
  binds: binds.map(({ carrier_id, ...bind }) => ({ ...bind, carrier_id: publicId('carrier', carrier_id) })),
})
