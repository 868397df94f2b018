import {
  createTlvDictionary,
  readTlv,
  type Tlv,
  type TlvDictionary,
  type TlvTable,
  tlv,
} from '@kurzpost/smpp'
import type { SmppSettings } from './settings.ts'

type TlvSettings = Pick<SmppSettings, 'tlvs' | 'submit_tlvs'>

/** What a TLV of a carrier says, for people. */
export type TlvDetails = Readonly<Record<string, string | number>>

/** The carrier's own TLVs, both ways: the same tag means different things at different carriers (group 41). */
export interface CarrierTlvs {
  /** Goes into each submission. */
  readonly submit: readonly Tlv[]
  /** The carrier's TLVs in a PDU, by name; undefined for none. */
  read(pdu: { tlvs: readonly Tlv[] }): TlvDetails | undefined
}

/** Longest text of a TLV that is kept. */
const longest = 200

/** What says where a text is and which part of one: the same in every submission it would make another text of it. */
const ours: ReadonlySet<string> = new Set([
  'message_payload',
  'sar_msg_ref_num',
  'sar_total_segments',
  'sar_segment_seqnum',
  'user_message_reference',
])

/** Buffer.from stops in silence at what is no digit. */
function hex(name: string, text: string): Buffer {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new RangeError(`${name} is to be octets in hex.`)
  return Buffer.from(text, 'hex')
}

/** Throws RangeError for octets that are no hex and for a TLV that is ours, SmppError `invalid_pdu` for a name that is in no dictionary, and for a value that its kind does not hold. */
export function carrierTlvs({ tlvs, submit_tlvs }: TlvSettings): CarrierTlvs {
  const own: TlvTable = Object.fromEntries(
    Object.entries(tlvs).map(([name, { tag, kind }]) => [name, [tag, kind] as const]),
  )
  const dictionary = createTlvDictionary(own) as unknown as TlvDictionary<TlvTable>
  const names = Object.keys(own)
  const submit = Object.entries(submit_tlvs).map(([name, value]) => {
    if (ours.has(name)) throw new RangeError(`${name} is for us to say, of each submission.`)
    const kind = dictionary.table[name]?.[1]
    const octets = kind === 'octets' && typeof value === 'string' ? hex(name, value) : value
    return tlv(name, octets as never, dictionary)
  })
  return {
    submit,
    read(pdu) {
      if (names.length === 0 || pdu.tlvs.length === 0) return undefined
      const found = names.flatMap((name) => {
        const value = readable(readTlv(pdu, name, dictionary))
        return value === undefined ? [] : [[name, value] as const]
      })
      return found.length === 0 ? undefined : Object.fromEntries(found)
    },
  }
}

function readable(value: unknown): string | number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed().slice(0, longest)
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex').slice(0, longest) : undefined
}
