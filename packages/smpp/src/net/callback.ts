/**
 * A callback of the program, made safe to call in the middle of our work: what it throws is thrown all the same, as the
 * program's uncaught exception, but behind us, when every request that was due has been settled.
 */
export function guarded<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      callback(...args)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
