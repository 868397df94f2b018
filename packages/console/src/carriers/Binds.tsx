import type { Carrier, CarrierBind } from '../api/operate-types.ts'
import { Card } from '../show/Page.tsx'
import { Share } from '../show/Share.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { bindLooks } from '../state/operate-looks.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Carrier.module.css'
import { carrierError } from './health.ts'

/** The sessions of a carrier, and which node holds each. */
export function Binds({ carrier }: { carrier: Carrier }) {
  const { t, format } = useSpeech()
  const { bind: head } = t.carriers
  const columns: Column<CarrierBind>[] = [
    {
      head: head.slot,
      part: 'title',
      cell: ({ slot, type, host }) => (
        <>
          <strong>{t.carriers.bindName(format.number(slot + 1), t.carriers.bindTypes[type] ?? type)}</strong>
          {host && <span className={tableCss.sub}>{host}</span>}
        </>
      ),
    },
    {
      head: head.state,
      cell: ({ state, since }) => (
        <>
          <Sign look={bindLooks[state]} word={t.carriers.bindStates[state]} />
          {since && (
            <span className={tableCss.sub}>
              <When at={since} />
            </span>
          )}
        </>
      ),
    },
    {
      head: head.node,
      cell: ({ node }) => (node === null ? t.carriers.nobody : t.carriers.nodeName(format.number(node))),
    },
    {
      head: head.rate,
      cell: ({ rate, segments_per_second: limit }) => (
        <Share
          used={rate ?? 0}
          of={limit}
          text={
            limit === null
              ? format.amount(rate ?? 0)
              : t.carriers.partOf(format.amount(rate ?? 0), format.amount(limit))
          }
        />
      ),
    },
    {
      head: head.window,
      cell: ({ in_flight, window }) => (
        <Share
          used={in_flight ?? 0}
          of={window}
          text={
            window === null
              ? format.number(in_flight ?? 0)
              : t.carriers.partOf(format.number(in_flight ?? 0), format.number(window))
          }
        />
      ),
    },
    {
      head: head.answers,
      numeric: true,
      cell: ({ answer_ms: answers }) =>
        answers ? `${format.answer(answers.p50)} / ${format.answer(answers.p99)}` : '–',
    },
    {
      head: head.error,
      part: 'wide',
      cell: ({ last_error: error }) =>
        error ? (
          <span title={carrierError(error.code, t)}>
            <code className="mono">{error.code.replace(/^ESME_/, '')}</code>
            <span className={tableCss.sub}>
              <When at={error.at} />
            </span>
          </span>
        ) : (
          '–'
        ),
    },
  ]
  return (
    <Card title={t.carriers.binds} flush>
      {carrier.binds.length === 0 ? (
        <p className={`${css.quiet} ${css.inFlush}`}>{t.carriers.bindsNone}</p>
      ) : (
        <Table
          label={t.carriers.binds}
          columns={columns}
          rows={carrier.binds}
          rowKey={({ slot }) => slot}
          muted={({ state }) => state === 'down'}
        />
      )}
    </Card>
  )
}
