import type { Claimant } from './claim.store.ts'

/** A bind slot that this process holds for a while: what whoever writes to its link must ask. fleet/ takes and renews it. */
export interface Lease extends Claimant {
  /**
   * False from the moment at which another node may hold the bind, by this process's own monotonic clock: asked
   * before every write, so that a process that was stopped and woken does not submit with an old lease.
   */
  valid(): boolean
  /** Aborts when the lease is lost. */
  readonly lost: AbortSignal
  release(): Promise<void>
}
