import { parseUserData, segmentText } from '@kurzpost/gsm'
import type { OutboundSegment } from '../carriers/carrier.ts'
import type { ClaimedMessage } from './claim.store.ts'

/** One submission, and the numbers of the segments that its answer stands for. */
export interface Outbound {
  indexes: readonly number[]
  segment: OutboundSegment
}

type Sendable = Pick<
  ClaimedMessage,
  'id' | 'sender' | 'recipient' | 'body' | 'encoding' | 'reference' | 'user_data' | 'expires_at' | 'done'
>

/**
 * What is still to be handed to a carrier of a message: segments in their order, or all of them as one submission for
 * a carrier that takes long messages `whole`. Once some of them are out (perhaps with another carrier), the others
 * follow as segments: a phone joins these to the first, and would show a whole text beside them.
 */
export function outbound(message: Sendable, now: Date, long: 'segments' | 'whole' = 'segments'): Outbound[] {
  const { id, sender: from, recipient: to, encoding, reference, done } = message
  const validitySeconds = Math.max(1, Math.ceil((message.expires_at.getTime() - now.getTime()) / 1000))
  const common = { from, to, encoding, validitySeconds }
  if (message.user_data) {
    // The header is the sender's own: nothing of it is taken for a place in a message that we have cut.
    const { header, body } = parseUserData(message.user_data, { udhi: true })
    const octets = message.user_data.subarray(
      0,
      header === undefined ? 0 : message.user_data.length - body.length,
    )
    return [{ indexes: [1], segment: { ...common, id, header: octets, body, concat: null, segments: 1 } }]
  }
  const { segments } = segmentText(message.body, { encoding, ...(reference === null ? {} : { reference }) })
  const total = segments.length
  if (long === 'whole' && total > 1 && (done ?? []).length === 0) {
    const body = Buffer.concat(segments.map((segment) => segment.body))
    const whole = { ...common, id, header: new Uint8Array(), body, concat: null, segments: total }
    return [{ indexes: segments.map(({ index }) => index), segment: whole }]
  }
  return segments
    .filter(({ index }) => !done?.includes(index))
    .map(({ index, header, body }) => {
      // A long message has its reference since it was accepted.
      const concat = total > 1 && reference !== null ? { reference, total, part: index } : null
      const own = total > 1 ? `${id}-${index}` : id
      return { indexes: [index], segment: { ...common, id: own, header, body, concat, segments: 1 } }
    })
}
