import { Button, Skeleton, UnstyledButton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useEvents } from '../api/live.tsx'
import { messagesQuery } from '../api/queries.ts'
import type { ApiEvent, Message } from '../api/types.ts'
import { toCsv } from '../format/csv.ts'
import { IconDownload } from '../icons.ts'
import { download } from '../show/download.ts'
import { Empty, Page } from '../show/Page.tsx'
import { Pager } from '../show/Pager.tsx'
import { Problem } from '../show/Problem.tsx'
import { lookOf } from '../state/look.ts'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'
import { Filters } from './Filters.tsx'
import { isFiltered, type ListSearch, listParameters } from './filters.ts'
import css from './ListPage.module.css'
import { MessageRows } from './MessageRows.tsx'

const route = getRouteApi('/messages')

/** All messages, both ways. The address bar holds filters and page. */
export default function ListPage() {
  const { t, format } = useSpeech()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const view = JSON.stringify(search)
  const {
    data: page,
    error,
    refetch,
    isPlaceholderData,
  } = useQuery({
    ...messagesQuery(listParameters(search)),
    placeholderData: keepPreviousData,
  })
  const fresh = useFresh(view, search, page?.data)
  const go = (next: ListSearch) => void navigate({ search: next })
  const { before: _, ...first } = search
  const showFresh = () => {
    fresh.clear()
    if (search.before) go(first)
    else void refetch()
  }
  return (
    <Page
      title={t.list.title}
      action={
        page &&
        page.data.length > 0 && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconDownload size={16} />}
            onClick={() => save(page.data, t)}
          >
            {t.list.export}
          </Button>
        )
      }
    >
      <Filters search={search} onChange={go} />
      <div className={`sheet ${css.sheet}`} aria-busy={!page || isPlaceholderData}>
        <div aria-live="polite">
          {fresh.count > 0 && (
            <UnstyledButton className={css.fresh} onClick={showFresh}>
              <span>
                {t.list.fresh(fresh.count, format.number(fresh.count) + (fresh.count < mostFresh ? '' : '+'))}
              </span>
              <span>{t.list.show}</span>
            </UnstyledButton>
          )}
        </div>
        {error ? (
          <div className={css.trouble}>
            <Problem error={error} onRetry={() => void refetch()} />
          </div>
        ) : !page ? (
          <Loading />
        ) : page.data.length === 0 ? (
          <Nothing filtered={isFiltered(search) || search.before !== undefined} onClear={() => go({})} />
        ) : (
          <MessageRows messages={page.data} />
        )}
      </div>
      {page && page.data.length > 0 && (
        <Pager
          label={t.list.title}
          newest={search.before && { word: t.list.newest, go: () => go(first) }}
          next={page.next && { word: t.list.older, go: () => go({ ...search, before: page.next! }) }}
        >
          <span>{t.list.shown(page.data.length, format.number(page.data.length))}</span>
        </Pager>
      )}
    </Page>
  )
}

/** A campaign brings more than anybody counts. */
const mostFresh = 1000

const opening: Record<string, Message['direction']> = {
  'message.accepted': 'outbound',
  'message.received': 'inbound',
}

/** Counts what has come since the list was read, as far as an event tells that it fits the view. */
function useFresh(view: string, search: ListSearch, shown: readonly Message[] | undefined) {
  const [state, setState] = useState({ view, ids: new Set<string>() })
  const ids = state.view === view ? state.ids : new Set<string>()
  const fits = ({ type, data }: ApiEvent): boolean => {
    const direction = opening[type]
    if (!direction || !data.message_id) return false
    if (search.direction && search.direction !== direction) return false
    if (search.lane && search.lane !== data.lane) return false
    if (search.client_ref && search.client_ref !== data.client_ref) return false
    return !search.number || search.number === (search.direction === 'inbound' ? data.from : data.to)
  }
  useEvents((events) => {
    const known = new Set(shown?.map(({ id }) => id))
    if (ids.size >= mostFresh) return
    const next = events
      .filter(fits)
      .map(({ data }) => data.message_id!)
      .filter((id) => !known.has(id))
    if (next.length > 0) setState({ view, ids: new Set([...ids, ...next].slice(0, mostFresh)) })
  })
  const count = [...ids].filter((id) => !shown?.some((message) => message.id === id)).length
  return { count, clear: () => setState({ view, ids: new Set() }) }
}

function Loading() {
  const { t } = useSpeech()
  return (
    <div className={css.loading} role="status" aria-label={t.list.loading}>
      {[92, 76, 84, 68, 80].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} />
      ))}
    </div>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useSpeech()
  if (filtered) {
    return (
      <Empty
        title={t.list.noneTitle}
        text={t.list.none}
        action={
          <Button variant="default" onClick={onClear}>
            {t.list.clear}
          </Button>
        }
      />
    )
  }
  return (
    <Empty
      title={t.list.emptyTitle}
      text={t.list.empty}
      action={
        <Button component={Link} to="/">
          {t.list.emptyButton}
        </Button>
      }
      curl={{
        title: t.curl.first,
        method: 'POST',
        path: '/v1/messages',
        body: { to: '+491700000001', text: t.compose.example },
      }}
    />
  )
}

function save(messages: readonly Message[], t: Strings) {
  const rows = messages.map((message) => [
    message.id,
    message.created_at,
    t.list[message.direction],
    t.states[lookOf[message.state]],
    message.from ?? '',
    message.to,
    message.text,
    message.lane ? t.lanes[message.lane] : '',
    String(message.segments),
  ])
  download(
    `kurzpost-${new Date().toISOString().slice(0, 10)}.csv`,
    new Blob([toCsv([t.list.csv, ...rows])], { type: 'text/csv' }),
  )
}
