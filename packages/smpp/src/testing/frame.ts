/** Puts a header before a body given in hex, so that tests can say what the encoder would refuse to. */
export function frame(
  id: number,
  body: string | Uint8Array = '',
  { status = 0, sequence = 1, length = -1 } = {},
): Buffer {
  const octets = typeof body === 'string' ? Buffer.from(body.replace(/\s/g, ''), 'hex') : body
  const pdu = Buffer.alloc(16 + octets.length)
  pdu.writeUInt32BE(length < 0 ? pdu.length : length, 0)
  pdu.writeUInt32BE(id, 4)
  pdu.writeUInt32BE(status, 8)
  pdu.writeUInt32BE(sequence, 12)
  pdu.set(octets, 16)
  return pdu
}

/** The body of a deliver_sm up to and with sm_length. */
export const deliverHead = (smLength: number, esmClass = 0): string =>
  `00 01 01 ${Buffer.from('491701234567').toString('hex')} 00 00 00 ${Buffer.from('12345').toString('hex')} 00` +
  `${octet(esmClass)} 00 00 00 00 00 00 00 00 ${octet(smLength)}`

const octet = (value: number): string => value.toString(16).padStart(2, '0')
