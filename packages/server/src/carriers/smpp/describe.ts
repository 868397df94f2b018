import { decodePdu, statusName, tlvName } from '@kurzpost/smpp'

/** A PDU for people: every octet in hex, and every field by its name. Byte fields are hex. */
export function describePdu(bytes: Buffer): { hex: string; decoded: unknown } {
  const decoded = decodePdu(bytes)
  const hex = bytes.toString('hex')
  if (!('pdu' in decoded)) return { hex, decoded: null }
  const { command, status, sequence, tlvs, ...fields } = decoded.pdu
  return {
    hex,
    decoded: {
      command,
      command_status: statusName(status),
      sequence_number: sequence,
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, readable(value)])),
      ...(tlvs.length > 0
        ? {
            tlvs: tlvs.map(({ tag, value }) => ({
              tag: `0x${tag.toString(16).padStart(4, '0')}`,
              name: tlvName(tag) ?? null,
              value: readable(value),
            })),
          }
        : {}),
    },
  }
}

const readable = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
