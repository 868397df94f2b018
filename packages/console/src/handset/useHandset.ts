import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { handsetPath, handsetQuery } from '../api/queries.ts'
import { openStream } from '../api/stream.ts'
import type { HandsetMessage } from '../api/types.ts'

/** A virtual phone's messages, live. `arrived` changes with each text that comes in while it is watched. */
export function useHandset(number: string) {
  const client = useQueryClient()
  const { data, error } = useQuery(handsetQuery(number))
  const [connected, setConnected] = useState(true)
  const [arrived, setArrived] = useState<HandsetMessage>()
  const seen = useRef(new Set<string>())

  useEffect(() => {
    const { queryKey } = handsetQuery(number)
    return openStream(`${handsetPath(number)}/events`, {
      onOpen: () => {
        setConnected(true)
        // A simulator that started anew counts its ids from 1 again.
        seen.current.clear()
        void client.invalidateQueries({ queryKey })
      },
      onLost: () => setConnected(false),
      onEvent: ({ data: event }) => {
        const message = event as HandsetMessage
        if (seen.current.has(message.id)) return
        seen.current.add(message.id)
        client.setQueryData<HandsetMessage[]>(queryKey, (list = []) =>
          list.some(({ id }) => id === message.id) ? list : [...list, message],
        )
        if (message.direction === 'in') setArrived(message)
      },
    })
  }, [number, client])

  return { messages: data ?? [], loading: data === undefined, error, connected, arrived }
}
