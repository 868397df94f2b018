import { type Static, Type } from 'typebox'
import { readStandings } from '../carriers/health.ts'
import { listCarriers } from '../carriers/store.ts'
import type { Clock } from '../clock.ts'
import { publicId } from '../ids.ts'
import { laneNames } from '../message/lane.ts'
import type { Route } from '../route.ts'
import type { Db } from '../store/db.ts'
import { countOnWire, countReady, countWaiting, mostCounted } from './queue.store.ts'

/** Pages ask every second or two, any number of them; counting a large queue takes some of that. */
const freshMs = 2_000

const count = (description: string) => Type.Integer({ minimum: 0, description })

const Queue = Type.Object(
  {
    lanes: Type.Array(
      Type.Object({
        lane: Type.Enum(laneNames),
        ready: count('Could be sent now'),
        scheduled: count('Wait for their time, or for another attempt'),
        uncertain: count('Of unknown fate'),
        oldest_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
          description: 'When the oldest of the ready ones was accepted',
        }),
      }),
      { description: 'In their order of priority' },
    ),
    on_wire: count('With a carrier, and not answered yet'),
    carriers: Type.Array(
      Type.Object({
        carrier_id: Type.String({ description: 'car_…' }),
        carrier: Type.String(),
        ready: count('Ready messages that would go by it as things are'),
      }),
    ),
    no_route: count('Ready messages that no route takes'),
    as_of: Type.String({ format: 'date-time', description: 'When it was counted, up to two seconds ago' }),
  },
  { title: 'Queue' },
)
type Queue = Static<typeof Queue>

/** What waits, by lane and by carrier. */
export function queueRoutes({ db, clock }: { db: Db; clock: Clock }): Route[] {
  let last: { at: number; queue: Promise<Queue> } | undefined

  function read(): Promise<Queue> {
    const now = clock.monotonic()
    if (!last || now - last.at >= freshMs) {
      const queue = readQueue(db, clock.now())
      last = { at: now, queue }
      queue.catch(() => (last = undefined))
    }
    return last.queue
  }

  return [
    {
      method: 'GET',
      path: '/v1/queue',
      tag: 'Queue',
      scope: 'operate',
      operator: true,
      summary: 'What waits to be sent, by lane and by carrier',
      description: `Of each lane of a path, and of what is scheduled or uncertain, at most ${mostCounted} messages are counted.`,
      responses: { 200: Queue },
      handler: async () => ({ status: 200, body: await read() }),
    },
  ]
}

async function readQueue(db: Db, now: Date): Promise<Queue> {
  const ready = await countReady(db)
  const waiting = await countWaiting(db)
  const standing = await readStandings(db)
  const names = new Map((await listCarriers(db)).map(({ id, name }) => [id, name]))
  const byCarrier = new Map<string, number>()
  for (const { carriers, ready: messages } of ready) {
    const way = carriers.find((id) => standing(id).takes) ?? carriers[0]
    if (way !== undefined) byCarrier.set(way, (byCarrier.get(way) ?? 0) + messages)
  }
  const sum = (rows: readonly { ready: number }[]) => rows.reduce((total, row) => total + row.ready, 0)
  const lanes = laneNames.map((lane) => {
    const mine = ready.filter((row) => row.lane === lane)
    const held = (status: string) =>
      waiting.find((row) => row.lane === lane && row.status === status)?.messages ?? 0
    const oldest = mine.map(({ oldest_at }) => oldest_at.getTime())
    return {
      lane,
      ready: sum(mine),
      scheduled: held('scheduled'),
      uncertain: held('uncertain'),
      oldest_at: oldest.length > 0 ? new Date(Math.min(...oldest)).toISOString() : null,
    }
  })
  return {
    lanes,
    on_wire: await countOnWire(db),
    carriers: [...names].map(([id, carrier]) => ({
      carrier_id: publicId('carrier', id),
      carrier,
      ready: byCarrier.get(id) ?? 0,
    })),
    no_route: sum(ready.filter(({ path, carriers }) => path !== 0 && carriers.length === 0)),
    as_of: now.toISOString(),
  }
}
