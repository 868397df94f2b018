import { describePdu } from './smpp/describe.ts'

/**
 * A submission for people, as its trace keeps it: a PDU by its fields, a provider's request as the text that it is. A PDU
 * begins with its length, of which the first octet is 0 (it is below 16 MiB); a request begins with a letter.
 */
export function describeSubmission(bytes: Buffer): { hex: string; decoded: unknown } {
  if (bytes[0] === 0) return describePdu(bytes)
  return { hex: bytes.toString('hex'), decoded: { request: bytes.toString('utf8') } }
}
