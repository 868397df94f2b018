import { type Query, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, whileRemoved } from './client.ts'

interface RemovalOf<T> {
  /** Of the thing; it ends with the id that stands in the key of every query about it. */
  path: string
  /** What else shows it: lists, and what counts it. */
  stale: readonly QueryKey[]
  /** Away from the page that shows it, or from the question. */
  leave?: () => unknown
  /** Where it is no plain DELETE. */
  act?: () => Promise<T>
}

/**
 * Removes a thing for good. Pages ask for what they show again and again, by the clock and by events, also between the
 * removal and the moment they are gone: what is under way is taken back, and nobody asks for the thing any more.
 * What `mutate` is given stands behind the path: `?force=true`.
 */
export function useRemoval<T = void>({ path, stale, leave, act }: RemovalOf<T>) {
  const client = useQueryClient()
  const id = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
  const own = ({ queryKey: [, ...of] }: Query) => of.includes(id)
  return useMutation({
    mutationFn: (query: string) =>
      whileRemoved(path, act ?? (() => call<T>(path + query, { method: 'DELETE' }))),
    onMutate: () => client.cancelQueries({ predicate: own }),
    onSuccess: async () => {
      await leave?.()
      client.removeQueries({ predicate: own, type: 'inactive' })
      for (const queryKey of stale)
        void client.invalidateQueries({ queryKey, predicate: (query) => !own(query) })
    },
  })
}
