import { Anchor, Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../api/access.ts'
import { ApiError, call } from '../api/client.ts'
import {
  attributesQuery,
  type Contact,
  contactListsQuery,
  contactPath,
  contactQuery,
  type Erasure,
  listPath,
  listsQuery,
  mergesQuery,
  undoMerge,
} from '../api/contacts.ts'
import { showNumber } from '../format/phone.ts'
import { IconConsent, IconEdit, IconIncoming, IconOutgoing, IconPeople, IconRemove } from '../icons.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Curl } from '../show/Curl.tsx'
import { Answer, Back, Card, ItemPage, Lead, Next } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useStill } from '../show/useStill.ts'
import { useTitle } from '../show/useTitle.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Erase, Receipt } from './Erase.tsx'
import { Tags } from './ListPage.tsx'
import { Merge } from './Merge.tsx'
import { Notes } from './Notes.tsx'
import css from './People.module.css'
import { PersonForm } from './PersonForm.tsx'
import type { PersonSearch } from './search.ts'

const route = getRouteApi('/people/$id')

/** One person: how to reach them, what is known, what was said and done. */
export default function DetailPage() {
  const { t } = useSpeech()
  const { id } = route.useParams()
  const [erased, setErased] = useState<{ id: string; receipt: Erasure }>()
  const receipt = erased?.id === id ? erased.receipt : undefined
  const query = useQuery({ ...contactQuery(id), retry: false, enabled: !receipt })
  const words = t.people.person
  useTitle((!receipt && query.data?.name) || t.people.title)
  const missing = query.error instanceof ApiError && query.error.code === 'not_found' && !query.data
  return (
    <ItemPage back={<Back to="/people">{words.back}</Back>}>
      {receipt ? (
        // Whoever is erased is gone from this screen, too.
        <Receipt receipt={receipt} />
      ) : missing ? (
        <Lead title={words.notFound}>
          <Next>{words.notFoundHint}</Next>
        </Lead>
      ) : (
        <Answer query={query}>
          {(person) => (
            <Whole key={person.id} person={person} onErased={(of) => setErased({ id, receipt: of })} />
          )}
        </Answer>
      )}
    </ItemPage>
  )
}

function Whole({ person, onErased }: { person: Contact; onErased: (receipt: Erasure) => void }) {
  const { t } = useSpeech()
  const words = t.people.person
  const { act } = route.useSearch()
  const navigate = route.useNavigate()
  const { mayChange, may } = useMay()
  const open = useStill((next: PersonSearch) => void navigate({ search: next, resetScroll: false }))
  const close = () => open({})
  const name = person.name ?? person.external_id ?? t.people.nameless
  // A number that is hidden cannot be looked up.
  const number = person.addresses.find(
    ({ channel, address }) => channel === 'sms' && !address.includes('•'),
  )?.address
  return (
    <>
      <Lead title={name}>
        <Tags tags={person.tags} />
        <div className={css.act}>
          {mayChange('contacts') && (
            <>
              <Button
                variant="default"
                leftSection={<IconEdit size={16} />}
                onClick={() => open({ act: 'edit' })}
              >
                {words.edit}
              </Button>
              <Button
                variant="default"
                leftSection={<IconPeople size={16} />}
                onClick={() => open({ act: 'merge' })}
              >
                {words.merge}
              </Button>
              <Button
                variant="default"
                leftSection={<IconRemove size={16} />}
                onClick={() => open({ act: 'erase' })}
              >
                {words.erase}
              </Button>
            </>
          )}
        </div>
      </Lead>
      {mayChange('contacts') && act === 'edit' && <PersonForm person={person} onDone={close} />}
      {mayChange('contacts') && act === 'merge' && <Merge person={person} onDone={close} />}
      {mayChange('contacts') && act === 'erase' && (
        <Erase person={person} name={name} onErased={onErased} onDone={close} />
      )}
      <div className={css.two}>
        <Card title={words.reach}>
          <Addresses person={person} />
          {number && (
            <div className={css.act}>
              {may('consent') && (
                <Anchor component={Link} to={`/consent?${new URLSearchParams({ number })}`}>
                  <IconConsent size={15} aria-hidden /> {words.consent}
                </Anchor>
              )}
              {may('messages:read') && (
                <>
                  <Anchor
                    component={Link}
                    to={`/messages?${new URLSearchParams({ direction: 'outbound', number })}`}
                  >
                    <IconOutgoing size={15} aria-hidden /> {words.messagesTo}
                  </Anchor>
                  <Anchor
                    component={Link}
                    to={`/messages?${new URLSearchParams({ direction: 'inbound', number })}`}
                  >
                    <IconIncoming size={15} aria-hidden /> {words.messagesFrom}
                  </Anchor>
                </>
              )}
            </div>
          )}
        </Card>
        <Card title={words.facts}>
          <Facts person={person} />
        </Card>
        <Card title={words.lists}>
          <Lists person={person} />
        </Card>
        <Card title={words.notes} note={words.notesNote}>
          <Notes person={person} />
        </Card>
      </div>
      <Merges person={person} />
      <Card title={words.json}>
        <CodeBlock label={words.jsonLabel}>{JSON.stringify(person, null, 2)}</CodeBlock>
      </Card>
      <Curl title={words.call} path={contactPath(person.id)} />
    </>
  )
}

function Addresses({ person }: { person: Contact }) {
  const { t, format } = useSpeech()
  const words = t.people.person
  const now = Date.now()
  const said = (at: string | null, say: (when: string) => string) =>
    at ? [say(format.relative(at, now))] : []
  return (
    <ul className={css.rows}>
      {person.addresses.map(({ channel, address, label, delivered_at, replied_at, clicked_at }) => {
        const happened = [
          ...said(delivered_at, words.delivered),
          ...said(replied_at, words.replied),
          ...said(clicked_at, words.clicked),
        ]
        return (
          <li key={channel + address}>
            <strong className="number">{showNumber(address)}</strong>
            <span className={css.faint}>
              {[label, happened.length > 0 ? happened.join(', ') : words.quiet].filter(Boolean).join(' · ')}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function Facts({ person }: { person: Contact }) {
  const { t, format } = useSpeech()
  const words = t.people
  const { data: attributes = [] } = useQuery(attributesQuery)
  const facts: [string, string][] = []
  const add = (label: string, value: string | null) => value !== null && facts.push([label, value])
  add(words.form.externalId, person.external_id)
  add(words.form.language, person.language)
  add(words.form.timeZone, person.time_zone)
  add(words.form.postcode, person.postcode)
  for (const { key, label } of attributes) {
    const value = person.attributes[key]
    if (value === undefined) continue
    if (typeof value === 'boolean') add(label, value ? words.form.yes : words.form.no)
    else add(label, typeof value === 'number' ? format.number(value) : value)
  }
  if (facts.length === 0) return <p className={css.words}>{words.person.nothingKnown}</p>
  return (
    <dl className={css.facts}>
      {facts.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Lists({ person }: { person: Contact }) {
  const { t } = useSpeech()
  const words = t.people.person
  const client = useQueryClient()
  const { mayChange } = useMay()
  const { data: mine = [] } = useQuery(contactListsQuery(person.id))
  const { data: all = [] } = useQuery(listsQuery)
  const others = all.filter(({ id }) => !mine.some((list) => list.id === id))
  const [chosen, setChosen] = useState('')
  const change = useMutation({
    mutationFn: ({ list, ...body }: { list: string; add?: string[]; remove?: string[] }) =>
      call(`${listPath(list)}/members`, { method: 'POST', body }),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['contact', person.id, 'lists'] })
      await client.invalidateQueries({ queryKey: ['lists'] })
    },
  })
  const list = (others.find(({ id }) => id === chosen) ?? others[0])?.id
  return (
    <div className={css.form}>
      {mine.length === 0 ? (
        <p className={css.words}>{words.noLists}</p>
      ) : (
        <ul className={css.rows}>
          {mine.map(({ id, name }) => (
            <li key={id}>
              <Anchor component={Link} to={`/people?list=${id}`}>
                {name}
              </Anchor>
              {mayChange('contacts') && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-xs"
                  aria-label={words.takeOff(name)}
                  onClick={() => change.mutate({ list: id, remove: [person.id] })}
                >
                  <IconRemove size={15} aria-hidden />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {list && mayChange('contacts') && (
        <div className={css.leaf}>
          <NativeSelect
            size="sm"
            label={words.putOn}
            value={list}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={others.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Button size="sm" variant="default" onClick={() => change.mutate({ list, add: [person.id] })}>
            {words.put}
          </Button>
        </div>
      )}
      {change.error && <Problem error={change.error} />}
    </div>
  )
}

function Merges({ person }: { person: Contact }) {
  const { t } = useSpeech()
  const words = t.people.person
  const client = useQueryClient()
  const { data: merges = [] } = useQuery(mergesQuery(person.id))
  const { mayChange } = useMay()
  const undo = useMutation({
    mutationFn: undoMerge,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['contact'] })
      await client.invalidateQueries({ queryKey: ['contacts'] })
    },
  })
  if (merges.length === 0) return null
  return (
    <Card title={words.merges}>
      <ul className={css.rows}>
        {merges.map(({ id, name, merged_at }) => (
          <li key={id}>
            <span>
              {name ?? t.people.nameless}, <When at={merged_at} />
            </span>
            {mayChange('contacts') && (
              <Button
                size="compact-sm"
                variant="default"
                loading={undo.isPending && undo.variables === id}
                onClick={() => undo.mutate(id)}
              >
                {words.undo}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {undo.error && <Problem error={undo.error} />}
    </Card>
  )
}
