import type { PduOf, Time } from '@kurzpost/smpp'
import { readTlv } from '@kurzpost/smpp'
import { type Behaviour, happens } from '../../behaviour.ts'
import { purposes } from '../../chance.ts'
import type { Concat } from '../../handset/read.ts'
import type { Schedule } from '../../schedule.ts'
import { sampleFor } from '../../settings/times.ts'
import type { Stats } from '../../stats.ts'
import type { Trace } from '../../trace.ts'
import type { Journal } from '../journal.ts'
import type { Ledger } from '../ledger.ts'
import { lowBitsOf } from '../message-id.ts'
import type { Link, Outbox, Parcel } from '../outbox.ts'
import { receiptFields } from './receipt.ts'
import { type ReceiptState, wantsReceipt } from './receipt-state.ts'

/** What a receipt needs of the submit_sm or data_sm that asked for it. */
export type ReceiptedPdu = Pick<
  PduOf<'data_sm'>,
  | 'source_addr_ton'
  | 'source_addr_npi'
  | 'source_addr'
  | 'dest_addr_ton'
  | 'dest_addr_npi'
  | 'destination_addr'
  | 'registered_delivery'
  | 'tlvs'
>

/** A message that the SMSC has taken. */
export interface Accepted {
  /** The link that brought it, and whose it is. */
  readonly session: { readonly id: number; readonly systemId: string }
  readonly pdu: ReceiptedPdu
  readonly id: number
  readonly key: number
  /** Which part of a text it is, looked at only where the setting asks. */
  readonly concat: () => Concat | undefined
  /** Ids of all parts, in order, if this one made the text whole. */
  readonly whole: readonly string[] | undefined
}

export interface Receipts {
  /** Decides what becomes of a message, and sends or schedules what its sender hears of it. */
  promise(accepted: Accepted, via: Link | undefined): void
  clear(): void
}

interface Options {
  readonly behaviour: Behaviour
  readonly schedule: Schedule
  readonly outbox: Outbox
  readonly stats: Stats
  readonly ledger: Ledger
  readonly trace: Trace
  /** Undefined: what waits is in memory only. */
  readonly journal: Journal | undefined
  readonly time: Time
  /** Milliseconds since the epoch, for the dates in receipts. */
  readonly wallClock: () => number
}

/** Receipts that are not due yet, at 570 octets each. */
const MAX_DUE = 2_000_000

/** A receipt that lets the next one pass does not wait for it for ever. */
const HOLD_MS = 1000

export function createReceipts({
  behaviour,
  schedule,
  outbox,
  stats,
  ledger,
  trace,
  journal,
  time,
  wallClock,
}: Options): Receipts {
  const held = new Map<string, () => void>()

  const promise = ({ session, pdu, id, key, concat, whole }: Accepted, via: Link | undefined): void => {
    const { settings, plan } = behaviour
    const { receiptState } = plan
    const to = pdu.destination_addr
    const state = receiptState.always ?? receiptState.pick(to, key, purposes.receiptState) ?? 'delivered'
    const first = happens(settings.receiptsFirst, key, purposes.receiptFirst)
    const delay = first ? 0 : sampleFor(plan.receiptDelay, key, purposes.receiptDelay)
    ledger.add(id, pdu.source_addr, to, time.now() + delay, state)

    if (!settings.receiptUnsolicited && !wantsReceipt(pdu.registered_delivery, state)) return
    if (happens(settings.receiptNever, key, purposes.receiptNever)) return
    const toldId = settings.receiptParts === 'each' ? id : idOfPart(settings.receiptParts, id, concat, whole)
    if (toldId === undefined) return

    const submittedAt = wallClock()
    // What waits must not hold the PDU: with it goes the 64 KiB that it was read in.
    const addresses = addressesOf(pdu, settings)
    const reference = pdu.tlvs.length === 0 ? undefined : readTlv(pdu, 'user_message_reference')
    const { systemId, id: linkId } = session
    // Whichever of several is taken: the sender has heard of it.
    const onTaken = () => journal?.receipted(id)

    const emit = (said: ReceiptState, over?: Link): void => {
      const { settings, plan } = behaviour
      const { ids, receiptDialect } = plan
      const dialect =
        receiptDialect.always ?? receiptDialect.pick(to, key, purposes.receiptDialect) ?? 'classic'
      const doneAt = wallClock()
      const told = {
        id: ids.receipt(toldId),
        tlvId: ids.tlv(toldId),
        state: said,
        submittedAt,
        doneAt,
        reference,
      }
      if (trace.on) trace.add('receipt', { system: systemId, to, id: told.id, state: said, dialect })
      const write = () => ({ ...addresses, ...receiptFields(told, dialect) })
      const parcel: Parcel =
        settings.receiptOver === 'any'
          ? { kind: 'receipt', systemId, write, onTaken }
          : { kind: 'receipt', systemId, write, onTaken, over: settings.receiptOver, from: linkId }
      outbox.add(parcel, over)
      if (happens(settings.duplicateReceipts, key, purposes.receiptTwice)) outbox.add(parcel, over)
    }

    const tell = (over?: Link): void => {
      const { settings } = behaviour
      const final = ledger.isCancelled(id) ? 'deleted' : state
      const { receiptSteps } = settings
      if (receiptSteps === 'enroute' || receiptSteps === 'accepted') emit(receiptSteps, over)
      if (happens(settings.revisedReceipts, key, purposes.receiptRevised)) emit('expired', over)
      emit(final, over)
      if (receiptSteps === 'enroute-after') emit('enroute', over)
      if (receiptSteps === 'accepted-after') emit('accepted', over)
    }

    const due = (over?: Link): void => {
      const before = held.get(systemId)
      held.delete(systemId)
      if (!before && happens(behaviour.settings.heldReceipts, key, purposes.receiptHeld)) {
        hold(systemId, tell)
        return
      }
      tell(over)
      before?.()
    }

    if (first) due(settings.receiptOver === 'any' ? via : undefined)
    else if (schedule.size < MAX_DUE) schedule.after(delay, due)
    else stats.deliver_dropped += 1
  }

  /** Whose id a receipt names, or undefined if this part gets none. */
  const idOfPart = (
    mode: 'last' | 'first' | 'whole',
    id: number,
    concat: Accepted['concat'],
    whole: Accepted['whole'],
  ): number | undefined => {
    if (mode !== 'whole') {
      const part = concat()
      return !part || part.part === (mode === 'last' ? part.total : 1) ? id : undefined
    }
    if (!whole) return undefined
    const lowBits = lowBitsOf(whole[0]!, behaviour.settings)
    return lowBits === undefined ? id : (ledger.find(lowBits)?.id ?? id)
  }

  const hold = (systemId: string, tell: () => void): void => {
    const mine = () => tell()
    held.set(systemId, mine)
    schedule.after(HOLD_MS, () => {
      if (held.get(systemId) !== mine) return
      held.delete(systemId)
      mine()
    })
  }

  return { promise, clear: () => held.clear() }
}

type Addressed = Accepted['pdu']
type AddressSettings = Pick<Behaviour['settings'], 'receiptAddresses' | 'receiptNumbers'>

/** A receipt comes from where the message went, as a rule. */
function addressesOf(pdu: Addressed, { receiptAddresses, receiptNumbers }: AddressSettings) {
  const { ton, npi, address } = recipientOf(pdu, receiptNumbers)
  if (receiptAddresses === 'reversed') {
    return {
      source_addr_ton: ton,
      source_addr_npi: npi,
      source_addr: address,
      dest_addr_ton: pdu.source_addr_ton,
      dest_addr_npi: pdu.source_addr_npi,
      destination_addr: pdu.source_addr,
    }
  }
  return {
    source_addr_ton: pdu.source_addr_ton,
    source_addr_npi: pdu.source_addr_npi,
    source_addr: pdu.source_addr,
    dest_addr_ton: ton,
    dest_addr_npi: npi,
    destination_addr: address,
  }
}

/** A country code of two digits is taken for granted: an example will do. Longer numbers do not fit the field. */
const LONG_NUMBER = /^\d{7,18}$/
const spelledAs: Readonly<
  Record<
    Exclude<AddressSettings['receiptNumbers'], 'as-submitted'>,
    (digits: string) => [ton: number, address: string]
  >
> = {
  plus: (digits) => [1, `+${digits}`],
  zeros: (digits) => [0, `00${digits}`],
  national: (digits) => [2, `0${digits.slice(2)}`],
}

function recipientOf(pdu: Addressed, numbers: AddressSettings['receiptNumbers']) {
  const { dest_addr_ton: ton, dest_addr_npi: npi, destination_addr: address } = pdu
  if (numbers === 'as-submitted' || !LONG_NUMBER.test(address)) return { ton, npi, address }
  const [otherTon, spelled] = spelledAs[numbers](address)
  return { ton: otherTon, npi: 1, address: spelled }
}
