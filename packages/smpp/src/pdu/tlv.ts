import { SmppError } from '../errors.ts'
import { type KindValue, readKind, type TlvKind, writeKind } from './tlv-kinds.ts'

/** One optional parameter. Unknown tags keep their octets exactly through decode and encode. */
export interface Tlv {
  readonly tag: number
  /** The name in the specification, where the tag has one. */
  readonly name?: string
  readonly value: Uint8Array
}

export const noTlvs: readonly Tlv[] = Object.freeze([])

/** Every standard tag and the kind of its value. [SMPP 3.4 §5.3.2, 5.0 §4.8.4] */
const standard = {
  dest_addr_subunit: [0x0005, 'u8'],
  dest_network_type: [0x0006, 'u8'],
  dest_bearer_type: [0x0007, 'u8'],
  dest_telematics_id: [0x0008, 'u16'],
  source_addr_subunit: [0x000d, 'u8'],
  source_network_type: [0x000e, 'u8'],
  source_bearer_type: [0x000f, 'u8'],
  source_telematics_id: [0x0010, 'u8'], // two octets in 5.0
  qos_time_to_live: [0x0017, 'u32'],
  payload_type: [0x0019, 'u8'],
  additional_status_info_text: [0x001d, 'cstring'],
  receipted_message_id: [0x001e, 'cstring'],
  ms_msg_wait_facilities: [0x0030, 'u8'],
  privacy_indicator: [0x0201, 'u8'],
  source_subaddress: [0x0202, 'subaddress'],
  dest_subaddress: [0x0203, 'subaddress'],
  user_message_reference: [0x0204, 'u16'],
  user_response_code: [0x0205, 'u8'],
  source_port: [0x020a, 'u16'],
  destination_port: [0x020b, 'u16'],
  sar_msg_ref_num: [0x020c, 'u16'],
  language_indicator: [0x020d, 'u8'],
  sar_total_segments: [0x020e, 'u8'],
  sar_segment_seqnum: [0x020f, 'u8'],
  sc_interface_version: [0x0210, 'u8'],
  callback_num_pres_ind: [0x0302, 'u8'],
  callback_num_atag: [0x0303, 'callback_num_atag'],
  number_of_messages: [0x0304, 'u8'],
  callback_num: [0x0381, 'callback_num'],
  dpf_result: [0x0420, 'u8'],
  set_dpf: [0x0421, 'u8'],
  ms_availability_status: [0x0422, 'u8'],
  network_error_code: [0x0423, 'network_error_code'],
  message_payload: [0x0424, 'octets'],
  delivery_failure_reason: [0x0425, 'u8'],
  more_messages_to_send: [0x0426, 'u8'],
  message_state: [0x0427, 'u8'],
  congestion_state: [0x0428, 'u8'],
  ussd_service_op: [0x0501, 'u8'],
  broadcast_channel_indicator: [0x0600, 'u8'],
  broadcast_content_type: [0x0601, 'broadcast_content_type'],
  broadcast_content_type_info: [0x0602, 'octets'],
  broadcast_message_class: [0x0603, 'u8'],
  broadcast_rep_num: [0x0604, 'u16'],
  broadcast_frequency_interval: [0x0605, 'broadcast_frequency_interval'],
  broadcast_area_identifier: [0x0606, 'formatted'],
  broadcast_error_status: [0x0607, 'u32'],
  broadcast_area_success: [0x0608, 'u8'],
  broadcast_end_time: [0x0609, 'cstring'],
  broadcast_service_group: [0x060a, 'octets'],
  billing_identification: [0x060b, 'formatted'],
  source_network_id: [0x060d, 'cstring'],
  dest_network_id: [0x060e, 'cstring'],
  source_node_id: [0x060f, 'octets'],
  dest_node_id: [0x0610, 'octets'],
  dest_addr_np_resolution: [0x0611, 'u8'],
  dest_addr_np_information: [0x0612, 'octets'],
  dest_addr_np_country: [0x0613, 'octets'],
  display_time: [0x1201, 'u8'],
  sms_signal: [0x1203, 'u16'],
  ms_validity: [0x1204, 'ms_validity'],
  alert_on_message_delivery: [0x130c, 'optional_u8'],
  its_reply_type: [0x1380, 'u8'],
  its_session_info: [0x1383, 'its_session_info'],
} as const satisfies TlvTable

/** Names of TLVs, the tag of each, and the kind of its value. */
export type TlvTable = Readonly<Record<string, readonly [tag: number, kind: TlvKind]>>
type Standard = typeof standard
export type TlvName = keyof Standard & string
type ValueIn<T extends TlvTable, N extends keyof T> = KindValue<T[N][1]>
export type TlvValue<N extends TlvName> = ValueIn<Standard, N>

/** Which names, tags and kinds hold on one link. */
export interface TlvDictionary<T extends TlvTable = Standard> {
  readonly table: T
  readonly names: ReadonlyMap<number, string>
}

const namesOf = (table: TlvTable): Map<number, string> =>
  new Map(Object.entries(table).map(([name, [tag]]) => [tag, name]))
const standardDictionary: TlvDictionary = { table: standard, names: namesOf(standard) }

/**
 * The standard TLVs and those of one carrier: `createTlvDictionary({ dlt_entity_id: [0x1400, 'string'] })`. The same
 * tag means different things at different carriers (facts group 41), so it belongs to a link and is handed to `tlv`,
 * `readTlv` and the rest; there is no registry. An entry with the name of a standard TLV
 * replaces it; one with its tag is another way to read it, and the name it goes by.
 */
export function createTlvDictionary<const T extends TlvTable>(
  own: T,
): TlvDictionary<Omit<Standard, keyof T> & T> {
  const table = { ...standard, ...own } as unknown as Omit<Standard, keyof T> & T
  return { table, names: new Map([...standardDictionary.names, ...namesOf(own)]) }
}

function entryOf(dictionary: { table: TlvTable }, name: string): TlvTable[string] {
  const entry = dictionary.table[name]
  if (entry === undefined) throw new SmppError('invalid_pdu', { detail: `no TLV is called ${name}` })
  return entry
}

/** The name of a tag in that dictionary, or undefined. */
export const tlvName = (
  tag: number,
  dictionary: { names: ReadonlyMap<number, string> } = standardDictionary,
) => dictionary.names.get(tag)

/** The first TLV with this name or tag, as it came. */
export function findTlv<T extends TlvTable = Standard>(
  tlvs: readonly Tlv[],
  which: (keyof T & string) | number,
  dictionary: TlvDictionary<T> = standardDictionary as unknown as TlvDictionary<T>,
): Tlv | undefined {
  const tag = typeof which === 'number' ? which : entryOf(dictionary, which)[0]
  for (const tlv of tlvs) if (tlv.tag === tag) return tlv
  return undefined
}

/**
 * The value of the first TLV of that name, by its kind; undefined if it is not there or cannot be read. Integers are
 * read at whatever width the peer sent, strings end at their NUL or at the end (facts group 7).
 */
export function readTlv<N extends TlvName>(pdu: WithTlvs, name: N): TlvValue<N> | undefined
export function readTlv<T extends TlvTable, N extends keyof T & string>(
  pdu: WithTlvs,
  name: N,
  dictionary: TlvDictionary<T>,
): ValueIn<T, N> | undefined
export function readTlv(pdu: WithTlvs, name: string, dictionary: Loose = standardDictionary): unknown {
  const [tag, kind] = entryOf(dictionary, name)
  for (const tlv of pdu.tlvs) if (tlv.tag === tag) return readKind(kind, tlv.value)
  return undefined
}

/** The values of all TLVs of that name, in their order: broadcast_area_identifier comes once for each area. */
export function readTlvs<N extends TlvName>(pdu: WithTlvs, name: N): TlvValue<N>[]
export function readTlvs<T extends TlvTable, N extends keyof T & string>(
  pdu: WithTlvs,
  name: N,
  dictionary: TlvDictionary<T>,
): ValueIn<T, N>[]
export function readTlvs(pdu: WithTlvs, name: string, dictionary: Loose = standardDictionary): unknown[] {
  const [tag, kind] = entryOf(dictionary, name)
  const values = pdu.tlvs.filter((tlv) => tlv.tag === tag).map((tlv) => readKind(kind, tlv.value))
  return values.filter((value) => value !== undefined)
}

/**
 * Makes a TLV from its value: `tlv('user_message_reference', 7)`. Octets are taken as they are for every kind. Throws
 * SmppError `invalid_pdu` for a value that does not fit.
 */
export function tlv<N extends TlvName>(name: N, value: TlvValue<N> | Uint8Array): Tlv
export function tlv<T extends TlvTable, N extends keyof T & string>(
  name: N,
  value: ValueIn<T, N> | Uint8Array,
  dictionary: TlvDictionary<T>,
): Tlv
export function tlv(name: string, value: unknown, dictionary: Loose = standardDictionary): Tlv {
  const [tag, kind] = entryOf(dictionary, name)
  return { tag, name, value: writeKind(kind, value, name) }
}

interface WithTlvs {
  tlvs: readonly Tlv[]
}
type Loose = TlvDictionary<TlvTable>
