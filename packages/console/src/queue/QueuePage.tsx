import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { carriersQuery, queueQuery } from '../api/operate.ts'
import type { Carrier, Queue } from '../api/operate-types.ts'
import { measures } from '../carriers/history.ts'
import { Curl } from '../show/Curl.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { carrierLooks } from '../state/operate-looks.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Queue.module.css'
import { ReasonList } from './ReasonList.tsx'

type LaneRow = Queue['lanes'][number]
type CarrierRow = Queue['carriers'][number]

const total = (queue: Queue, what: 'ready' | 'scheduled' | 'uncertain'): number =>
  queue.lanes.reduce((sum, lane) => sum + lane[what], 0)

/** What waits, in which lane, for whom, and what holds it up. */
export default function QueuePage() {
  const { t, format } = useSpeech()
  const query = useQuery(queueQuery)
  const carriers = useQuery(carriersQuery).data
  return (
    <Page title={t.queue.title} lead={t.queue.lead}>
      <Answer query={query}>
        {(queue) => (
          <>
            <dl className={css.figures}>
              {[
                [t.queue.ready, total(queue, 'ready')],
                [t.queue.onWire, queue.on_wire],
                [t.queue.scheduled, total(queue, 'scheduled')],
                [t.queue.uncertain, total(queue, 'uncertain')],
                [t.queue.noRoute, queue.no_route],
              ].map(([name, value]) => (
                <div key={name} className={`sheet ${css.figure}`}>
                  <dt>{name}</dt>
                  <dd className="number">{format.number(value as number)}</dd>
                </div>
              ))}
            </dl>
            {carriers && <ReasonList queue={queue} carriers={carriers} />}
            <Card title={t.queue.lanes} flush note={t.queue.asOf(format.second(Date.parse(queue.as_of)))}>
              <Lanes queue={queue} />
            </Card>
            <Card title={t.queue.carriers} flush>
              <ByCarrier queue={queue} carriers={carriers ?? []} />
            </Card>
          </>
        )}
      </Answer>
      <Curl title={t.queue.call} path="/v1/queue" />
    </Page>
  )
}

function Lanes({ queue }: { queue: Queue }) {
  const { t, format } = useSpeech()
  const { columns: head } = t.queue
  const most = Math.max(1, ...queue.lanes.map(({ ready }) => ready))
  const columns: Column<LaneRow>[] = [
    { head: head.lane, part: 'title', cell: ({ lane }) => <strong>{t.lanes[lane]}</strong> },
    {
      head: head.ready,
      cell: ({ ready }) => (
        <span className={css.bar}>
          <span className="number">{format.number(ready)}</span>
          {ready > 0 && <span aria-hidden style={{ width: `${Math.max(2, (ready / most) * 100)}%` }} />}
        </span>
      ),
    },
    {
      head: head.oldest,
      cell: ({ oldest_at }) => (oldest_at ? <When at={oldest_at} /> : t.queue.never),
    },
    { head: head.scheduled, numeric: true, cell: ({ scheduled }) => format.number(scheduled) },
    { head: head.uncertain, numeric: true, cell: ({ uncertain }) => format.number(uncertain) },
  ]
  return <Table label={t.queue.lanes} columns={columns} rows={queue.lanes} rowKey={({ lane }) => lane} />
}

function ByCarrier({ queue, carriers }: { queue: Queue; carriers: readonly Carrier[] }) {
  const { t, format } = useSpeech()
  const { columns: head } = t.queue
  const known = new Map(carriers.map((carrier) => [carrier.id, carrier]))
  const columns: Column<CarrierRow>[] = [
    {
      head: head.carrier,
      part: 'title',
      cell: ({ carrier_id, carrier }) => (
        <Link to="/carriers/$id" params={{ id: carrier_id }} className={tableCss.link}>
          {carrier}
        </Link>
      ),
    },
    {
      head: head.state,
      cell: ({ carrier_id }) => {
        const state = known.get(carrier_id)?.health.state
        return state ? <Sign look={carrierLooks[state]} word={t.carriers.states[state]} /> : t.queue.never
      },
    },
    { head: head.ready, numeric: true, cell: ({ ready }) => format.number(ready) },
    {
      head: head.rate,
      numeric: true,
      cell: ({ carrier_id }) => {
        const carrier = known.get(carrier_id)
        return carrier ? format.amount(measures(carrier).rate) : t.queue.never
      },
    },
    {
      head: head.left,
      numeric: true,
      cell: ({ carrier_id, ready }) => {
        const carrier = known.get(carrier_id)
        const rate = carrier ? measures(carrier).rate : 0
        return ready > 0 && rate >= 0.1 ? format.span((ready / rate) * 1_000) : t.queue.never
      },
    },
  ]
  const waited = queue.carriers.filter(({ ready }) => ready > 0).toSorted((a, b) => b.ready - a.ready)
  if (waited.length === 0) return <p className={css.none}>{t.queue.carriersNone}</p>
  return (
    <Table label={t.queue.carriers} columns={columns} rows={waited} rowKey={({ carrier_id }) => carrier_id} />
  )
}
