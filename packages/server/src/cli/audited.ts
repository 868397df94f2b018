import { userInfo } from 'node:os'
import { createAudit } from '../accounts/audit.ts'
import { systemClock } from '../clock.ts'
import { errors, KurzpostError } from '../errors.ts'
import { createLog } from '../log.ts'
import type { Db } from '../store/db.ts'

/** What a command is about to do: `kurzpost carrier set`, and to what. Values only where they say nothing of a person and open no door. */
export interface CommandDeed {
  action: `kurzpost ${string}`
  /** Public id. */
  target?: string
  fields?: Record<string, unknown>
}

/** In a container the user may have a number and no name. */
function atKeyboard(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}

/**
 * Does what a command is for, as the API does: a row in the audit log of each account before it, and what came of it after.
 * `made` names what was made, by its public id.
 */
export async function audited<T>(
  db: Db,
  accounts: readonly string[],
  deed: CommandDeed,
  work: () => Promise<T>,
  made?: (result: T) => string,
): Promise<T> {
  const audit = createAudit({ db, clock: systemClock, log: createLog('warn') })
  const actor = { kind: 'command', id: '', name: atKeyboard() } as const
  const ends = await Promise.all(accounts.map((accountId) => audit.begin({ accountId, actor, ...deed })))
  const end = (outcome: Parameters<(typeof ends)[number]>[0]) =>
    Promise.all(ends.map((write) => write(outcome)))
  try {
    const result = await work()
    await end({ status: 200, target: made?.(result) ?? null })
    return result
  } catch (error) {
    const code = error instanceof KurzpostError ? error.code : 'internal'
    await end({ status: errors[code].status, error: code })
    throw error
  }
}
