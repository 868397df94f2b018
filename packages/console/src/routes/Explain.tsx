import { Button, NativeSelect, TextInput } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import type { Explanation, Route } from '../api/operate-types.ts'
import { type Lane, lanes } from '../api/types.ts'
import { bareNumber, showNumber } from '../format/phone.ts'
import { IconDelivered, IconPaused } from '../icons.ts'
import { Curl } from '../show/Curl.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Routes.module.css'
import { routeWords } from './RouteTable.tsx'

const route = getRouteApi('/routes')

interface Question {
  to: string
  from?: string
  lane?: Lane
}

const explainQuery = (question: Question | undefined) =>
  queryOptions({
    queryKey: ['explain', question],
    queryFn: ({ signal }) =>
      call<Explanation>('/v1/routes/explain', { method: 'POST', body: question, signal }),
    enabled: question !== undefined,
    staleTime: 0,
  })

/** Which carrier a message would take, and why not another. The address holds the question. */
export function Explain() {
  const { t } = useSpeech()
  const words = t.routes.explain
  const { to, from, lane } = route.useSearch()
  const navigate = route.useNavigate()
  const [typed, setTyped] = useState({ to: to ? showNumber(to) : '', from: from ?? '', lane: lane ?? '' })
  const [missing, setMissing] = useState(false)
  const question = to ? { to, ...(from ? { from } : {}), ...(lane ? { lane } : {}) } : undefined
  const query = useQuery(explainQuery(question))
  const ask = (event: FormEvent) => {
    event.preventDefault()
    const number = bareNumber(typed.to)
    setMissing(!number)
    if (!number) return
    const next = {
      to: number,
      ...(typed.from.trim() ? { from: typed.from.trim() } : {}),
      ...(typed.lane ? { lane: typed.lane as Lane } : {}),
    }
    if (JSON.stringify(next) === JSON.stringify(question)) void query.refetch()
    else void navigate({ search: next, resetScroll: false })
  }
  return (
    <Card title={words.title} note={words.lead}>
      <form className={css.ask} onSubmit={ask}>
        <TextInput
          label={words.to}
          type="tel"
          autoComplete="off"
          placeholder="+49 170 0000001"
          value={typed.to}
          error={missing ? words.noNumber : undefined}
          onChange={(event) => setTyped({ ...typed, to: event.currentTarget.value })}
        />
        <TextInput
          label={words.from}
          autoComplete="off"
          value={typed.from}
          onChange={(event) => setTyped({ ...typed, from: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.lane}
          data={[
            { value: '', label: t.lanes.transactional },
            ...lanes
              .filter((each) => each !== 'transactional')
              .map((each) => ({ value: each, label: t.lanes[each] })),
          ]}
          value={typed.lane}
          onChange={(event) => setTyped({ ...typed, lane: event.currentTarget.value as Lane })}
        />
        <Button type="submit" loading={query.isFetching}>
          {words.ask}
        </Button>
      </form>
      <div aria-live="polite" className={css.answer}>
        {query.error && <Problem error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && <Explained explanation={query.data} />}
        {query.data && question && <Curl method="POST" path="/v1/routes/explain" body={question} />}
      </div>
    </Card>
  )
}

function Explained({ explanation: { carrier, path, left_out } }: { explanation: Explanation }) {
  const { t, format } = useSpeech()
  const words = t.routes.explain
  const firstTakable = path.findIndex(({ takable }) => takable)
  const place = (index: number, takable: boolean) =>
    !takable
      ? firstTakable >= 0 && index > firstTakable
        ? words.laterNot
        : words.sooner
      : index === firstTakable
        ? words.first
        : words.later
  const why = (each: Route) =>
    words.fits(
      [
        routeWords(each, t).split(' → ')[0],
        words.cost(format.cost(each.cost)),
        words.weight(format.number(each.weight)),
      ].join(', '),
    )
  return (
    <>
      <h3 className={css.verdict}>{carrier ? words.takes(carrier.name) : words.nobody}</h3>
      {path.length === 0 ? (
        <p className={css.quiet}>{words.none}</p>
      ) : (
        <ol className={css.path} aria-label={words.path}>
          {path.map(({ carrier: each, route: by, takable, code }, index) => (
            <li key={each.id} data-first={index === firstTakable || undefined}>
              <span className={css.place}>{format.number(index + 1)}</span>
              <div>
                <div className={css.name}>
                  <Link to="/carriers/$id" params={{ id: each.id }}>
                    {each.name}
                  </Link>
                  <Sign
                    look={
                      takable
                        ? { color: 'delivered', icon: IconDelivered }
                        : { color: 'waiting', icon: IconPaused }
                    }
                    word={takable ? words.takable : words.notTakable}
                  />
                </div>
                <p className={css.quiet}>
                  {place(index, takable)} {words.laterByCode[code]} {why(by)}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
      {left_out.length > 0 && (
        <details className={css.left}>
          <summary>
            {words.leftOut} ({format.number(left_out.length)})
          </summary>
          <ul>
            {left_out.map(({ route: each, code, sentence }) => (
              <li key={each.id}>
                <strong>{routeWords(each, t)}</strong>: {words.byCode[code] ?? sentence}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
