import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { messageQuery } from '../api/queries.ts'
import type { MessageDetail } from '../api/types.ts'
import { showNumber } from '../format/phone.ts'
import { IconDone } from '../icons.ts'
import { Segments } from '../messages/Segments.tsx'
import { Problem } from '../show/Problem.tsx'
import { lookOf, stepsAhead } from '../state/look.ts'
import { lookStyle } from '../state/Sign.tsx'
import { StateBadge } from '../state/StateBadge.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Track.module.css'

/** The way of the message that was just sent, as it happens. */
export function Track({ id }: { id: string | undefined }) {
  const { t } = useSpeech()
  const [first] = useState(id)
  if (id) return <Followed id={id} fresh={id !== first} />
  return (
    <section className={`sheet ${css.track}`}>
      <div className={css.head} style={{ marginBottom: 0 }}>
        <h2>{t.track.title}</h2>
      </div>
      <p className={css.empty}>{t.track.empty}</p>
    </section>
  )
}

/** `fresh`: sent just now, so it may scroll into view; what a reload brings back may not. */
function Followed({ id, fresh }: { id: string; fresh: boolean }) {
  const { t } = useSpeech()
  const { data, error, refetch } = useQuery(messageQuery(id))
  const section = useRef<HTMLElement>(null)
  const loaded = data !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new message comes into view once, when it is there
  useEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (fresh && loaded)
      section.current?.scrollIntoView({ block: 'nearest', behavior: calm ? 'instant' : 'smooth' })
  }, [id, loaded])
  return (
    <section ref={section} className={`sheet ${css.track}`} aria-labelledby="track-title">
      <div className={css.head}>
        <h2 id="track-title">{t.track.title}</h2>
        {data && <StateBadge state={data.state} tinted />}
        {data && <span className={`${css.to} number`}>{t.track.to(showNumber(data.to))}</span>}
        <Anchor component={Link} to="/messages/$id" params={{ id } as never} size="sm" underline="always">
          {t.track.details}
        </Anchor>
      </div>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Steps message={data} />
          <Segments message={data} />
        </>
      )}
    </section>
  )
}

function Steps({ message }: { message: MessageDetail }) {
  const { t, format } = useSpeech()
  const { timeline } = message
  const start = Date.parse(timeline[0]?.at ?? message.created_at)
  const ahead = stepsAhead(message.state)
  return (
    <ol className={css.steps}>
      {timeline.map((entry, index) => {
        const last = index === timeline.length - 1
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: the timeline only grows at its end
            key={index}
            className={css.step}
            data-done
            data-passed={!last || undefined}
            data-last={last || undefined}
            style={lookStyle(lookOf[entry.state])}
            title={t.stepMeaning[entry.state]}
          >
            <span className={css.dot} aria-hidden>
              <IconDone size={12} stroke={3} />
            </span>
            <div className={css.name}>{t.steps[entry.state]}</div>
            <div className={`${css.time} number`}>
              <time dateTime={entry.at} title={format.full(entry.at)}>
                {format.clock(entry.at)}
              </time>
              {index > 0 && (
                <div>{t.track.after(format.span(Math.max(0, Date.parse(entry.at) - start)))}</div>
              )}
            </div>
          </li>
        )
      })}
      {ahead.map((state) => (
        <li key={state} className={css.step} data-ahead title={t.stepMeaning[state]}>
          <span className={css.dot} aria-hidden />
          <div className={css.name}>{t.steps[state]}</div>
          <div className={css.time}>{t.track.pending}</div>
        </li>
      ))}
    </ol>
  )
}
