/** Every error that this package throws, by code. Malformed input from the air is never thrown: see `problems`. */
export const gsmErrors = {
  not_encodable: 'The text holds a character that the GSM 7-bit alphabet does not have.',
  no_locking_table: 'The language has no locking shift table: Spanish has a single shift table only.',
  too_many_segments: 'The text needs more than 255 segments, which is all that the header can count.',
  header_too_long: 'The elements of the header leave no room for text, or do not fit into a header.',
  no_data_coding: 'No data coding value says this of a message.',
  element_out_of_range: 'A value does not fit into its header element: a port, a part, a count, an address.',
} as const
export type GsmErrorCode = keyof typeof gsmErrors

/** `index` is the UTF-16 index in the text where it went wrong. The text itself stays out of the message. */
export class GsmError extends Error {
  readonly code: GsmErrorCode
  readonly index: number | undefined

  constructor(code: GsmErrorCode, index?: number) {
    super(index === undefined ? gsmErrors[code] : `${gsmErrors[code]} (index ${index})`)
    this.name = 'GsmError'
    this.code = code
    this.index = index
  }
}
