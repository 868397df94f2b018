import type { EventName } from '../events.ts'
import { parseId } from '../ids.ts'
import type { EventRow } from '../outbox/chunk.ts'
import { messageTrace, newSpanId, type Tracer, writeTraceparent } from '../tracing.ts'
import type { Accept } from './accept.ts'
import type { ClaimedMessage } from './claim.store.ts'

/** The life of a message as spans of its own trace: accept, queue, submit (of the carrier), and each state that is told. */
export interface MessageTrace {
  accept(accept: Accept): Accept
  onWire(message: Pick<ClaimedMessage, 'id' | 'attempt' | 'lane'>, now: Date): void
  event(name: EventName, rows: readonly EventRow[]): void
  /** For a webhook about a message, from its body; undefined where nobody traces that one. */
  traceparent(body: string): string | undefined
}

const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
const now = (): number => performance.timeOrigin + performance.now()

export function traceMessages(tracer: Tracer): MessageTrace {
  function about(publicMessageId: unknown) {
    const id = typeof publicMessageId === 'string' ? parseId('message', publicMessageId) : undefined
    const trace = id === undefined ? undefined : messageTrace(id)
    return trace && tracer.samples(trace.traceId) ? trace : undefined
  }
  const child = (trace: ReturnType<typeof messageTrace>) => ({
    traceId: trace.traceId,
    parentId: trace.spanId,
    spanId: newSpanId(),
    kind: 'internal' as const,
  })

  return {
    accept(accept) {
      const traced: Accept['accept'] = async (accountId, drafts, idempotency) => {
        const start = now()
        const link = tracer.current.getStore()
        const answers = await accept.accept(accountId, drafts, idempotency)
        const end = now()
        for (const answer of answers) {
          const trace = answer.ok ? about(answer.id) : undefined
          if (!trace || !answer.ok) continue
          const attributes = { 'messaging.message.id': answer.id, 'kurzpost.segments': answer.segments }
          tracer.record({ ...trace, name: 'accept', kind: 'producer', start, end, attributes, link })
        }
        return answers
      }
      return Object.create(accept, { accept: { value: traced } }) as Accept
    },
    onWire({ id, attempt, lane }, at) {
      const trace = messageTrace(id)
      if (!tracer.samples(trace.traceId)) return
      const attributes = { 'kurzpost.lane': lane, 'kurzpost.attempt': attempt }
      // A later attempt waits from a moment that only the timeline knows.
      const start = attempt === 1 ? timeOf(id) : at.getTime()
      tracer.record({ ...child(trace), name: 'queue', start, end: at.getTime(), attributes })
    },
    event(name, rows) {
      const at = now()
      for (const { payload } of rows) {
        const trace = about((payload as { message_id?: string }).message_id)
        if (trace) tracer.record({ ...child(trace), name, start: at, end: at })
      }
    },
    traceparent(body) {
      const trace = about(/"message_id":\s*"(msg_\w+)"/.exec(body)?.[1])
      return trace && writeTraceparent(trace)
    },
  }
}
