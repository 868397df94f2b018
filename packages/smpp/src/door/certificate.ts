import type { TLSSocket } from 'node:tls'

/** A client certificate that a CA of ours has vouched for. */
export interface ClientCertificate {
  /** Its distinguished name: `{ CN: 'post', O: 'Post' }`. */
  subject: Readonly<Record<string, string | readonly string[]>>
  issuer: Readonly<Record<string, string | readonly string[]>>
  /** SHA-256 of the whole certificate: `AB:CD:…`. */
  fingerprint256: string
  /** Its subject alternative names: `['DNS:post.example', 'IP Address:192.0.2.1']`. */
  san: readonly string[]
}

/** The certificate of the peer if it has shown one and it was verified; otherwise undefined, never an unverified one. */
export function verifiedCertificate(
  socket: Pick<TLSSocket, 'authorized' | 'getPeerCertificate'>,
): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const { subject, issuer, fingerprint256, subjectaltname } = socket.getPeerCertificate()
  if (fingerprint256 === undefined) return undefined
  return {
    subject: name(subject),
    issuer: name(issuer),
    fingerprint256,
    san: alternativeNames(subjectaltname ?? ''),
  }
}

const name = (parts: object | undefined): ClientCertificate['subject'] => ({ ...parts })

/**
 * Cuts Node's `subjectaltname` into names. A value with a comma or a quote in it is quoted as in JSON there, so that it
 * cannot pass for two names.
 */
export function alternativeNames(text: string): string[] {
  const names: string[] = []
  for (const [, kind, value = ''] of text.matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g))
    names.push(`${kind}:${value.startsWith('"') ? JSON.parse(value) : value}`)
  return names
}
