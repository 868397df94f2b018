/** Encoded PDUs taken apart, for faults that the encoder would refuse to write. [SMPP 3.4 §3.2, §4.6.1, §4.7.1] */

export const HEADER = 16
export const idOf = (frame: Buffer): number => frame.readUInt32BE(4)
export const statusOfFrame = (frame: Buffer): number => frame.readUInt32BE(8)
export const sequenceOf = (frame: Buffer): number => frame.readUInt32BE(12)

/** A PDU with this body and a command_length that is true. */
export function frameOf(id: number, status: number, sequence: number, body: Uint8Array = NOTHING): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + body.length)
  frame.writeUInt32BE(frame.length, 0)
  frame.writeUInt32BE(id, 4)
  frame.writeUInt32BE(status >>> 0, 8)
  frame.writeUInt32BE(sequence >>> 0, 12)
  frame.set(body, HEADER)
  return frame
}
const NOTHING = new Uint8Array(0)

/** The same header before another body. */
export const withBody = (frame: Buffer, ...pieces: readonly Uint8Array[]): Buffer =>
  frameOf(idOf(frame), statusOfFrame(frame), sequenceOf(frame), Buffer.concat(pieces))

export const bodyOf = (frame: Buffer): Buffer => frame.subarray(HEADER)

/** The same PDU with another command_length, which is a lie then. */
export function withLength(frame: Buffer, length: number): Buffer {
  const copy = Buffer.from(frame)
  copy.writeUInt32BE(length, 0)
  return copy
}

export function tlvOctets(tag: number, value: Uint8Array | string, length?: number): Buffer {
  const octets = typeof value === 'string' ? Buffer.from(value, 'latin1') : value
  const head = Buffer.allocUnsafe(4)
  head.writeUInt16BE(tag, 0)
  head.writeUInt16BE(length ?? octets.length, 2)
  return Buffer.concat([head, octets])
}

/** Whole PDUs, as they lie behind each other in what is about to be written. */
export function framesOf(octets: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at < octets.length; ) {
    const end = at + octets.readUInt32BE(at)
    frames.push(octets.subarray(at, end))
    at = end
  }
  return frames
}

const DELIVER_SM = 0x05
const DATA_SM = 0x103

/** Where things lie in a deliver_sm or data_sm. */
export interface Anatomy {
  /** The first octet of source_addr, and the NUL behind it. */
  readonly source: number
  readonly sourceEnd: number
  /** The octet sm_length; of a data_sm, which has none, -1. */
  readonly smLength: number
  readonly tlvs: number
}

export function anatomyOf(frame: Buffer): Anatomy | undefined {
  const id = idOf(frame)
  if (id !== DELIVER_SM && id !== DATA_SM) return undefined
  const source = frame.indexOf(0, HEADER) + 3
  const sourceEnd = frame.indexOf(0, source)
  const destinationEnd = frame.indexOf(0, sourceEnd + 3)
  if (id === DATA_SM) return { source, sourceEnd, smLength: -1, tlvs: destinationEnd + 4 }
  const scheduleEnd = frame.indexOf(0, destinationEnd + 4)
  const smLength = frame.indexOf(0, scheduleEnd + 1) + 5
  return { source, sourceEnd, smLength, tlvs: smLength + 1 + frame[smLength]! }
}

/** The TLVs of a frame, from their first octet on, each whole. */
export function tlvsFrom(frame: Buffer, start: number): Buffer[] {
  const found: Buffer[] = []
  for (let at = start; at + 4 <= frame.length; ) {
    const end = at + 4 + frame.readUInt16BE(at + 2)
    found.push(frame.subarray(at, end))
    at = end
  }
  return found
}
