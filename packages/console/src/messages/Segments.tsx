import { Button } from '@mantine/core'
import { useId, useState } from 'react'
import type { MessageDetail, SegmentDetail } from '../api/types.ts'
import { StateBadge } from '../state/StateBadge.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Pdu } from './Pdu.tsx'
import css from './Segments.module.css'

/** The on-air parts of a message, each with its bytes on a click. `full` adds texts and receipts. */
export function Segments({ message, full = false }: { message: MessageDetail; full?: boolean }) {
  const sent = message.segment_list.filter(({ attempt, request }) => full || attempt > 0 || request)
  if (sent.length === 0) return null
  return (
    <ol className={css.list} data-full={full || undefined}>
      {sent.map((segment) => (
        <Segment
          key={`${segment.attempt}-${segment.index}`}
          segment={segment}
          message={message}
          full={full}
        />
      ))}
    </ol>
  )
}

function Segment({
  segment,
  message,
  full,
}: {
  segment: SegmentDetail
  message: MessageDetail
  full: boolean
}) {
  const { t, format } = useSpeech()
  const [open, setOpen] = useState(false)
  const pduId = useId()
  const { request, receipts, remote_id: remoteId } = segment
  return (
    <li className={css.segment}>
      <div className={css.head}>
        <span className={css.name}>{t.detail.segment(segment.index, message.segments)}</span>
        <StateBadge state={segment.state} />
        <span className={`${css.muted} number`}>
          {t.detail.units[message.encoding](format.number(segment.units))}
          {segment.attempt > 1 && ` · ${t.detail.attempt(segment.attempt)}`}
        </span>
        {full && remoteId && (
          <span className={`${css.muted} ${css.id} mono`} title={t.detail.remoteId}>
            {remoteId}
          </span>
        )}
        {full && segment.attempt > 0 && !request && <span className={css.muted}>{t.detail.noPdu}</span>}
        {request && (
          <Button
            variant="default"
            size="compact-sm"
            aria-expanded={open}
            aria-controls={pduId}
            onClick={() => setOpen(!open)}
          >
            {open ? t.detail.hidePdu : t.detail.showPdu}
          </Button>
        )}
      </div>
      {full && message.segments > 1 && <p className={css.text}>{segment.text}</p>}
      {full && receipts.length > 0 && (
        <ul className={css.receipts} aria-label={t.detail.receipts}>
          {receipts.map((receipt, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: receipts are only ever added
            <li key={index}>
              <time dateTime={receipt.at} title={format.full(receipt.at)} className="number">
                {format.clock(receipt.at)}
              </time>{' '}
              <span className="mono">
                {receipt.text ?? [receipt.state, receipt.error].filter(Boolean).join(' ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div id={pduId} hidden={!open} className={css.open}>
        {open && request && <Pdu hex={request.hex} decoded={request.decoded} />}
      </div>
    </li>
  )
}
