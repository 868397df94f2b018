import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import { KurzpostError } from './errors.ts'

/**
 * Keeps requests to addresses that people have typed in (webhooks, HTTP carriers) out of networks that they have no
 * business in (SSRF): https, and public addresses only. The name is judged when the address is stored, and its addresses
 * each time a connection is made, so a name that changes where it leads gains nothing. The sandbox also takes http, and this
 * machine. `networks` are blocks of addresses that the operator has opened, for http too.
 */
export interface Guard {
  /** Throws `url_not_allowed` with a reason. Returns the URL in its normal form. */
  checkUrl(url: string): string
  allowsAddress(address: string, protocol?: Protocol): boolean
  /** Resolves names for `net.connect` and gives it allowed addresses only. */
  lookup(protocol: Protocol): LookupFunction
}

export type Protocol = 'http:' | 'https:'

/** Names that never lead to a public host, whatever a resolver says. */
const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/

export function createGuard(options: {
  sandbox: boolean
  networks?: readonly string[]
  lookup?: typeof systemLookup
}): Guard {
  const { sandbox, networks = [], lookup = systemLookup } = options
  const opened = networks.map(blockOf)

  function allowsAddress(address: string, protocol: Protocol = 'https:'): boolean {
    if (!ipaddr.isValid(address)) return false
    // `process` unwraps IPv4-mapped IPv6: ::ffff:127.0.0.1 is 127.0.0.1. What else wraps an IPv4 address
    // (NAT64, 6to4, Teredo) has a range of its own that is not `unicast`.
    const parsed = ipaddr.process(address)
    if (opened.some(([from, bits]) => from.kind() === parsed.kind() && parsed.match(from, bits))) return true
    const range = parsed.range()
    return (protocol === 'https:' || sandbox) && (range === 'unicast' || (sandbox && range === 'loopback'))
  }

  const refuse = (reason: string): never => {
    throw new KurzpostError('url_not_allowed', { message: reason })
  }

  return {
    allowsAddress,
    checkUrl(text) {
      if (!URL.canParse(text)) return refuse('This is not a URL.')
      const url = new URL(text)
      // Whether a name leads into an opened network shows when a connection is made.
      const inside = opened.length > 0
      if (url.protocol !== 'https:' && !((sandbox || inside) && url.protocol === 'http:')) {
        return refuse(`The URL begins with ${url.protocol}// in place of https://.`)
      }
      if (url.username || url.password) {
        return refuse('The URL holds a user name or password.')
      }
      const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
      const allowed = isIP(host)
        ? allowsAddress(host, url.protocol as Protocol)
        : !privateNames.test(host) || inside || (sandbox && host === 'localhost')
      if (!allowed && isIP(host) && allowsAddress(host)) {
        return refuse('A public address takes https:// alone.')
      }
      if (!allowed) return refuse(`${host} is not a public address.`)
      url.hash = ''
      return url.href
    },
    lookup: (protocol) => (host, wanted, callback) => {
      lookup(host, { ...wanted, all: true }, (error, found) => {
        if (error) return callback(error, [])
        const allowed = (found as LookupAddress[]).filter(({ address }) => allowsAddress(address, protocol))
        const [first] = allowed
        if (!first) return callback(notPublic(host), [])
        if (wanted.all) callback(null, allowed)
        else callback(null, first.address, first.family)
      })
    },
  }
}

/** `10.0.0.0/8`, or an address alone. */
function blockOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** The error of a connection that was not made. */
export function notPublic(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} does not lead to a public address`), { code: 'ERR_NOT_PUBLIC' })
}

/** Connects as the guard allows: names are resolved to allowed addresses only, and addresses judged as they stand. */
export function guardedConnector(guard: Guard, timeout: number): buildConnector.connector {
  const connectors = {
    'http:': buildConnector({ timeout, lookup: guard.lookup('http:') }),
    'https:': buildConnector({ timeout, lookup: guard.lookup('https:') }),
  }
  return (target, callback) => {
    const protocol = target.protocol === 'http:' ? 'http:' : 'https:'
    const host = target.hostname.replace(/^\[|\]$/g, '')
    // Addresses are not looked up, so they are judged here.
    if (isIP(host) && !guard.allowsAddress(host, protocol)) return callback(notPublic(host), null)
    connectors[protocol](target, callback)
  }
}
