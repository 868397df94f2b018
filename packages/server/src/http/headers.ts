import { isIP } from 'node:net'

/** What a JSON answer carries: nothing of it is to be kept, sniffed or framed. */
export const apiHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

const pageHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

const policy = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')

const closed = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** The API's own pages: a style sheet and nothing that runs. */
export const docsHeaders = {
  ...pageHeaders,
  'content-security-policy': policy({ ...closed, 'style-src': "'self'", 'img-src': "'self'" }),
}

/**
 * The console. Its component library writes its theme into a style element, hence the nonce; scripts come from
 * files of this server and from nowhere else.
 */
export const consoleHeaders = (nonce: string) => ({
  ...pageHeaders,
  'content-security-policy': policy({
    ...closed,
    'script-src': "'self'",
    'style-src': `'self' 'nonce-${nonce}'`,
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'manifest-src': "'self'",
  }),
})

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/**
 * Whether a Host header may be answered. A server on loopback trusts its neighbours, and a web page that has
 * its own name point to 127.0.0.1 (DNS rebinding) becomes one: so it answers for loopback names and the public
 * URL only. A server open to the network answers for any name.
 */
export function hostGuard(
  listening: string,
  publicUrl: string | undefined,
): (host: string | undefined) => boolean {
  if (!isLoopback(listening)) return () => true
  const known = new Map<string, boolean>()
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).hostname
  return (host) => {
    if (host === undefined) return false
    let answer = known.get(host)
    if (answer === undefined) {
      const url = `http://${host}`
      const name = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : undefined
      answer = name !== undefined && (isLoopback(name) || name === publicHost)
      if (known.size < 100) known.set(host, answer)
    }
    return answer
  }
}
