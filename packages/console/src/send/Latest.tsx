import { Anchor } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { useEvents } from '../api/live.tsx'
import { messagesQuery } from '../api/queries.ts'
import { MessageRows } from '../messages/MessageRows.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Latest.module.css'

const query = messagesQuery([['limit', '6']])
/** Under load the list is read again at most this often. */
const restMs = 1_000

/** The last few messages, both ways. A short list that is watched: it renews itself. */
export function Latest() {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { data: page, error, refetch } = useQuery(query)
  const lastRead = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEvents((events) => {
    if (
      timer.current ||
      !events.some(({ type }) => type === 'message.accepted' || type === 'message.received')
    )
      return
    timer.current = setTimeout(
      () => {
        timer.current = undefined
        lastRead.current = Date.now()
        void client.invalidateQueries({ queryKey: query.queryKey })
      },
      Math.max(0, lastRead.current + restMs - Date.now()),
    )
  })
  return (
    <section className={`sheet ${css.latest}`} aria-labelledby="latest-title">
      <div className={css.head}>
        <h2 id="latest-title">{t.latest.title}</h2>
        <Anchor component={Link} to="/messages" size="sm" underline="always">
          {t.latest.all}
        </Anchor>
      </div>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {page?.data.length === 0 && <p className={css.empty}>{t.latest.empty}</p>}
      {page && page.data.length > 0 && <MessageRows messages={page.data} brief />}
    </section>
  )
}
