import { type Audit, targetOf, tellingFields } from '../accounts/audit.ts'
import { KurzpostError } from '../errors.ts'
import { findsOut, maskDeep, maskNumbers } from '../mask.ts'
import type { Call, Reply, Route } from '../route.ts'
import { toFailure } from './failure.ts'

export interface Answering {
  audit: Audit | undefined
}

type Handler = (call: Call) => Promise<Reply> | Reply

/** The handler of a route with what holds for every route around it: the audit log, and masks for those who need them. */
export function answerer(route: Route, { audit }: Answering): Handler {
  const masked = withMask(route)
  return audit && isAudited(route) ? withAudit(route, audit, masked) : masked
}

/** What signs in or out writes its own rows. */
export const isAudited = ({ method, scope, effect }: Route): boolean =>
  method !== 'GET' && scope !== undefined && effect === undefined

function withAudit(route: Route, audit: Audit, handler: Handler): Handler {
  const action = `${route.method} ${route.path}`
  return async (call) => {
    const end = await audit.begin({
      accountId: call.accountId,
      actor: { kind: call.actor.kind, id: call.actor.id, name: call.actor.name },
      action,
      target: targetOf(call.params),
      fields: tellingFields(call.body, route.body),
      address: call.visit.address,
      requestId: call.requestId,
    })
    try {
      const answer = await handler(call)
      await end('stream' in answer ? { status: 200 } : { status: answer.status, target: idIn(answer.body) })
      return answer
    } catch (error) {
      const { status, body } = toFailure(error)
      await end({ status, error: (body as { error?: { code?: string } }).error?.code ?? null })
      throw error
    }
  }
}

const idIn = (body: unknown): string | null => {
  const id = (body as { id?: unknown } | undefined)?.id
  return typeof id === 'string' ? id : null
}

/** Looks like a number that somebody types in to find whose it is. */
const dialled = /^\s*\+?[\d\s().\-/]{5,}$/

const wouldTell = (values: unknown): boolean =>
  Object.values((values ?? {}) as Record<string, unknown>).some(
    (value) => typeof value === 'string' && dialled.test(value) && findsOut(value),
  )

function withMask(route: Route): Handler {
  const { handler, own, masks, looksUp = [] } = route
  const numbersIn = (body: unknown) => looksUp.map((field) => (body as Record<string, unknown>)[field])
  if (own || route.scope === undefined) return handler
  return async (call) => {
    if (!call.masked) return handler(call)
    if (wouldTell(call.query) || wouldTell(call.params) || wouldTell(numbersIn(call.body)))
      throw new KurzpostError('forbidden', {
        message: 'Your role sees no full numbers, and does not ask about them: four digits at most.',
      })
    const answer = await handler(call)
    if ('stream' in answer) {
      if (masks) return answer
      throw new KurzpostError('forbidden', {
        message: 'Your role sees no full numbers, and this shows them.',
      })
    }
    const { body } = answer
    return { ...answer, body: typeof body === 'string' ? maskNumbers(body) : maskDeep(body) }
  }
}
