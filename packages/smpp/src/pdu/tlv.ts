/** One optional parameter. Unknown tags keep their octets exactly through decode and encode. */
export interface Tlv {
  readonly tag: number
  /** The name in the specification, where the tag has one. */
  readonly name?: string
  readonly value: Uint8Array
}

export const noTlvs: readonly Tlv[] = Object.freeze([])

type TlvType = 'u8' | 'u16' | 'u32' | 'cstring' | 'octets' | 'empty'

/** Standard tags. [SMPP 3.4 §5.3.2, 5.0 §4.8.4] The same vendor tag means different things at different carriers. */
const table = {
  dest_addr_subunit: [0x0005, 'u8'],
  dest_network_type: [0x0006, 'u8'],
  dest_bearer_type: [0x0007, 'u8'],
  dest_telematics_id: [0x0008, 'u16'],
  source_addr_subunit: [0x000d, 'u8'],
  source_network_type: [0x000e, 'u8'],
  source_bearer_type: [0x000f, 'u8'],
  source_telematics_id: [0x0010, 'u8'],
  qos_time_to_live: [0x0017, 'u32'],
  payload_type: [0x0019, 'u8'],
  additional_status_info_text: [0x001d, 'cstring'],
  receipted_message_id: [0x001e, 'cstring'],
  ms_msg_wait_facilities: [0x0030, 'u8'],
  privacy_indicator: [0x0201, 'u8'],
  source_subaddress: [0x0202, 'octets'],
  dest_subaddress: [0x0203, 'octets'],
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
  callback_num_atag: [0x0303, 'octets'],
  number_of_messages: [0x0304, 'u8'],
  callback_num: [0x0381, 'octets'],
  dpf_result: [0x0420, 'u8'],
  set_dpf: [0x0421, 'u8'],
  ms_availability_status: [0x0422, 'u8'],
  network_error_code: [0x0423, 'octets'],
  message_payload: [0x0424, 'octets'],
  delivery_failure_reason: [0x0425, 'u8'],
  more_messages_to_send: [0x0426, 'u8'],
  message_state: [0x0427, 'u8'],
  congestion_state: [0x0428, 'u8'],
  ussd_service_op: [0x0501, 'u8'],
  broadcast_channel_indicator: [0x0600, 'u8'],
  broadcast_content_type: [0x0601, 'octets'],
  broadcast_content_type_info: [0x0602, 'octets'],
  broadcast_message_class: [0x0603, 'u8'],
  broadcast_rep_num: [0x0604, 'u16'],
  broadcast_frequency_interval: [0x0605, 'octets'],
  broadcast_area_identifier: [0x0606, 'octets'],
  broadcast_error_status: [0x0607, 'u32'],
  broadcast_area_success: [0x0608, 'u8'],
  broadcast_end_time: [0x0609, 'cstring'],
  broadcast_service_group: [0x060a, 'octets'],
  billing_identification: [0x060b, 'octets'],
  source_network_id: [0x060d, 'cstring'],
  dest_network_id: [0x060e, 'cstring'],
  source_node_id: [0x060f, 'octets'],
  dest_node_id: [0x0610, 'octets'],
  dest_addr_np_resolution: [0x0611, 'u8'],
  dest_addr_np_information: [0x0612, 'octets'],
  dest_addr_np_country: [0x0613, 'octets'],
  display_time: [0x1201, 'u8'],
  sms_signal: [0x1203, 'u16'],
  ms_validity: [0x1204, 'octets'],
  alert_on_message_delivery: [0x130c, 'empty'],
  its_reply_type: [0x1380, 'u8'],
  its_session_info: [0x1383, 'octets'],
} as const satisfies Record<string, readonly [number, TlvType]>

export type TlvName = keyof typeof table
interface ValueByType {
  u8: number
  u16: number
  u32: number
  cstring: string
  octets: Uint8Array
  empty: true
}
export type TlvValue<N extends TlvName> = ValueByType[(typeof table)[N][1]]

const namesByTag = new Map<number, string>(Object.entries(table).map(([name, [tag]]) => [tag, name]))
const widths = { u8: 1, u16: 2, u32: 4 } as const

/** The name of a standard tag, or undefined. */
export const tlvName = (tag: number): string | undefined => namesByTag.get(tag)

/** The first TLV with this name or tag, as it came. */
export const findTlv = (tlvs: readonly Tlv[], which: TlvName | number): Tlv | undefined => {
  const tag = typeof which === 'number' ? which : table[which][0]
  for (const tlv of tlvs) if (tlv.tag === tag) return tlv
  return undefined
}

/**
 * The value of a standard TLV by its type; undefined if it is not there or empty. Integers are read at whatever
 * width the peer sent (up to four octets), strings end at their NUL or at the end (facts group 7).
 */
export function readTlv<N extends TlvName>(pdu: { tlvs: readonly Tlv[] }, name: N): TlvValue<N> | undefined {
  const tlv = findTlv(pdu.tlvs, name)
  return tlv && (readValue(table[name][1], tlv.value) as TlvValue<N> | undefined)
}

function readValue(type: TlvType, value: Uint8Array): number | string | Uint8Array | true | undefined {
  switch (type) {
    case 'empty':
      return true
    case 'octets':
      return value
    case 'cstring': {
      const nul = value.indexOf(0)
      return Buffer.from(nul < 0 ? value : value.subarray(0, nul)).toString('latin1')
    }
    default: {
      if (value.length === 0 || value.length > 4) return undefined
      let number = 0
      for (const octet of value) number = number * 256 + octet
      return number
    }
  }
}

/** Makes a standard TLV from its value: `tlv('user_message_reference', 7)`. Throws RangeError if it does not fit. */
export function tlv<N extends TlvName>(name: N, value: TlvValue<N>): Tlv {
  const [tag, type] = table[name] as readonly [number, TlvType]
  return { tag, name, value: writeValue(name, type, value) }
}

function writeValue(name: string, type: TlvType, value: number | string | Uint8Array | true): Uint8Array {
  if (type === 'empty') return new Uint8Array(0)
  if (type === 'octets') return value as Uint8Array
  if (type === 'cstring') return Buffer.from(`${value as string}\0`, 'latin1')
  const width = widths[type]
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= 256 ** width)
    throw new RangeError(`${name} does not fit ${width} octets`)
  const octets = Buffer.alloc(width)
  octets.writeUIntBE(value as number, 0, width)
  return octets
}
