import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { nodesQuery } from '../api/operate.ts'
import type { BindState, Node } from '../api/operate-types.ts'
import { Curl } from '../show/Curl.tsx'
import { Answer, Page } from '../show/Page.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { bindLooks, nodeLooks, nodeState } from '../state/operate-looks.ts'
import { lookStyle, Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Nodes.module.css'

/** Who shares the work, and who holds which bind. */
export default function NodesPage() {
  const { t } = useSpeech()
  const query = useQuery(nodesQuery)
  return (
    <Page title={t.nodes.title} lead={t.nodes.lead}>
      <Answer query={query}>
        {(nodes) => (
          <>
            <section className="sheet" aria-label={t.nodes.title}>
              {nodes.length === 0 ? <p className={css.note}>{t.nodes.none}</p> : <Nodes nodes={nodes} />}
            </section>
            {nodes.some((node) => nodeState(node) === 'silent') && (
              <p className={css.quiet}>{t.nodes.silentNote}</p>
            )}
            {nodes.length === 1 && (
              <p className={css.quiet}>
                <strong>{t.nodes.oneTitle}.</strong> {t.nodes.one}
              </p>
            )}
          </>
        )}
      </Answer>
      <Curl title={t.nodes.call} path="/v1/nodes" />
    </Page>
  )
}

const figure = (report: Record<string, unknown>, name: string): number | undefined =>
  typeof report[name] === 'number' ? report[name] : undefined

interface Held {
  id: string
  carrier: string
  state: BindState
  count: number
}

/** The binds of a node, those of a carrier in one state as one. */
function heldBy(binds: Node['binds']): Held[] {
  const held = new Map<string, Held>()
  for (const { carrier_id: id, carrier, state } of binds) {
    const key = `${id} ${state}`
    held.set(key, { id, carrier, state, count: (held.get(key)?.count ?? 0) + 1 })
  }
  const rank = ({ state }: Held) => (state === 'bound' ? 1 : 0)
  return [...held.values()].sort(
    (a, b) => rank(a) - rank(b) || a.carrier.localeCompare(b.carrier, 'en', { numeric: true }),
  )
}

/** So many are seen at a glance; what is in trouble stands first. */
const glance = 8

function HeldList({ held }: { held: readonly Held[] }) {
  const { t, format } = useSpeech()
  const list = (some: readonly Held[]) => (
    <ul className={css.binds}>
      {some.map(({ id, carrier, state, count }) => {
        const { color, icon: Icon } = bindLooks[state]
        return (
          <li key={`${id} ${state}`} style={lookStyle(color)}>
            <Icon size={15} aria-hidden />
            <Link to="/carriers/$id" params={{ id }}>
              {carrier}
            </Link>
            <span>{t.nodes.holds(t.carriers.bindStates[state], count, format.number(count))}</span>
          </li>
        )
      })}
    </ul>
  )
  if (held.length <= glance + 1) return list(held)
  return (
    <>
      {list(held.slice(0, glance))}
      <details className={css.more}>
        <summary>{t.nodes.more(format.number(held.length - glance))}</summary>
        {list(held.slice(glance))}
      </details>
    </>
  )
}

function Nodes({ nodes }: { nodes: readonly Node[] }) {
  const { t, format } = useSpeech()
  const { columns: head } = t.nodes
  const shown = (node: Node, name: string, words: (value: number) => string) => {
    const value = figure(node.report, name)
    return value === undefined ? '–' : words(value)
  }
  const columns: Column<Node>[] = [
    {
      head: head.node,
      part: 'title',
      cell: ({ number, host, pid }) => (
        <>
          <strong>{t.nodes.name(format.number(number))}</strong>
          <span className={tableCss.sub}>{t.nodes.process(host, String(pid))}</span>
        </>
      ),
    },
    {
      head: head.state,
      cell: (node) => {
        const state = nodeState(node)
        return (
          <>
            <Sign look={nodeLooks[state]} word={t.nodes.states[state]} />
            <span className={tableCss.sub}>
              <When at={node.seen_at} />
            </span>
          </>
        )
      },
    },
    {
      head: head.roles,
      cell: ({ roles }) => roles.map((role) => t.nodes.roles[role] ?? role).join(', '),
    },
    {
      head: head.binds,
      part: 'wide',
      cell: ({ binds }) =>
        binds.length === 0 ? (
          <span className={tableCss.sub}>{t.nodes.holdsNone}</span>
        ) : (
          <HeldList held={heldBy(binds)} />
        ),
    },
    { head: head.version, cell: ({ version }) => version },
    { head: head.started, cell: ({ started_at }) => <When at={started_at} /> },
    { head: head.cpu, numeric: true, cell: (node) => shown(node, 'cpu', format.percent) },
    { head: head.memory, numeric: true, cell: (node) => shown(node, 'memory', format.bytes) },
    { head: head.delay, numeric: true, cell: (node) => shown(node, 'loop_delay_ms', format.answer) },
  ]
  return (
    <Table
      label={t.nodes.title}
      columns={columns}
      rows={nodes}
      rowKey={({ number }) => number}
      muted={({ alive }) => !alive}
    />
  )
}
