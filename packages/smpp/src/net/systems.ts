import type { Account } from '../door/accounts.ts'

export interface System {
  binds: number
  handling: number
  maxHandling: number
}

/** A bind among those of its system_id. */
export interface Place {
  readonly system: Readonly<System>
  /** One of its requests is with its handler, */
  begin(): void
  /** and is no more, perhaps long after `leave`. */
  end(): void
  leave(): void
}

export type Systems = ReturnType<typeof createSystems>

/**
 * Counts what the sessions of one system_id have together. Nothing is kept of who has neither a session nor a request with
 * a handler: who cuts its link and comes again still has those that it left.
 */
export function createSystems(maxBinds = Number.POSITIVE_INFINITY) {
  const systems = new Map<string, System>()
  return {
    /** Counts a bind, until `leave`; undefined where there are too many. */
    enter(given: string, account: Account | undefined): Place | undefined {
      // A look-up may take 'post' and 'POST' for one account: they are one, then.
      const systemId = account?.systemId ?? given
      const system = systems.get(systemId) ?? { binds: 0, handling: 0, maxHandling: 0 }
      if (system.binds >= (account?.maxBinds ?? maxBinds)) return undefined
      systems.set(systemId, system)
      system.maxHandling = account?.maxHandling ?? Number.POSITIVE_INFINITY
      system.binds++
      const forget = (): void => {
        if (system.binds === 0 && system.handling === 0) systems.delete(systemId)
      }
      return {
        system,
        begin() {
          system.handling++
        },
        end() {
          system.handling--
          forget()
        },
        leave() {
          system.binds--
          forget()
        },
      }
    },
    get size() {
      return systems.size
    },
  }
}
