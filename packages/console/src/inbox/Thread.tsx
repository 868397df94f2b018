import { Button, VisuallyHidden } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { type Entry, type TalkDetail, talkPath } from '../api/inbox.ts'
import { IconMore } from '../icons.ts'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import { EntryView } from './EntryView.tsx'
import { carriedOn, type Earlier } from './earlier.ts'
import css from './Thread.module.css'

/** Nearer to the end than this, what comes keeps the end in sight; further up, somebody reads. */
const nearPx = 120

/** What was said and done, oldest first, with the newest in sight. What comes does not move whoever reads further up. */
export function Thread({ talk, youId }: { talk: TalkDetail; youId: string | undefined }) {
  const { t, format } = useSpeech()
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [below, setBelow] = useState(false)
  const [earlier, setEarlier] = useState<Earlier<Entry>>()
  const [newest, setNewest] = useState(talk.entries)
  if (newest !== talk.entries) {
    setNewest(talk.entries)
    setEarlier(earlier && carriedOn(earlier, newest, talk.entries))
  }
  const next = earlier ? earlier.next : talk.earlier
  const entries = [...(earlier?.entries ?? []), ...talk.entries]
  const last = talk.entries.at(-1)

  const more = useMutation({
    mutationFn: (before: string) =>
      call<{ data: Entry[]; next?: string }>(talkPath(talk.id, `/entries?before=${before}`)),
    onSuccess: (page) => {
      const element = scroller.current
      const fromEnd = element ? element.scrollHeight - element.scrollTop : 0
      setEarlier((known) => ({
        entries: [...page.data.toReversed(), ...(known?.entries ?? [])],
        next: page.next,
      }))
      requestAnimationFrame(() => element?.scrollTo({ top: element.scrollHeight - fromEnd }))
    },
  })

  const toEnd = () => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
    setBelow(false)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new last entry counts
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
    else setBelow(true)
  }, [last?.id])
  useEffect(() => {
    // The composer below grows and shrinks: the end stays in sight.
    const element = scroller.current
    if (!element) return
    const watch = new ResizeObserver(() => atEnd.current && element.scrollTo({ top: element.scrollHeight }))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return (
    <div className={css.frame}>
      <section
        className={css.scroller}
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label={t.inbox.talk.messages}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < nearPx
          if (atEnd.current) setBelow(false)
        }}
      >
        {next && (
          <div className={css.more}>
            {more.error && <Problem error={more.error} />}
            <Button
              size="compact-sm"
              variant="default"
              loading={more.isPending}
              onClick={() => more.mutate(next)}
            >
              {t.inbox.talk.earlier}
            </Button>
          </div>
        )}
        <ol className={css.entries}>
          {entries.map((entry, at) => (
            <Fragment key={entry.id}>
              {dayOf(entry.at) !== dayOf(entries[at - 1]?.at) && (
                <li className={css.day}>
                  <span>{sayDay(entry.at, t.inbox.talk, format.day)}</span>
                </li>
              )}
              <EntryView entry={entry} talk={talk} youId={youId} />
            </Fragment>
          ))}
        </ol>
      </section>
      {below && (
        <Button
          className={css.jump ?? ''}
          size="compact-sm"
          variant="default"
          radius="xl"
          rightSection={<IconMore size={15} />}
          onClick={toEnd}
        >
          {t.inbox.talk.jump}
        </Button>
      )}
      <VisuallyHidden aria-live="polite">
        {last?.message?.direction === 'inbound' && last.message.text
          ? t.inbox.talk.newMessage(last.message.text)
          : ''}
      </VisuallyHidden>
    </div>
  )
}

const dayOf = (iso: string | undefined): string => (iso ? new Date(iso).toDateString() : '')

function sayDay(
  iso: string,
  words: { today: string; yesterday: string },
  day: (iso: string) => string,
): string {
  const yesterday = new Date()
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayOf(iso) === new Date().toDateString()) return words.today
  return dayOf(iso) === yesterday.toDateString() ? words.yesterday : day(iso)
}
