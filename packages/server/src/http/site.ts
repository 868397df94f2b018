import type { FastifyRequest } from 'fastify'
import type { Visit } from '../route.ts'
import { isLoopback } from './headers.ts'

/** What a session's cookie needs to know of a request. */
type Asked = Pick<FastifyRequest, 'headers' | 'protocol' | 'ip'>

export interface Site {
  visit(request: Asked): Visit
  /** The token of a session, under the name that counts on this connection. */
  sessionToken(request: Asked): string | undefined
}

/** The prefix has browsers refuse it without Secure, with a Domain or another Path: no neighbour can plant one (RFC 6265bis §4.1.3.2). */
const safeName = '__Host-kurzpost'
/** Over plain http, which browsers trust on the machine itself alone. */
const plainName = 'kurzpost'

const tokenForm = /^[A-Za-z0-9_-]{43}$/

/** Which cookie counts on a connection, and whose pages may use it. */
export function createSite(publicUrl: string | undefined): Site {
  const ours = publicUrl === undefined ? undefined : new URL(publicUrl).origin

  function cookieName({ headers, protocol }: Asked): string | undefined {
    if (protocol === 'https' || ours?.startsWith('https:')) return safeName
    return isLoopback(hostName(headers.host)) ? plainName : undefined
  }

  /** Browsers say where a request comes from, and no script can make them say otherwise (Fetch, "forbidden request-header"). */
  function pageOf({ headers }: Asked): Visit['page'] {
    const site = headers['sec-fetch-site']
    if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign'
    const { origin } = headers
    if (origin === undefined) return 'none'
    if (origin === ours) return 'own'
    return URL.canParse(origin) && new URL(origin).host === headers.host ? 'own' : 'foreign'
  }

  return {
    visit(request) {
      const { headers, protocol, ip } = request
      return {
        address: ip,
        agent: (headers['user-agent'] ?? '').slice(0, 300),
        cookie: cookieName(request),
        origin: isLoopback(hostName(headers.host)) || !ours ? `${protocol}://${headers.host ?? ''}` : ours,
        page: pageOf(request),
      }
    },
    sessionToken(request) {
      const name = cookieName(request)
      const token = name && readCookie(request.headers.cookie, name)
      return token !== undefined && tokenForm.test(token) ? token : undefined
    },
  }
}

/** Of a Host header: without its port and without the brackets of IPv6. */
function hostName(host: string | undefined): string {
  const url = `http://${host ?? ''}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : ''
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** `Set-Cookie` for a session; an empty token takes it away. */
export const sessionCookie = (name: string, token: string, maxAgeSeconds: number): string =>
  `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${token === '' ? 0 : maxAgeSeconds}` +
  (name === safeName ? '; Secure' : '')
