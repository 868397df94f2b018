import { analyzeText, segmentText } from '@kurzpost/gsm'
import { type ErrorCode, errors } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import type { MessageDetail, MessageRow, SegmentRow } from '../../message/core.ts'

/** Shows a PDU to people. The bytes are what went over the wire. */
export type DescribePdu = (bytes: Buffer) => { hex: string; decoded: unknown }

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** A message as the API shows it in lists. */
export function messageJson(row: MessageRow) {
  return {
    id: publicId('message', row.id),
    direction: row.direction,
    channel: row.channel,
    state: row.state,
    lane: row.lane,
    from: row.sender,
    to: row.recipient,
    text: row.body,
    encoding: row.encoding,
    segments: row.segments,
    client_ref: row.client_ref,
    possible_duplicate: row.possible_duplicate,
    topic: row.topic_id && publicId('topic', row.topic_id),
    error: errorJson(row),
    created_at: row.created_at.toISOString(),
    send_at: iso(row.send_at),
    expires_at: iso(row.expires_at),
    updated_at: row.updated_at.toISOString(),
    final_at: iso(row.final_at),
  }
}

/** A message with its segments and everything that happened to it. */
export function messageDetailJson(detail: MessageDetail, describePdu: DescribePdu) {
  return {
    ...messageJson(detail),
    error: errorJson(detail, detail.timeline.at(-1)?.sentence),
    segment_list: segmentList(detail, describePdu),
    timeline: detail.timeline,
    ...(detail.direction === 'inbound' ? { trace: detail.trace } : {}),
  }
}

/** A capability's code stands in no table of ours; the step that ended the message has its sentence. */
function errorJson({ error_code: code, carrier_code }: MessageRow, sentence?: unknown) {
  if (code === null) return null
  const known = errors[code as ErrorCode]
  return {
    code,
    message: known ? `${known.sentence} ${known.advice}` : String(sentence ?? code),
    carrier_code,
  }
}

/**
 * Segments are recomputed from the text; what a carrier answered for is laid over them, an entry an attempt. Of what
 * came in only the whole is kept: its parts may have been in an alphabet, and of a length, that nothing here would choose.
 */
function segmentList(detail: MessageDetail, describePdu: DescribePdu) {
  if (detail.direction === 'inbound') return []
  // A segment that an SMPP client has made may be in a national alphabet, which its header names: nothing here is to be cut.
  const own =
    detail.segments === 1 && detail.encoding === 'gsm7' && analyzeText(detail.body).offenders.length > 0
  const segments = own
    ? [{ index: 1, text: detail.body, units: detail.body.length }]
    : segmentText(detail.body, { encoding: detail.encoding }).segments
  const answered = Map.groupBy(detail.segment_rows, (row) => row.index)
  return segments.flatMap(({ index, text, units }) => {
    const rows = answered.get(index)
    const answers = rows?.map((row) => answeredJson(row, describePdu)) ?? [unanswered(detail)]
    return answers.map((answer) => ({ index, text, units, ...answer }))
  })
}

interface SegmentAnswer {
  state: string
  attempt: number
  remote_id: string | null
  submitted_at: string | null
  final_at: string | null
  request: ReturnType<DescribePdu> | null
  receipts: { state: string; error: string | null; at: string; text: string | null }[]
}

const unanswered = ({ state }: MessageRow): SegmentAnswer => ({
  state,
  attempt: 0,
  remote_id: null,
  submitted_at: null,
  final_at: null,
  request: null,
  receipts: [],
})

const answeredJson = (row: SegmentRow, describePdu: DescribePdu): SegmentAnswer => ({
  state: row.state,
  attempt: row.attempt,
  remote_id: row.remote_id,
  submitted_at: row.submitted_at.toISOString(),
  final_at: iso(row.final_at),
  request: row.request && describePdu(row.request),
  receipts: row.receipts.map(({ state, at, error = null, text = null }) => ({ state, error, at, text })),
})
