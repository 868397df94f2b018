import { bodyOf, withBody } from './frames.ts'

/** Which PDUs of the SMSC a fault spoils: `answer` is a submit_sm_resp, `request` a deliver_sm or data_sm. */
export type Spoils = 'any' | 'answer' | 'request' | 'bind' | 'enquire' | 'unbind'

/** What goes out instead of one PDU, in one write each. */
export interface Spoiled {
  readonly writes: readonly Uint8Array[]
  /** The next PDU passes first. */
  readonly hold?: true
  /** Octets behind these, in one write with the next PDU. */
  readonly rest?: Uint8Array
}

export interface Fault {
  readonly what: string
  readonly spoils: Spoils
  /** A peer that is right in its mind closes the link. */
  readonly fatal?: true
  readonly spoil: (frame: Buffer) => Spoiled
}

export const one = (...pieces: readonly Uint8Array[]): Spoiled => ({ writes: [Buffer.concat(pieces)] })
export const text = (characters: string): Buffer => Buffer.from(characters, 'latin1')
export const u32 = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`

/** TLVs behind the end. */
export const behind =
  (...tlvs: readonly Uint8Array[]) =>
  (frame: Buffer): Spoiled =>
    one(withBody(frame, bodyOf(frame), ...tlvs))
/** Something of its own before the PDU. */
export const before =
  (make: (frame: Buffer) => Buffer) =>
  (frame: Buffer): Spoiled =>
    one(make(frame), frame)
