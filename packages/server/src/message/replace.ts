import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { type ErrorCode, errors, KurzpostError } from '../errors.ts'
import { type Db, isTransient } from '../store/db.ts'
import type { Accept } from './accept.ts'
import type { Draft } from './draft.ts'
import { putReplaced, takeReplaceable, type Waiting } from './replace.store.ts'

/** What takes the place of what was; what is missing stays. */
export type Replacement = Pick<Draft, 'text' | 'encoding' | 'sendAt' | 'expiresAt' | 'origin'>

/** Refuses with a code that stands in no table of ours: a gate's. */
export class GateRefusedError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type Replace = (
  accountId: string,
  id: string,
  change: (message: Waiting) => Replacement | undefined,
) => Promise<void>

/**
 * Gives a message another text while it waits and nothing of it has gone out: prepared and judged like a new one, in
 * one transaction with the change. `change` sees the message and may say no (undefined). Throws KurzpostError:
 * `not_cancellable` when it is too late or was said no, the codes of a draft, `database_unavailable`.
 */
export function createReplace(options: {
  db: Db
  clock: Clock
  bell: Bell
  judge: Accept['judge']
}): Replace {
  const { db, clock, bell, judge } = options
  return async (accountId, id, change) => {
    try {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const message = await takeReplaceable(tx, accountId, id)
        const replacement = message && change(message)
        if (!replacement) throw new KurzpostError('not_cancellable')
        // A message that is to be sent at once is not made to wait: its state knows no way back.
        if (message.state === 'queued' && replacement.sendAt && replacement.sendAt > now)
          throw new KurzpostError('not_cancellable')
        const sendAt = replacement.sendAt ?? message.send_at ?? undefined
        const prepared = await judge(tx, accountId, {
          to: message.recipient,
          lane: message.lane,
          text: replacement.text,
          encoding: replacement.encoding ?? 'auto',
          ...(message.sender === null ? {} : { from: message.sender }),
          ...(message.client_ref === null ? {} : { clientRef: message.client_ref }),
          ...(sendAt === undefined ? {} : { sendAt }),
          expiresAt: replacement.expiresAt ?? message.expires_at,
        })
        if (!prepared.ok) throw refused(prepared.code, prepared.message)
        await putReplaced(tx, { accountId, id }, message.place, prepared, {
          reference: Number.parseInt(id.slice(-2), 16),
          origin: replacement.origin ?? message.origin,
          now,
        })
      })
    } catch (error) {
      if (isTransient(error)) throw new KurzpostError('database_unavailable', { cause: error })
      throw error
    }
    bell.ring('queue')
  }
}

const refused = (code: string, message: string): Error =>
  code in errors ? new KurzpostError(code as ErrorCode, { message }) : new GateRefusedError(code, message)
