/** Kinds of mandatory fields. Encode and decode both read these descriptions, so that they cannot disagree. */
export type FieldType = 'u8' | 'cstring' | 'octets' | 'destinations' | 'failures' | 'strings'

export interface Field<Name extends string = string, Type extends FieldType = FieldType> {
  readonly name: Name
  readonly type: Type
  /** Octets on the wire at most: for a cstring with its NUL, for octets without the length octet. */
  readonly max: number
  /** What the specification allows, where we send and take more than that because carriers do. */
  readonly specified: number
  readonly fallback: number
}

/** One octet, unsigned. */
export const u8 = <const N extends string>(name: N, fallback = 0): Field<N, 'u8'> => ({
  name,
  type: 'u8',
  max: 1,
  specified: 1,
  fallback,
})

/** C-Octet String: Latin-1 so that every octet survives, NUL-terminated; `specified` counts the NUL. */
export const cstring = <const N extends string>(
  name: N,
  specified: number,
  max = specified,
): Field<N, 'cstring'> => ({
  name,
  type: 'cstring',
  max,
  specified,
  fallback: 0,
})

/** One length octet, then that many octets: sm_length and short_message. [SMPP 3.4 §5.2.21 says 254; 255 is seen] */
export const octets = <const N extends string>(name: N): Field<N, 'octets'> => ({
  name,
  type: 'octets',
  max: 255,
  specified: 254,
  fallback: 0,
})

/** number_of_dests and dest_address(es) of submit_multi. [SMPP 3.4 §4.5.1] */
export const destinations = <const N extends string>(name: N): Field<N, 'destinations'> => ({
  name,
  type: 'destinations',
  max: 1,
  specified: 254,
  fallback: 0,
})

/** no_unsuccess and unsuccess_sme(s) of submit_multi_resp. [SMPP 3.4 §4.5.2] */
export const failures = <const N extends string>(name: N): Field<N, 'failures'> => ({
  name,
  type: 'failures',
  max: 1,
  specified: 255,
  fallback: 0,
})

/** no_of_msgs and the message_ids of query_last_msgs_resp. [SMPP 3.3] */
export const strings = <const N extends string>(name: N): Field<N, 'strings'> => ({
  name,
  type: 'strings',
  max: 1,
  specified: 255,
  fallback: 0,
})

/** One destination of submit_multi: an SME address, or the name of a distribution list. */
export type Destination =
  | { dest_addr_ton: number; dest_addr_npi: number; destination_addr: string }
  | { dl_name: string }

/** One destination that submit_multi could not reach, and why. */
export interface Failure {
  dest_addr_ton: number
  dest_addr_npi: number
  destination_addr: string
  error_status_code: number
}

interface ValueByType {
  u8: number
  cstring: string
  octets: Uint8Array
  destinations: readonly Destination[]
  failures: readonly Failure[]
  strings: readonly string[]
}

export type FieldValue<F extends Field> = ValueByType[F['type']]
