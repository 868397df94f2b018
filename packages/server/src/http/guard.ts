import type { FastifyRequest } from 'fastify'
import { KurzpostError } from '../errors.ts'
import type { Route } from '../route.ts'
import { type Authenticator, bearerToken, type Identity } from './auth.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; undefined where a route asks for no key. */
    identity: Identity | undefined
  }
}

type Wanted = NonNullable<Route['scope']>
type Done = (error?: Error) => void

/** Asks who it is before a byte of the body is read. Synchronous while the key is remembered. */
export function guard(scope: Wanted, authenticator: Authenticator) {
  return (request: FastifyRequest, _reply: unknown, done: Done): void => {
    const admit = (identity: Identity | undefined) => {
      request.identity = identity
      done(objection(identity, scope))
    }
    const token = bearerToken(request.headers.authorization)
    const found = token === undefined ? undefined : authenticator.identify(token)
    if (found instanceof Promise) found.then(admit, done)
    else admit(found)
  }
}

function objection(identity: Identity | undefined, scope: Wanted): KurzpostError | undefined {
  if (!identity) return new KurzpostError('unauthenticated')
  if (scope === 'any' || identity.scopes.has(scope)) return undefined
  return new KurzpostError('forbidden', { details: { scope } })
}
