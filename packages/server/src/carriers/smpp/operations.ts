import { type SmppClient, Status } from '@kurzpost/smpp'
import type { CarrierReceipt, SentSegment } from '../carrier.ts'
import type { submissionWriter } from './outgoing.ts'
import type { SmppSettings } from './settings.ts'

/** message_state of a query_sm_resp as the core knows them; the others say nothing final. [SMPP 3.4 §5.2.28] */
const stateOf: Readonly<Record<number, Exclude<CarrierReceipt['state'], null>>> = {
  2: 'delivered',
  3: 'expired',
  4: 'undelivered', // deleted
  5: 'undelivered',
  8: 'rejected',
}
/** An answer of a person's question is not worth the wait of a submission. */
const timeoutMs = 10_000

/** query_sm and cancel_sm (group 30): both name the id and the source address as they were submitted. */
export function questions(
  client: SmppClient,
  write: ReturnType<typeof submissionWriter>,
  { long_messages }: SmppSettings,
) {
  const options = (signal?: AbortSignal) => (signal ? { signal, timeoutMs } : { timeoutMs })
  return {
    async query(sent: SentSegment, signal?: AbortSignal): Promise<CarrierReceipt | undefined> {
      const fields = { message_id: sent.remoteId, ...write.source(sent) }
      const answer = await client
        .request({ command: 'query_sm', ...fields }, options(signal))
        .catch(() => undefined)
      if (answer?.command !== 'query_sm_resp' || answer.status !== Status.ok) return undefined
      const { message_state, error_code } = answer
      return {
        remoteId: sent.remoteId,
        // The id that was asked by is that of the answer: nothing is to be read.
        readings: [{ name: 'query:same', key: sent.remoteKey }],
        state: stateOf[message_state] ?? null,
        covers: long_messages === 'payload' ? 'message' : 'segment',
        parties: [sent.to],
        error: error_code === 0 ? null : String(error_code),
        text: 'query_sm',
        doneAt: null,
      }
    },
    async cancel(sent: SentSegment, signal?: AbortSignal): Promise<boolean> {
      const fields = { message_id: sent.remoteId, ...write.source(sent), ...write.destination(sent) }
      const answer = await client
        .request({ command: 'cancel_sm', ...fields }, options(signal))
        .catch(() => undefined)
      return answer?.command === 'cancel_sm_resp' && answer.status === Status.ok
    },
  }
}
