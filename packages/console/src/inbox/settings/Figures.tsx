import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { statsQuery } from '../../api/inbox.ts'
import { Answer, Card } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'

const monthMs = 30 * 86_400_000

/** How it went lately. */
export function Figures() {
  const { t, format } = useSpeech()
  const words = t.inboxSettings.stats
  const [since] = useState(() => new Date(Date.now() - monthMs).toISOString())
  const query = useQuery(statsQuery(since))
  return (
    <Card title={words.title}>
      <Answer query={query}>
        {({ opened, answered, first_answer, breached, rating }) => (
          <dl className={css.figures}>
            <Figure name={words.opened}>{format.number(opened)}</Figure>
            <Figure name={words.answered}>{format.number(answered)}</Figure>
            <Figure name={words.firstAnswer}>
              {first_answer ? (
                <>
                  {format.span(first_answer.p50_ms)}
                  <small>{words.slowest(format.span(first_answer.p90_ms))}</small>
                </>
              ) : (
                words.nothing
              )}
            </Figure>
            <Figure name={words.late}>
              {format.number(breached.first_answer + breached.next_answer + breached.resolution)}
            </Figure>
            <Figure name={words.rating}>
              {rating.average === null
                ? words.nothing
                : words.ratingOf(format.amount(rating.average), format.number(rating.rated))}
            </Figure>
          </dl>
        )}
      </Answer>
    </Card>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
