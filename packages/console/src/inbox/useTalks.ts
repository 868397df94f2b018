import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '../api/client.ts'
import { listPath, type TalkPage, talksQuery } from '../api/inbox.ts'
import { countNew, extended, freshly, goneFrom, nothing, patched, type Shown, without } from './order.ts'
import { type InboxSearch, parametersOf } from './search.ts'

interface Kept {
  key: string
  shown: Shown
  next: string | undefined
}

/**
 * The list of a view. `calm`: somebody reads one of them, so nothing moves; what is new waits until they ask for it.
 */
export function useTalks(search: InboxSearch, calm: boolean) {
  const parameters = parametersOf(search)
  const key = JSON.stringify(parameters)
  const query = useQuery(talksQuery(parameters))
  const [kept, setKept] = useState<Kept>()
  const [more, setMore] = useState<{ busy: boolean; key?: string; error?: unknown }>({ busy: false })
  const { data } = query

  // Whether it is calm counts at the moment when something comes, not when that changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!data) return
    setKept((before) => {
      if (before?.key !== key || !calm) return { key, shown: freshly(data.data), next: data.next }
      return { ...before, shown: patched(before.shown, data.data) }
    })
  }, [data, key])

  const own = kept?.key === key ? kept : undefined
  const shown = own?.shown ?? (data ? freshly(data.data) : nothing)
  const next = own ? own.next : data?.next
  return {
    query,
    shown,
    fresh: data ? countNew(shown, data.data) : 0,
    gone: data ? goneFrom(shown, data.data, data.next === undefined) : new Set<string>(),
    /** Shows what is new. */
    refresh: () => data && setKept({ key, shown: freshly(data.data), next: data.next }),
    /** Takes one away at once: the reader has closed it. */
    drop: (id: string) => setKept((before) => before && { ...before, shown: without(before.shown, id) }),
    next,
    more: more.key === key ? more : { busy: false },
    async loadMore() {
      if (!next || (more.busy && more.key === key)) return
      setMore({ busy: true, key })
      try {
        const page = await call<TalkPage>(listPath(parameters, next))
        // Whoever looks at another view meanwhile sees nothing of this one.
        setKept((before) =>
          before && before.key !== key
            ? before
            : { key, shown: extended(before?.shown ?? shown, page.data), next: page.next },
        )
        setMore({ busy: false, key })
      } catch (error) {
        setMore({ busy: false, key, error })
      }
    },
  }
}

export type Talks = ReturnType<typeof useTalks>
