import { Anchor, Button, Progress } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type Audience, audiencePath, audienceQuery } from '../api/contacts.ts'
import { IconMessages } from '../icons.ts'
import { Curl } from '../show/Curl.tsx'
import { Answer, Back, Card, ItemPage, Lead, Next } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useTitle } from '../show/useTitle.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import { audienceLooks } from './looks.ts'
import css from './People.module.css'

/** Beyond this the seconds say nothing any more. */
const countedMs = 90_000

/** One sending to many: how it is, what can still be done, and who got nothing. */
export function OneAudience({ id }: { id: string }) {
  const { t } = useSpeech()
  const words = t.people.audiences
  const query = useQuery({ ...audienceQuery(id), retry: false })
  useTitle(query.data?.name ?? words.title)
  return (
    <ItemPage back={<Back to="/audiences">{words.back}</Back>}>
      <Answer query={query}>{(audience) => <Whole audience={audience} />}</Answer>
    </ItemPage>
  )
}

function Whole({ audience }: { audience: Audience }) {
  const { t, format } = useSpeech()
  const words = t.people.audiences
  const { id, state, name, text, refused } = audience
  return (
    <>
      <Lead sign={<Sign look={audienceLooks[state]} word={words.states[state]} tinted />} title={name}>
        <Standing audience={audience} />
        <Stop audience={audience} />
      </Lead>
      {refused.length > 0 && (
        <Card title={words.refusedTitle}>
          <ul className={css.rows}>
            {refused.map(({ code, count, sentence }) => (
              <li key={code}>
                <span>
                  {format.number(count)} {words.leftWhy[code] ?? t.errors.byCode[code] ?? sentence}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card title={words.details}>
        <p className={css.bubble}>{text}</p>
      </Card>
      <Curl title={words.call} path={audiencePath(id)} />
    </>
  )
}

function Standing({ audience }: { audience: Audience }) {
  const { t, format } = useSpeech()
  const words = t.people.audiences
  const { id, state, people, looked_at, queued, deferred, withdrawn } = audience
  if (state === 'held') return <Held startsAt={audience.starts_at} />
  return (
    <>
      <Next>
        {state === 'running' && words.sentence.running(format.number(looked_at), format.number(people))}
        {state === 'finished' && words.sentence.finished(format.number(queued))}
        {state === 'stopped' && words.sentence.stopped(format.number(queued), format.number(withdrawn))}
        {state === 'failed' && words.sentence.failed}{' '}
        {deferred > 0 && words.deferred(format.number(deferred))}
      </Next>
      {state === 'running' && (
        <Progress value={(looked_at / Math.max(1, people)) * 100} aria-label={words.states.running} />
      )}
      {queued > 0 && (
        <Anchor component={Link} to={`/messages?client_ref=${id}`}>
          <IconMessages size={15} aria-hidden /> {words.messages}
        </Anchor>
      )}
    </>
  )
}

function Held({ startsAt }: { startsAt: string }) {
  const { t, format } = useSpeech()
  const words = t.people.audiences
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const leftMs = Math.max(0, Date.parse(startsAt) - now)
  return (
    <>
      <p className={css.big}>
        {leftMs < countedMs
          ? words.heldTitle(format.number(Math.ceil(leftMs / 1_000)))
          : words.heldLater(format.moment(startsAt))}
      </p>
      <Next>{words.heldNote}</Next>
    </>
  )
}

function Stop({ audience }: { audience: Audience }) {
  const { t } = useSpeech()
  const words = t.people.audiences
  const client = useQueryClient()
  const { mayChange } = useMay()
  const { id, state } = audience
  const stop = useMutation({
    mutationFn: () => call<Audience>(`${audiencePath(id)}/stop`, { method: 'POST' }),
    onSuccess: (stopped) => client.setQueryData(audienceQuery(id).queryKey, stopped),
  })
  if ((state !== 'held' && state !== 'running') || !mayChange('contacts')) return null
  return (
    <>
      <div className={css.act}>
        <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
          {state === 'held' ? words.undo : words.stop}
        </Button>
      </div>
      {stop.error && <Problem error={stop.error} />}
    </>
  )
}
