import {
  cstring,
  destinations,
  type Field,
  type FieldValue,
  failures,
  octets,
  strings,
  u8,
} from './fields.ts'
import type { Tlv, TlvName } from './tlv.ts'

/** One row of the table. */
export interface CommandEntry {
  readonly id: number
  readonly fields: readonly Field[]
  /** The response that answers it; requests without one (outbind, alert_notification) have none. */
  readonly answer?: string
  /** The body is left out when command_status is not 0. [SMPP 3.4 §4.1.2, §4.4.2] */
  readonly bareOnError?: true
  /** Which bind an ESME needs to send this ('transmit') or to be sent this ('receive'). [SMPP 3.4 §2.3] */
  readonly needs?: 'transmit' | 'receive' | 'either'
  /** The TLVs without which it says nothing; most commands have none. See `missingTlvs`. */
  readonly requires?: readonly TlvName[]
  /** The first version of the protocol that has it, where that is not 3.3. */
  readonly since?: 0x34 | 0x50
  /** The last version that has it, where later ones dropped it. */
  readonly until?: 0x33
}

// Carriers hand out passwords and names longer than the specified 8 and 15 characters (facts group 8).
const bind = [
  cstring('system_id', 16, 65),
  cstring('password', 9, 65),
  cstring('system_type', 13, 65),
  u8('interface_version', 0x34),
  u8('addr_ton'),
  u8('addr_npi'),
  cstring('address_range', 41, 65),
] as const
const bindAnswer = [cstring('system_id', 16, 65)] as const
const source = [u8('source_addr_ton'), u8('source_addr_npi'), cstring('source_addr', 21)] as const
const destination = [u8('dest_addr_ton'), u8('dest_addr_npi'), cstring('destination_addr', 21)] as const
const content = [
  u8('esm_class'),
  u8('protocol_id'),
  u8('priority_flag'),
  cstring('schedule_delivery_time', 17),
  cstring('validity_period', 17),
  u8('registered_delivery'),
  u8('replace_if_present_flag'),
  u8('data_coding'),
  u8('sm_default_msg_id'),
  octets('short_message'),
] as const
const shortMessage = [cstring('service_type', 6), ...source, ...destination, ...content] as const
const messageId = [cstring('message_id', 65, 256)] as const
const queried = [cstring('final_date', 17), u8('message_state'), u8('error_code')] as const

/**
 * Every PDU of SMPP 3.3, 3.4 and 5.0: its id, its mandatory fields in wire order, and how it behaves.
 * [SMPP 3.4 §5.1.2.1, 5.0 §4] The three that only 3.3 has (0x22 to 0x24) stand as public implementations have them.
 */
export const commands = {
  generic_nack: { id: 0x80000000, fields: [] },
  bind_receiver: { id: 0x00000001, fields: bind, answer: 'bind_receiver_resp' },
  bind_receiver_resp: { id: 0x80000001, fields: bindAnswer, bareOnError: true },
  bind_transmitter: { id: 0x00000002, fields: bind, answer: 'bind_transmitter_resp' },
  bind_transmitter_resp: { id: 0x80000002, fields: bindAnswer, bareOnError: true },
  query_sm: {
    id: 0x00000003,
    fields: [...messageId, ...source],
    answer: 'query_sm_resp',
    needs: 'transmit',
  },
  query_sm_resp: {
    id: 0x80000003,
    fields: [...messageId, ...queried],
  },
  submit_sm: { id: 0x00000004, fields: shortMessage, answer: 'submit_sm_resp', needs: 'transmit' },
  submit_sm_resp: { id: 0x80000004, fields: messageId, bareOnError: true },
  deliver_sm: { id: 0x00000005, fields: shortMessage, answer: 'deliver_sm_resp', needs: 'receive' },
  deliver_sm_resp: { id: 0x80000005, fields: messageId },
  unbind: { id: 0x00000006, fields: [], answer: 'unbind_resp' },
  unbind_resp: { id: 0x80000006, fields: [] },
  replace_sm: {
    id: 0x00000007,
    fields: [
      ...messageId,
      ...source,
      cstring('schedule_delivery_time', 17),
      cstring('validity_period', 17),
      u8('registered_delivery'),
      u8('sm_default_msg_id'),
      octets('short_message'),
    ],
    answer: 'replace_sm_resp',
    needs: 'transmit',
  },
  replace_sm_resp: { id: 0x80000007, fields: [] },
  cancel_sm: {
    id: 0x00000008,
    fields: [cstring('service_type', 6), ...messageId, ...source, ...destination],
    answer: 'cancel_sm_resp',
    needs: 'transmit',
  },
  cancel_sm_resp: { id: 0x80000008, fields: [] },
  bind_transceiver: { id: 0x00000009, fields: bind, answer: 'bind_transceiver_resp', since: 0x34 },
  bind_transceiver_resp: { id: 0x80000009, fields: bindAnswer, bareOnError: true },
  outbind: {
    id: 0x0000000b,
    fields: [cstring('system_id', 16, 65), cstring('password', 9, 65)],
    since: 0x34,
  },
  enquire_link: { id: 0x00000015, fields: [], answer: 'enquire_link_resp' },
  enquire_link_resp: { id: 0x80000015, fields: [] },
  submit_multi: {
    id: 0x00000021,
    fields: [cstring('service_type', 6), ...source, destinations('dest_addresses'), ...content],
    answer: 'submit_multi_resp',
    needs: 'transmit',
  },
  submit_multi_resp: { id: 0x80000021, fields: [...messageId, failures('unsuccess_smes')] },
  param_retrieve: {
    id: 0x00000022,
    fields: [cstring('param_name', 32)],
    answer: 'param_retrieve_resp',
    until: 0x33,
  },
  param_retrieve_resp: { id: 0x80000022, fields: [cstring('param_value', 101)] },
  query_last_msgs: {
    id: 0x00000023,
    fields: [...source, u8('no_of_msgs')],
    answer: 'query_last_msgs_resp',
    needs: 'transmit',
    until: 0x33,
  },
  query_last_msgs_resp: { id: 0x80000023, fields: [strings('message_ids')] },
  query_msg_details: {
    id: 0x00000024,
    fields: [...messageId, ...source, u8('sm_length')],
    answer: 'query_msg_details_resp',
    needs: 'transmit',
    until: 0x33,
  },
  query_msg_details_resp: {
    id: 0x80000024,
    fields: [
      cstring('service_type', 6),
      ...source,
      destinations('dest_addresses'),
      u8('protocol_id'),
      u8('priority_flag'),
      cstring('schedule_delivery_time', 17),
      cstring('validity_period', 17),
      u8('registered_delivery'),
      u8('data_coding'),
      octets('short_message'),
      ...messageId,
      ...queried,
    ],
  },
  alert_notification: {
    id: 0x00000102,
    fields: [
      u8('source_addr_ton'),
      u8('source_addr_npi'),
      cstring('source_addr', 65),
      u8('esme_addr_ton'),
      u8('esme_addr_npi'),
      cstring('esme_addr', 65),
    ],
    needs: 'receive',
    since: 0x34,
  },
  data_sm: {
    id: 0x00000103,
    fields: [
      cstring('service_type', 6),
      u8('source_addr_ton'),
      u8('source_addr_npi'),
      cstring('source_addr', 65),
      u8('dest_addr_ton'),
      u8('dest_addr_npi'),
      cstring('destination_addr', 65),
      u8('esm_class'),
      u8('registered_delivery'),
      u8('data_coding'),
    ],
    answer: 'data_sm_resp',
    needs: 'either',
    since: 0x34,
  },
  data_sm_resp: { id: 0x80000103, fields: messageId },
  // [SMPP 5.0 §4.4]
  broadcast_sm: {
    id: 0x00000111,
    fields: [
      cstring('service_type', 6),
      ...source,
      ...messageId,
      u8('priority_flag'),
      cstring('schedule_delivery_time', 17),
      cstring('validity_period', 17),
      u8('replace_if_present_flag'),
      u8('data_coding'),
      u8('sm_default_msg_id'),
    ],
    answer: 'broadcast_sm_resp',
    needs: 'transmit',
    requires: [
      'broadcast_area_identifier',
      'broadcast_content_type',
      'broadcast_rep_num',
      'broadcast_frequency_interval',
    ],
    since: 0x50,
  },
  broadcast_sm_resp: { id: 0x80000111, fields: messageId },
  // [SMPP 5.0 §4.6]
  query_broadcast_sm: {
    id: 0x00000112,
    fields: [...messageId, ...source],
    answer: 'query_broadcast_sm_resp',
    needs: 'transmit',
    since: 0x50,
  },
  query_broadcast_sm_resp: {
    id: 0x80000112,
    fields: messageId,
    requires: ['message_state', 'broadcast_area_identifier', 'broadcast_area_success'],
  },
  cancel_broadcast_sm: {
    id: 0x00000113,
    fields: [cstring('service_type', 6), ...messageId, ...source],
    answer: 'cancel_broadcast_sm_resp',
    needs: 'transmit',
    since: 0x50,
  },
  cancel_broadcast_sm_resp: { id: 0x80000113, fields: [] },
} as const satisfies Record<string, CommandEntry>

export type CommandName = keyof typeof commands
type Table = typeof commands

/** Names of the PDUs that ask for an answer. */
export type RequestName = { [C in CommandName]: Table[C] extends { answer: string } ? C : never }[CommandName]
export type ResponseName = { [C in RequestName]: Table[C]['answer'] }[RequestName]

type Named<F extends readonly Field[]> = { [E in F[number] as E['name']]: FieldValue<E> }
type Optional<T> = { [K in keyof T]?: T[K] | undefined }

/** The mandatory fields of one command, all present: what decode gives. */
export type FieldsOf<C extends CommandName> = Named<Table[C]['fields']>
/** The same, each with its default (0, '' or no octets): what encode takes. */
export type FieldsInput<C extends CommandName> = Optional<FieldsOf<C>>

export type PduOf<C extends CommandName> = {
  command: C
  /** command_status: 0 is ESME_ROK. */
  status: number
  sequence: number
  tlvs: readonly Tlv[]
} & FieldsOf<C>

/** A decoded PDU: a plain object, its fields named as in the specification. */
export type Pdu = { [C in CommandName]: PduOf<C> }[CommandName]
/** What a peer may ask of us, without an answer too. */
export type RequestPdu = { [C in RequestName | 'outbind' | 'alert_notification']: PduOf<C> }[
  | RequestName
  | 'outbind'
  | 'alert_notification']
/** The answer to a request: its own response, or a generic_nack. */
export type ResponsePdu = { [C in ResponseName]: PduOf<C> }[ResponseName] | PduOf<'generic_nack'>

export type PduInputOf<C extends CommandName> = {
  command: C
  status?: number | undefined
  sequence?: number | undefined
  tlvs?: readonly Tlv[] | undefined
} & FieldsInput<C>
/** What encode takes: everything but the command has a default. */
export type PduInput = { [C in CommandName]: PduInputOf<C> }[CommandName]
