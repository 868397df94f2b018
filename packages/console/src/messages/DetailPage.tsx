import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { messageQuery } from '../api/queries.ts'
import type { MessageDetail } from '../api/types.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Curl } from '../show/Curl.tsx'
import { Answer, Back, Card, ItemPage, Lead, Next } from '../show/Page.tsx'
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
  const query = useQuery(messageQuery(id))
  const { error } = query
  const missing = error instanceof ApiError && error.code === 'not_found'
  return (
    <ItemPage narrow back={<Back to="/messages">{t.detail.back}</Back>}>
      {missing ? (
        <Lead title={t.detail.notFound}>
          <Next>{t.detail.notFoundHint}</Next>
        </Lead>
      ) : (
        <Answer query={query}>{(message) => <Whole message={message} />}</Answer>
      )}
    </ItemPage>
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
      <Lead
        sign={<StateBadge state={message.state} tinted />}
        title={t.sentence[message.state](otherSide(message), moment)}
      >
        <div className={css.words} data-inbound={inbound || undefined} dir="auto">
          {message.text}
        </div>
        {message.possible_duplicate && <Next>{t.detail.duplicate}</Next>}
        <Next>
          {isFailure(message.state) &&
            message.error &&
            `${t.errors.byCode[message.error.code] ?? message.error.message} `}
          {t.next[message.state]}
        </Next>
        <Actions message={message} />
      </Lead>
      {message.waiting && <WaitingCard waiting={message.waiting} to={message.to} />}
      <Card title={t.detail.timeline}>
        <Timeline entries={message.timeline} />
      </Card>
      {!inbound && (
        <Card title={t.detail.segments}>
          <Segments message={message} full />
        </Card>
      )}
      <Card title={t.detail.facts}>
        <Facts message={message} />
      </Card>
      <Card title={t.detail.json}>
        <CodeBlock label={t.detail.jsonLabel}>{JSON.stringify(message, null, 2)}</CodeBlock>
      </Card>
      <Curl title={t.detail.call} path={`/v1/messages/${message.id}`} />
    </>
  )
}
