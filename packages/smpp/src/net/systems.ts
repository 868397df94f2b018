import type { Account } from '../door/accounts.ts'

export interface System {
  binds: number
  handling: number
  maxHandling: number
}

export type Systems = ReturnType<typeof createSystems>

/** Counts what the sessions of one system_id have together. Nothing is kept of who has no session. */
export function createSystems(maxBinds = Number.POSITIVE_INFINITY) {
  const systems = new Map<string, System>()
  return {
    /** Counts a bind and gives how to take it back; undefined where there are too many. */
    enter(systemId: string, account: Account | undefined): (() => void) | undefined {
      const system = systems.get(systemId) ?? { binds: 0, handling: 0, maxHandling: 0 }
      if (system.binds >= (account?.maxBinds ?? maxBinds)) return undefined
      systems.set(systemId, system)
      system.maxHandling = account?.maxHandling ?? Number.POSITIVE_INFINITY
      system.binds++
      return () => {
        system.binds--
        if (system.binds === 0) systems.delete(systemId)
      }
    },
    /** Of a system_id that has a bind. */
    of: (systemId: string): System => systems.get(systemId)!,
    get size() {
      return systems.size
    },
  }
}
