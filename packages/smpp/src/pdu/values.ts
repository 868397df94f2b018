/** Type of number of an address. [SMPP 3.4 §5.2.5] */
export const Ton = {
  unknown: 0,
  international: 1,
  national: 2,
  network_specific: 3,
  subscriber_number: 4,
  alphanumeric: 5,
  abbreviated: 6,
} as const

/** Numbering plan of an address. [SMPP 3.4 §5.2.6] */
export const Npi = {
  unknown: 0,
  isdn: 1,
  data: 3,
  telex: 4,
  land_mobile: 6,
  national: 8,
  private: 9,
  ermes: 10,
  internet: 14,
  wap_client_id: 18,
} as const

/** message_state of a query's answer or a receipt. [SMPP 3.4 §5.2.28; `scheduled` and `skipped` 5.0 §4.7.15] */
export const MessageState = {
  scheduled: 0,
  enroute: 1,
  delivered: 2,
  expired: 3,
  deleted: 4,
  undeliverable: 5,
  accepted: 6,
  unknown: 7,
  rejected: 8,
  skipped: 9,
} as const

/** delivery_failure_reason of a data_sm_resp. [SMPP 3.4 §5.3.2.33] */
export const DeliveryFailureReason = {
  destination_unavailable: 0,
  destination_address_invalid: 1,
  permanent_network_error: 2,
  temporary_network_error: 3,
} as const

/** ussd_service_op: which step of a USSD dialogue a message is. [SMPP 3.4 §5.3.2.44; facts group 54] */
export const UssdServiceOp = {
  pssd_indication: 0,
  pssr_indication: 1,
  ussr_request: 2,
  ussn_request: 3,
  pssd_response: 16,
  pssr_response: 17,
  ussr_confirm: 18,
  ussn_confirm: 19,
} as const

/** The network of a network_error_code. [SMPP 3.4 §5.3.2.31; from 4 on 5.0 §4.8.4.42] */
export const ErrorNetwork = {
  ansi_136_access_denied: 1,
  is_95_access_denied: 2,
  gsm: 3,
  ansi_136_cause: 4,
  is_95_cause: 5,
  ansi_41: 6,
  smpp: 7,
  message_center: 8,
} as const

/** ms_availability_status of an alert_notification. [SMPP 3.4 §5.3.2.30] */
export const MsAvailability = { available: 0, denied: 1, unavailable: 2 } as const

/** source_network_type and dest_network_type. [SMPP 3.4 §5.3.2.3] */
export const NetworkType = {
  unknown: 0,
  gsm: 1,
  tdma: 2,
  cdma: 3,
  pdc: 4,
  phs: 5,
  iden: 6,
  amps: 7,
  paging: 8,
} as const

/** source_addr_subunit and dest_addr_subunit. [SMPP 3.4 §5.3.2.1] */
export const AddressSubunit = {
  unknown: 0,
  ms_display: 1,
  mobile_equipment: 2,
  smart_card: 3,
  external_unit: 4,
} as const

/** privacy_indicator. [SMPP 3.4 §5.3.2.14] */
export const Privacy = { none: 0, restricted: 1, confidential: 2, secret: 3 } as const

/** language_indicator. [SMPP 3.4 §5.3.2.19] */
export const Language = {
  unspecified: 0,
  english: 1,
  french: 2,
  spanish: 3,
  german: 4,
  portuguese: 5,
} as const

/** The format of a broadcast_area_identifier. [SMPP 5.0 §4.8.4.4.1] */
export const BroadcastAreaFormat = { name: 0, ellipsoid_arc: 1, polygon: 2 } as const

/** The network of a broadcast_content_type. [SMPP 5.0 §4.8.4.8] */
export const BroadcastNetwork = { generic: 0, gsm: 1, tdma: 2, cdma: 3 } as const

/** The unit of a broadcast_frequency_interval. [SMPP 5.0 §4.8.4.11] */
export const BroadcastUnit = {
  as_often_as_possible: 0,
  seconds: 8,
  minutes: 9,
  hours: 10,
  days: 11,
  weeks: 12,
  months: 13,
  years: 14,
} as const

/** The name of a value in one of these tables: `valueName(MessageState, 2)` is 'delivered'; undefined outside of it. */
export function valueName<T extends Readonly<Record<string, number>>>(
  table: T,
  value: number,
): (keyof T & string) | undefined {
  for (const name in table) if (table[name] === value) return name
  return undefined
}
