/** Runs what needs a proof: without one it asks first, and then does it. */
export type Guarded = <T>(work: () => Promise<T>) => Promise<T>
