import type { Account } from '../door/accounts.ts'

export interface System {
  binds: number
  handling: number
  maxHandling: number
}

/** A bind among those of its system_id. */
export interface Place {
  readonly system: System
  leave(): void
}

export type Systems = ReturnType<typeof createSystems>

/** Counts what the sessions of one system_id have together. Nothing is kept of who has no session. */
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
      return {
        system,
        leave() {
          system.binds--
          if (system.binds === 0) systems.delete(systemId)
        },
      }
    },
    get size() {
      return systems.size
    },
  }
}
