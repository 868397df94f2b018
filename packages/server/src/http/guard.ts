import type { FastifyRequest } from 'fastify'
import { KurzpostError } from '../errors.ts'
import type { Route } from '../route.ts'
import { type Authenticator, bearerToken, type Identity } from './auth.ts'
import type { Site } from './site.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; undefined where a route asks for nobody. */
    identity: Identity | undefined
  }
}

export interface Doors {
  authenticator: Authenticator
  site: Site
  /** The account that operates the installation. */
  operator?: string | undefined
}

type Done = (error?: Error) => void

/** Whether a route changes what an account has. */
export const changes = ({ method, effect }: Route): boolean => method !== 'GET' && effect !== 'none'

/** How the request says who it is; a key counts before a session. */
export function identify(
  { authenticator, site }: Doors,
  request: FastifyRequest,
): Identity | undefined | Promise<Identity | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = bearerToken(authorization)
    return token === undefined ? undefined : authenticator.identify(token)
  }
  const token = request.headers.cookie === undefined ? undefined : site.sessionToken(request)
  return token === undefined ? undefined : authenticator.identify(token, 'session')
}

/** Asks who it is before a byte of the body is read. Synchronous while the key is remembered. */
export function guard(route: Route, doors: Doors) {
  return (request: FastifyRequest, _reply: unknown, done: Done): void => {
    const admit = (identity: Identity | undefined) => {
      request.identity = identity
      done(objection(identity, route, request, doors))
    }
    const found = identify(doors, request)
    if (found instanceof Promise) found.then(admit, done)
    else admit(found)
  }
}

function objection(
  identity: Identity | undefined,
  route: Route,
  request: FastifyRequest,
  { site, operator }: Doors,
): KurzpostError | undefined {
  const { scope, own } = route
  if (!identity) return new KurzpostError('unauthenticated')
  // A browser sends the cookie along with whatever page asks; SameSite=Lax stops most of it, and siblings of our name not.
  if (identity.session && route.method !== 'GET' && site.visit(request).page !== 'own')
    return new KurzpostError('forged_request')
  if (route.operator && operator !== undefined && identity.accountId !== operator)
    return new KurzpostError('operator_only')
  if (scope !== undefined && scope !== 'any' && !identity.scopes.has(scope))
    return new KurzpostError('forbidden', { details: { scope } })
  if (identity.readsOnly && !own && changes(route))
    return new KurzpostError('forbidden', { message: 'Your role reads and changes nothing.' })
  return undefined
}

/** For what stays open: whether the same reader may still read it, and sees as much as before. */
export async function stillMay(route: Route, doors: Doors, request: FastifyRequest): Promise<boolean> {
  const before = request.identity
  if (route.scope === undefined || !before) return true
  const now = await identify(doors, request)
  return (
    objection(now, route, request, doors) === undefined &&
    now?.accountId === before.accountId &&
    now.masked === before.masked
  )
}
