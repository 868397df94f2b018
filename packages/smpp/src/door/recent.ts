export interface Recent<V> {
  get(key: string): V | undefined
  /** Makes it the youngest; the oldest goes when there are too many, and is given back. */
  set(key: string, value: V): [key: string, value: V] | undefined
  delete(key: string): void
  readonly size: number
  entries(): IterableIterator<[string, V]>
}

/**
 * Remembers the last `limit` keys that were set and forgets the oldest: what strangers make us remember has to be
 * bounded (facts group 56).
 */
export function createRecent<V>(limit: number): Recent<V> {
  const map = new Map<string, V>()
  return {
    get: (key) => map.get(key),
    set(key, value) {
      // A Map keeps the order of insertion.
      map.delete(key)
      map.set(key, value)
      if (map.size <= limit) return undefined
      const [oldest] = map
      if (oldest !== undefined) map.delete(oldest[0])
      return oldest
    },
    delete: (key) => void map.delete(key),
    get size() {
      return map.size
    },
    entries: () => map.entries(),
  }
}
