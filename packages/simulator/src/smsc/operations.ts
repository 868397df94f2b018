import type { PduOf, RequestPdu, ResponseFields, ServerSession, Time } from '@kurzpost/smpp'
import { Status } from '@kurzpost/smpp'
import type { Behaviour } from '../behaviour.ts'
import type { Trace } from '../trace.ts'
import type { Entry, Ledger } from './ledger.ts'
import { lowBitsOf } from './message-id.ts'
import { states } from './receipts/receipt-state.ts'

/** [SMPP 3.4 §5.1.3] */
const INVALID_MESSAGE_ID = 0x0c
const CANCEL_FAILED = 0x11
const REPLACE_FAILED = 0x13
const QUERY_FAILED = 0x67

interface Options {
  readonly behaviour: Behaviour
  readonly ledger: Ledger
  readonly trace: Trace
  readonly time: Time
  readonly wallClock: () => number
  /** The text of a message was replaced: it reaches the handset as another one. */
  readonly onReplaced: (entry: Entry, pdu: PduOf<'replace_sm'>) => void
}

type Named = { readonly message_id: string; readonly source_addr: string }

/** query_sm, cancel_sm and replace_sm, over the messages that the ledger still knows. Facts group 30. */
export function createOperations({ behaviour, ledger, trace, time, wallClock, onReplaced }: Options) {
  const find = ({ message_id, source_addr }: Named): Entry | undefined => {
    const { settings } = behaviour
    const lowBits = lowBitsOf(message_id, settings)
    const entry = lowBits === undefined ? undefined : ledger.find(lowBits)
    // The ledger goes by the low bits of a number: an id that is spelled otherwise is another id.
    if (!entry || behaviour.plan.ids.answer(entry.id) !== message_id) return undefined
    return settings.operationsMatch === 'id' || entry.source === source_addr ? entry : undefined
  }
  const isUnderWay = (entry: Entry): boolean => entry.stateAt(time.now()) === 'enroute'

  const query = (pdu: PduOf<'query_sm'>): ResponseFields => {
    const entry = find(pdu)
    if (!entry) return { status: QUERY_FAILED, message_id: pdu.message_id }
    const state = states[entry.stateAt(time.now())]
    const final_date = isUnderWay(entry) ? '' : absoluteTime(wallClock() - (time.now() - entry.due))
    return { message_id: pdu.message_id, final_date, message_state: state.value, error_code: state.err }
  }

  const cancel = (pdu: PduOf<'cancel_sm'>): ResponseFields => {
    const entry = find(pdu)
    if (!entry) return { status: INVALID_MESSAGE_ID }
    if (!isUnderWay(entry)) return { status: CANCEL_FAILED }
    entry.cancel(time.now())
    return {}
  }

  const replace = (pdu: PduOf<'replace_sm'>): ResponseFields => {
    const entry = find(pdu)
    if (!entry) return { status: INVALID_MESSAGE_ID }
    if (!isUnderWay(entry)) return { status: REPLACE_FAILED }
    onReplaced(entry, pdu)
    return {}
  }

  return (_session: ServerSession, pdu: RequestPdu): ResponseFields => {
    const answer =
      pdu.command === 'query_sm'
        ? query(pdu)
        : pdu.command === 'cancel_sm'
          ? cancel(pdu)
          : pdu.command === 'replace_sm'
            ? replace(pdu)
            : { status: Status.invalidCommandId }
    trace.add('operation', { command: pdu.command, status: answer.status ?? 0 })
    return answer
  }
}

/** YYMMDDhhmmsstnnp in UTC. [SMPP 3.4 §7.1.1] */
function absoluteTime(atMs: number): string {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '')
  return `${digits.slice(2, 15)}00+`
}
