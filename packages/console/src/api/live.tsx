import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { openStream } from './stream.ts'
import type { ApiEvent, MessagePage } from './types.ts'

type Listener = (events: ApiEvent[]) => void
interface Live {
  connected: boolean
  subscribe: (listener: Listener) => () => void
}

const LiveContext = createContext<Live>({ connected: false, subscribe: () => () => {} })

/** Events are handed on in batches: a campaign brings thousands a second, a screen shows a few. */
const batchMs = 120

/** Keeps one `/v1/events` stream open and lets it update what is on screen. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [connected, setConnected] = useState(false)
  const listeners = useRef(new Set<Listener>())

  useEffect(() => {
    let waiting: ApiEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      const batch = waiting
      waiting = []
      applyEvents(client, batch)
      for (const listener of listeners.current) listener(batch)
    }
    const close = openStream('/v1/events', {
      silenceMs: 40_000,
      onOpen: (resumed) => {
        setConnected(true)
        if (!resumed)
          for (const key of ['message', 'inbox']) void client.invalidateQueries({ queryKey: [key] })
      },
      onLost: () => setConnected(false),
      onEvent: ({ data }) => {
        waiting.push(data as ApiEvent)
        timer ??= setTimeout(flush, batchMs)
      },
    })
    return () => {
      close()
      clearTimeout(timer)
    }
  }, [client])

  const [subscribe] = useState(() => (listener: Listener) => {
    listeners.current.add(listener)
    return () => {
      listeners.current.delete(listener)
    }
  })
  return <LiveContext value={{ connected, subscribe }}>{children}</LiveContext>
}

/** Rows on screen change in place; an open message is read again; nothing is added to a list here. */
function applyEvents(client: QueryClient, events: ApiEvent[]) {
  const changed = new Map<string, ApiEvent['data']>()
  for (const { data } of events) if (data.message_id) changed.set(data.message_id, data)
  client.setQueriesData<MessagePage>({ queryKey: ['messages'] }, (page) => {
    if (!page?.data.some((item) => changed.has(item.id))) return page
    return {
      ...page,
      data: page.data.map((item) => {
        const change = changed.get(item.id)
        if (!change?.state) return item
        return {
          ...item,
          state: change.state,
          possible_duplicate: change.possible_duplicate ?? item.possible_duplicate,
        }
      }),
    }
  })
  for (const id of changed.keys()) void client.invalidateQueries({ queryKey: ['message', id] })
}

export const useLive = () => useContext(LiveContext)

/** Calls `listener` with each batch of events while the component is shown. */
export function useEvents(listener: Listener) {
  const { subscribe } = useLive()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => subscribe((events) => latest.current(events)), [subscribe])
}
