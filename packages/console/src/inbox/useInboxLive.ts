import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { type Counts, countsQuery, type Present, type TalkDetail, talkQuery } from '../api/inbox.ts'
import { useEvents } from '../api/live.tsx'
import type { ApiEvent } from '../api/types.ts'

/** Lists and counts are asked again at most this often, however much happens. */
const spacingMs = 1_000

/**
 * Keeps what is on screen of the inbox as it is on the server. Who types comes with its event, and so do the states of
 * messages; what is open is read again when something happens in it.
 */
export function useInboxLive() {
  const client = useQueryClient()
  const last = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useEvents((events) => {
    const touched = new Set<string>()
    let news = false
    for (const { type, data } of events) {
      if (type === 'inbox.presence') notePresence(client, data)
      else if (type.startsWith('inbox.')) {
        news = true
        touched.add(String(data.conversation_id))
      } else if (type.startsWith('message.') && data.message_id && data.state) noteState(client, data)
    }
    for (const id of touched) void client.invalidateQueries({ queryKey: talkQuery(id).queryKey })
    if (news && timer.current === undefined) {
      const wait = Math.max(0, last.current + spacingMs - Date.now())
      timer.current = setTimeout(() => {
        timer.current = undefined
        last.current = Date.now()
        void client.invalidateQueries({ queryKey: ['inbox', 'list'] })
        void client.invalidateQueries({ queryKey: countsQuery.queryKey })
      }, wait)
    }
  })
}

function notePresence(client: QueryClient, data: ApiEvent['data']) {
  const { conversation_id, user_id, name, doing, until } = data as Record<string, string>
  const you = client.getQueryData<Counts>(countsQuery.queryKey)?.you.id
  if (!conversation_id || user_id === you) return
  client.setQueryData<TalkDetail>(talkQuery(conversation_id).queryKey, (talk) => {
    if (!talk) return talk
    const others = talk.present.filter((each) => each.user_id !== user_id)
    if (doing === 'gone') return { ...talk, present: others }
    return { ...talk, present: [...others, { user_id, name, doing, until } as Present] }
  })
}

/** How a message of ours fares, wherever it is on screen. */
function noteState(client: QueryClient, { message_id, state }: ApiEvent['data']) {
  client.setQueriesData<TalkDetail>({ queryKey: ['inbox', 'talk'] }, (talk) => {
    if (!talk?.entries.some(({ message }) => message?.id === message_id)) return talk
    return {
      ...talk,
      entries: talk.entries.map((entry) => {
        const { message } = entry
        return message?.id === message_id && message && state
          ? { ...entry, message: { ...message, state } }
          : entry
      }),
    }
  })
}
