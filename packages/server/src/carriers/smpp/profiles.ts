import type { GivenSmppSettings } from './settings.ts'

export interface SmppProfile {
  readonly name: string
  /** The habit, in words; settings are what follows from it. */
  readonly what: string
  readonly settings: Partial<GivenSmppSettings>
}

/**
 * Settings of networks whose habits are known from their documents or from issues of projects that met them. A
 * profile is no portrait: what is not here is at its default, and a carrier's own settings go before it. Those without
 * settings say that the defaults do. The simulator has profiles of the same names.
 */
export const smppProfiles: readonly SmppProfile[] = [
  {
    name: 'vonage',
    what: 'Ids in hex in answers and in decimal in receipts, which have no TLVs.',
    settings: { id_base: { text: 'hex_to_decimal' } },
  },
  {
    name: 'clickatell',
    what: 'Wants 30 seconds between two binds of one account.',
    settings: { bind_pause_seconds: 30 },
  },
  {
    name: 'openmarket',
    what: 'Dashed ids; keys of dates in one word, of twelve digits, in UTC.',
    settings: { id_base: { text: 'same', tlv: 'same' }, receipts: { zone: 'UTC' } },
  },
  {
    name: 'yo',
    what: '`stat:0` in a receipt means delivered: that is read without being told.',
    settings: {},
  },
  {
    name: 'melrose',
    what: 'query_sm and cancel_sm are answered, and go by the id alone.',
    settings: { query_sm: true, cancel_sm: true },
  },
  {
    name: 'nextel',
    what: 'sm_length says more than there is: that is read without being told.',
    settings: {},
  },
  {
    name: 'netfors',
    what: 'A TLV of receipts is longer than the PDU: what stands before it is read.',
    settings: {},
  },
  {
    name: 'kannel',
    what: 'A gateway as carrier: receipts may name the id as a TLV and the state in the text alone, errors as digits.',
    settings: {},
  },
  {
    name: 'jsmpp',
    what: 'Ids in hex, in receipts as ten decimal digits with zeros in front.',
    settings: { id_base: { text: 'hex_to_decimal' } },
  },
  {
    name: 'hex-64',
    what: 'Ids beyond 2^63, in hex in answers and in decimal in receipts.',
    settings: { id_base: { text: 'hex_to_decimal' } },
  },
  {
    name: 'ksmppd',
    what: 'UUIDs as ids; dates with seconds.',
    settings: { id_base: { text: 'same', tlv: 'same' } },
  },
  {
    name: 'restcomm',
    what: 'Gives ids again after a while: the recipient decides, then the newest.',
    settings: {},
  },
  {
    name: 'vumi',
    what: 'Carriers that do not mark receipts by esm_class.',
    settings: { receipts: { unmarked: true } },
  },
  {
    name: 'jasmin',
    what: 'FAILED, and zeros for the date of what was not delivered: both are read.',
    settings: {},
  },
  {
    name: 'latin1',
    what: 'An SMSC whose default alphabet is Latin-1, both ways.',
    settings: { data_coding_0: { out: 'latin1', in: 'latin1' } },
  },
  {
    name: 'packed',
    what: 'An SMSC that takes and sends the GSM alphabet packed.',
    settings: { data_coding_0: { out: 'gsm7_packed', in: 'gsm7_packed' } },
  },
  {
    name: 'one-receipt',
    what: 'One receipt for all parts of a long message, the first or the last.',
    settings: { receipts: { parts: 'one' } },
  },
  {
    name: 'india-dlt',
    what: 'Operators that want the ids of entity and template (DLT): set both in `submit_tlvs`.',
    settings: {
      tlvs: {
        dlt_entity_id: { tag: 0x1400, kind: 'cstring' },
        dlt_template_id: { tag: 0x1401, kind: 'cstring' },
      },
    },
  },
]
