import { Anchor, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { messageQuery } from '../api/queries.ts'
import type { MessageDetail } from '../api/types.ts'
import { IconBack } from '../icons.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Curl } from '../show/Curl.tsx'
import { Problem } from '../show/Problem.tsx'
import { useTitle } from '../show/useTitle.ts'
import { useNow } from '../show/When.tsx'
import { isFailure } from '../state/look.ts'
import { StateBadge } from '../state/StateBadge.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Actions } from './Actions.tsx'
import css from './DetailPage.module.css'
import { Facts } from './Facts.tsx'
import { otherSide } from './MessageRows.tsx'
import { Segments } from './Segments.tsx'
import { Timeline } from './Timeline.tsx'
import { WaitingCard } from './Waiting.tsx'

const route = getRouteApi('/messages/$id')

/** One message: its state in a sentence, what happened, what comes next, then details, JSON and the call. */
export default function DetailPage() {
  const { t } = useSpeech()
  useTitle(t.titles.message)
  const { id } = route.useParams()
  const { data, error, refetch } = useQuery(messageQuery(id))
  const missing = error instanceof ApiError && error.code === 'not_found'
  return (
    <div className={css.page}>
      <Anchor component={Link} to="/messages" className={css.back} underline="hover">
        <IconBack size={16} aria-hidden /> {t.detail.back}
      </Anchor>
      {missing ? (
        <div className={css.lead}>
          <h1>{t.detail.notFound}</h1>
          <p className={css.next}>{t.detail.notFoundHint}</p>
        </div>
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Whole message={data} />
      ) : (
        <Skeleton height={120} radius="lg" />
      )}
    </div>
  )
}

function Whole({ message }: { message: MessageDetail }) {
  const { t, format } = useSpeech()
  useNow()
  const inbound = message.direction === 'inbound'
  const moment =
    message.state === 'scheduled' && message.send_at
      ? format.moment(message.send_at)
      : format.relative(message.final_at ?? message.updated_at, Date.now())
  return (
    <>
      <header className={css.lead}>
        <StateBadge state={message.state} tinted />
        <h1>{t.sentence[message.state](otherSide(message), moment)}</h1>
        <div className={css.words} data-inbound={inbound || undefined} dir="auto">
          {message.text}
        </div>
        {message.possible_duplicate && <p className={css.next}>{t.detail.duplicate}</p>}
        <p className={css.next}>
          {isFailure(message.state) &&
            message.error &&
            `${t.errors.byCode[message.error.code] ?? message.error.message} `}
          {t.next[message.state]}
        </p>
        <Actions message={message} />
      </header>
      {message.waiting && <WaitingCard waiting={message.waiting} to={message.to} />}
      <section className={`sheet ${css.card}`}>
        <h2>{t.detail.timeline}</h2>
        <Timeline entries={message.timeline} />
      </section>
      {!inbound && (
        <section className={`sheet ${css.card}`}>
          <h2>{t.detail.segments}</h2>
          <Segments message={message} full />
        </section>
      )}
      <section className={`sheet ${css.card}`}>
        <h2>{t.detail.facts}</h2>
        <Facts message={message} />
      </section>
      <section className={`sheet ${css.card}`}>
        <h2>{t.detail.json}</h2>
        <CodeBlock label={t.detail.json}>{JSON.stringify(message, null, 2)}</CodeBlock>
      </section>
      <Curl title={t.detail.call} path={`/v1/messages/${message.id}`} />
    </>
  )
}
