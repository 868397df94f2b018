import { type Behaviour, happens } from '../behaviour.ts'
import { mix, purposes, unit } from '../chance.ts'
import type { Schedule } from '../schedule.ts'
import { sampleFor } from '../settings/times.ts'
import type { Journal } from '../smsc/journal.ts'
import type { DeliverFields, Outbox, Parcel } from '../smsc/outbox.ts'
import type { Trace } from '../trace.ts'
import { canonicalNumber, wireAddress } from './number.ts'
import { type WrittenPart, writeText } from './write.ts'

interface Options {
  readonly behaviour: Behaviour
  readonly outbox: Outbox
  readonly schedule: Schedule
  readonly trace: Trace
  readonly journal: Journal | undefined
}

/** What was sent, as the handset shows it. */
export interface SentText {
  readonly encoding: 'gsm7' | 'ucs2'
  readonly segments: number
}

/** With `sharedReference`: any number will do, as long as it is one for all. */
const SHARED_REFERENCE = 7

/** Sends texts from handsets, as well or as badly as the settings say. Facts group 50. */
export function createSender({ behaviour, outbox, schedule, trace, journal }: Options) {
  /** Nothing if too many wait: all parts or none, since a text with a part missing would wait for it at the other end. */
  return (from: string, to: string, text: string, nextReference: () => number): SentText | undefined => {
    const { settings } = behaviour
    const reference = settings.sharedReference ? SHARED_REFERENCE : nextReference()
    const written = writeText(text, reference, settings.longText)
    if (!outbox.hasRoomFor(written.parts.length)) return undefined
    const key = behaviour.chance.message(from, 'from')
    const asDataSm = happens(settings.inboundDataSm, key, purposes.inboundDataSm)
    const receiver = canonicalNumber(to)
    const parcels = written.parts.map((part) => kept(textFields(from, receiver, part, asDataSm)))
    send(arranged(parcels, key), key)
    return written
  }

  function kept(fields: DeliverFields): Parcel {
    if (!journal) return textParcel(fields)
    const n = journal.text(fields)
    return textParcel(fields, () => journal.delivered(n))
  }

  function send(parcels: readonly Parcel[], key: number): void {
    let due = 0
    parcels.forEach((parcel, index) => {
      const own = mix(key, index + 1)
      const isMissing =
        parcels.length > 1 && happens(behaviour.settings.partMissing, own, purposes.partMissing)
      const copies = isMissing ? 0 : happens(behaviour.settings.partTwice, own, purposes.partTwice) ? 2 : 1
      due += sampleFor(behaviour.plan.partDelay, own, purposes.partDelay)
      if (trace.on) trace.add('inbound', { part: index + 1, of: parcels.length, copies, delay: due })
      const put = (): void => {
        for (let copy = 0; copy < copies; copy += 1) outbox.add(parcel)
      }
      if (due === 0) put()
      else schedule.after(due, put)
    })
  }

  function arranged(parcels: Parcel[], key: number): Parcel[] {
    const { partOrder } = behaviour.settings
    if (partOrder === 'reverse') return parcels.reverse()
    if (partOrder === 'shuffled') {
      for (let i = parcels.length - 1; i > 0; i -= 1) {
        const other = Math.floor(unit(mix(key, i), purposes.partOrder) * (i + 1))
        ;[parcels[i], parcels[other]] = [parcels[other]!, parcels[i]!]
      }
    }
    return parcels
  }
}

const MESSAGE_PAYLOAD = 0x0424
const NOTHING = new Uint8Array(0)

/** The fields of a deliver_sm or data_sm, on their way to whichever bind takes them. */
export function textParcel(fields: DeliverFields, onTaken?: () => void): Parcel {
  return { kind: 'text', systemId: undefined, write: () => fields, ...(onTaken && { onTaken }) }
}

/** One deliver_sm or data_sm that carries a part from a handset. */
export function textFields(from: string, to: string, part: WrittenPart, asDataSm = false): DeliverFields {
  const source = wireAddress(from)
  const destination = wireAddress(to)
  const { shortMessage, tlvs } = part
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
    esm_class: part.esmClass,
    data_coding: part.dataCoding,
    short_message: asDataSm ? NOTHING : shortMessage,
    tlvs:
      asDataSm && shortMessage.length > 0 ? [...tlvs, { tag: MESSAGE_PAYLOAD, value: shortMessage }] : tlvs,
    ...(asDataSm && { command: 'data_sm' as const }),
  }
}
