import { Fragment, type ReactNode } from 'react'
import type { MessageDetail } from '../api/types.ts'
import { showNumber } from '../format/phone.ts'
import { CopyIcon } from '../show/CopyIcon.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './DetailPage.module.css'

/** What there is to know besides the story. Rows without a value are left out. */
export function Facts({ message }: { message: MessageDetail }) {
  const { t, format } = useSpeech()
  const inbound = message.direction === 'inbound'
  const address = (value: string, name: string) => (
    <>
      <span className="number">{showNumber(value)}</span>
      <CopyIcon text={value} what={name} />
    </>
  )
  const time = (at: string | null) =>
    at && (
      <>
        <When at={at} />
        <span className="number">· {format.full(at)}</span>
      </>
    )
  const rows: [string, ReactNode][] = [
    [t.detail.from, message.from ? address(message.from, t.detail.from) : t.detail.defaultSender],
    [t.detail.to, address(message.to, t.detail.to)],
    [
      t.detail.id,
      <Fragment key="id">
        <span className="mono">{message.id}</span>
        <CopyIcon text={message.id} what={t.detail.id} />
      </Fragment>,
    ],
    [t.detail.lane, message.lane && t.lanes[message.lane]],
    [
      t.detail.encoding,
      `${t.meter[message.encoding]}, ${t.meter.segments(message.segments, format.number(message.segments))}`,
    ],
    [t.detail.reference, message.client_ref && <span className="mono">{message.client_ref}</span>],
    [inbound ? t.detail.receivedAt : t.detail.created, time(message.created_at)],
    [t.detail.sendAt, time(message.send_at)],
    [t.detail.expires, time(message.expires_at)],
    [t.detail.finalAt, inbound ? null : time(message.final_at)],
    [
      t.detail.error,
      message.error?.carrier_code && <span className="mono">{message.error.carrier_code}</span>,
    ],
  ]
  return (
    <dl className={css.facts}>
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
