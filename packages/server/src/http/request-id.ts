import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Ids that a caller may bring, so that one id can be followed through several services. */
const foreign = /^[A-Za-z0-9._-]{1,64}$/

/** Names each request: the caller's `X-Request-Id` when it is harmless, else one that is unique to this process. */
export function createRequestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const start = `req_${randomBytes(6).toString('hex')}`
  let count = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && foreign.test(given)) return given
    return `${start}${(++count).toString(36).padStart(6, '0')}`
  }
}
