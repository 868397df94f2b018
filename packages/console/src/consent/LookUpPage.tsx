import { Button, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useMay } from '../api/access.ts'
import { type PersonConsent, personKey, personQuery, topicsQuery } from '../api/consent.ts'
import { useEvents } from '../api/live.tsx'
import { bareNumber, looksDialable, showNumber } from '../format/phone.ts'
import { IconDocs, IconSearch } from '../icons.ts'
import { Answer, Card, Empty, Lead, Next, Page } from '../show/Page.tsx'
import { Pager } from '../show/Pager.tsx'
import { useStill } from '../show/useStill.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { History } from './History.tsx'
import { standingLooks } from './looks.ts'
import { Say } from './Say.tsx'
import { StandingTable } from './StandingTable.tsx'
import { aboutText } from './words.ts'

const route = getRouteApi('/consent')

/** One person's consent: what holds, what was said, and writing down what they say now. */
export default function LookUpPage() {
  const { t } = useSpeech()
  const { number } = route.useSearch()
  const { who } = useMay()
  return (
    <Page title={t.consent.title} lead={t.consent.lead}>
      {who?.masked ? (
        <div className="sheet">
          <Empty title={t.access.masked.title} text={t.access.masked.text} />
        </div>
      ) : (
        <>
          <LookUp key={number} number={number} />
          {number ? <Person number={number} /> : <Nobody />}
        </>
      )}
    </Page>
  )
}

function LookUp({ number }: { number: string | undefined }) {
  const { t } = useSpeech()
  const navigate = route.useNavigate()
  const [typed, setTyped] = useState(number ? showNumber(number) : '')
  const [faulty, setFaulty] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const good = looksDialable(typed)
    setFaulty(!good)
    if (good) void navigate({ search: { number: bareNumber(typed) } })
  }
  return (
    <search className="sheet">
      <form className={css.look} onSubmit={submit}>
        <TextInput
          label={t.consent.look.label}
          description={t.consent.look.hint}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
          type="tel"
          autoComplete="off"
          value={typed}
          error={faulty && t.consent.look.notDialable}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setFaulty(false)
          }}
        />
        <Button type="submit" leftSection={<IconSearch size={18} aria-hidden />}>
          {t.consent.look.act}
        </Button>
      </form>
    </search>
  )
}

function Nobody() {
  const { t } = useSpeech()
  const topics = useQuery(topicsQuery)
  const may = useMay().mayChange('consent')
  const topic = topics.data?.find(({ archived_at }) => archived_at === null)
  return (
    <div className="sheet">
      <Empty
        title={t.consent.empty.title}
        text={t.consent.empty.text}
        action={
          may && topics.data && !topic ? (
            <Button component={Link} to="/topics?edit=new">
              {t.consent.empty.act}
            </Button>
          ) : undefined
        }
        curl={{
          title: t.consent.empty.curl,
          method: 'POST',
          path: '/v1/consent',
          body: {
            entries: [
              {
                number: '+4915123456789',
                act: 'grant',
                ...(topic && { topic: topic.id }),
                text_shown: t.consent.form.kinds.marketing,
              },
            ],
          },
        }}
      />
    </div>
  )
}

function Person({ number }: { number: string }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({ ...personQuery(number, search.before), placeholderData: keepPreviousData })
  const { t } = useSpeech()
  const { data: topics = [] } = useQuery(topicsQuery)
  const may = useMay().mayChange('consent')
  const client = useQueryClient()
  useEvents((events) => {
    if (events.some(({ type, data }) => type.startsWith('consent.') && data.number === number))
      void client.invalidateQueries({ queryKey: personKey(number) })
  })
  const { say, topic = null, sender = null } = search
  // The form is below the head: whoever asked for it by keyboard goes on there.
  useEffect(() => {
    if (say) document.getElementById('say')?.scrollIntoView({ block: 'nearest' })
  }, [say])
  const close = useStill(() => void navigate({ search: { number }, resetScroll: false }))
  return (
    <Answer query={query}>
      {(person) => (
        <>
          <Verdict person={person} />
          {may && say && (
            <div id="say">
              <Say
                key={`${say} ${topic} ${sender}`}
                say={say}
                number={number}
                scope={{ topic, sender }}
                what={aboutText({ topic, sender }, topics, t)}
                onDone={close}
              />
            </div>
          )}
          <Card title={t.consent.topicsTitle} flush>
            <StandingTable person={person} topics={topics} may={may} />
          </Card>
          <Card title={t.consent.historyTitle} note={t.consent.historyNote}>
            <History entries={person.entries.data} topics={topics} />
            <Pager
              label={t.consent.historyTitle}
              newest={search.before && { word: t.consent.newest, go: close }}
              next={
                person.entries.next && {
                  word: t.consent.older,
                  go: () => void navigate({ search: { number, before: person.entries.next! } }),
                }
              }
            />
          </Card>
        </>
      )}
    </Answer>
  )
}

function Verdict({ person }: { person: PersonConsent }) {
  const { t, format } = useSpeech()
  const agreed = person.topics.filter(({ standing }) => standing === 'granted').length
  const left = person.words.some(({ granted }) => !granted)
  const standing = agreed > 0 ? 'granted' : left ? 'withdrawn' : 'none'
  const sentence =
    standing === 'granted'
      ? t.consent.sentence.granted(agreed, format.number(agreed))
      : t.consent.sentence[standing]
  return (
    <Lead
      sign={<Sign look={standingLooks[standing]} word={t.consent.standing[standing]} tinted />}
      title={`${showNumber(person.number)} ${sentence}`}
    >
      <Next>{t.consent.next[standing]}</Next>
      <Button
        component={Link}
        to={`/consent/proof?number=${encodeURIComponent(person.number)}`}
        variant="default"
        style={{ justifySelf: 'start' }}
        leftSection={<IconDocs size={18} aria-hidden />}
      >
        {t.consent.proof.open}
      </Button>
    </Lead>
  )
}
