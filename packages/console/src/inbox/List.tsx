import { ActionIcon, Button, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, type Ref, useEffect, useRef, useState } from 'react'
import { IconClear, IconRetry, IconSearch } from '../icons.ts'
import { Answer } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './List.module.css'
import { Row } from './Row.tsx'
import { firstView, type InboxSearch } from './search.ts'
import type { Talks } from './useTalks.ts'

/** Typing asks the server when it pauses. */
const pauseMs = 300

interface ListProps {
  search: InboxSearch
  talks: Talks
  searchRef: Ref<HTMLInputElement>
  teamName: string | undefined
  youId: string | undefined
  empty: ReactNode
}

/** The conversations of a view. It never jumps: what is new is announced, and shown when asked for. */
export function List({ search, talks, searchRef, teamName, youId, empty }: ListProps) {
  const { t, format } = useSpeech()
  const { query, shown, fresh, gone, next, more } = talks
  const list = useRef<HTMLUListElement>(null)
  // What is open is what the page is about.
  const Heading = search.talk ? 'h2' : 'h1'
  const title = search.q ? t.inbox.searchFor(search.q) : (teamName ?? t.inbox.view[search.view ?? firstView])

  useEffect(() => {
    // A key has moved on: the row comes into sight, and the page stays.
    if (search.talk)
      list.current?.querySelector(`[data-id="${search.talk}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [search.talk])

  return (
    <section className={css.list} aria-label={t.inbox.list}>
      <div className={css.head}>
        <Heading className={css.title}>{title}</Heading>
        <SearchField search={search} inputRef={searchRef} />
      </div>
      <div role="status" className={css.status}>
        {fresh > 0 && (
          <Button
            fullWidth
            variant="default"
            size="compact-sm"
            leftSection={<IconRetry size={15} />}
            onClick={() => {
              talks.refresh()
              list.current?.scrollTo({ top: 0 })
            }}
          >
            {t.inbox.fresh(fresh, format.number(fresh))}
          </Button>
        )}
      </div>
      <Answer query={query}>
        {() =>
          shown.ids.length === 0 ? (
            empty
          ) : (
            <ul className={css.rows} ref={list}>
              {shown.ids.map((id) => (
                <li key={id}>
                  <Row talk={shown.rows.get(id)!} search={search} gone={gone.has(id)} youId={youId} />
                </li>
              ))}
              {next && (
                <li className={css.more}>
                  {more.error !== undefined && <Problem error={more.error} />}
                  <Button
                    variant="default"
                    size="sm"
                    loading={more.busy}
                    onClick={() => void talks.loadMore()}
                  >
                    {t.inbox.more}
                  </Button>
                </li>
              )}
            </ul>
          )
        }
      </Answer>
    </section>
  )
}

function SearchField({ search, inputRef }: { search: InboxSearch; inputRef: Ref<HTMLInputElement> }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const [typed, setTyped] = useState(search.q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const look = (q: string) => {
    clearTimeout(timer.current)
    const { view, team, talk } = search
    const rest = { ...(view && { view }), ...(team && { team }), ...(talk && { talk }) }
    void navigate({ to: '/inbox', search: q ? { ...rest, q } : rest, replace: true, resetScroll: false })
  }
  const change = (next: string) => {
    setTyped(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => look(next.trim()), pauseMs)
  }
  return (
    <search>
      <TextInput
        ref={inputRef}
        type="search"
        size="sm"
        aria-label={t.inbox.search}
        placeholder={t.inbox.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          typed && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t.inbox.clearSearch}
              onClick={() => change('')}
            >
              <IconClear size={15} />
            </ActionIcon>
          )
        }
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') look(typed.trim())
          if (event.key !== 'Escape') return
          event.stopPropagation()
          if (typed) change('')
          else event.currentTarget.blur()
        }}
      />
    </search>
  )
}
