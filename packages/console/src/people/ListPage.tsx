import { Anchor, Button, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useMay } from '../api/access.ts'
import { request } from '../api/client.ts'
import { type Contact, contactsQuery, listsQuery } from '../api/contacts.ts'
import { showNumber } from '../format/phone.ts'
import { IconDownload, IconSearch, IconUpload } from '../icons.ts'
import { AddButton } from '../show/AddButton.tsx'
import { download } from '../show/download.ts'
import { Answer, Empty, Page } from '../show/Page.tsx'
import { Pager } from '../show/Pager.tsx'
import { Problem } from '../show/Problem.tsx'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'
import { PersonForm } from './PersonForm.tsx'
import type { PeopleSearch } from './search.ts'

const route = getRouteApi('/people')
/** Long enough to type on, short enough to seem at once. */
const typingMs = 300

/** Everybody, or whoever the address asks for. */
export default function ListPage() {
  const { t, format } = useSpeech()
  const words = t.people
  const { act, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  const { mayChange } = useMay()
  const query = useQuery({ ...contactsQuery(filter), placeholderData: keepPreviousData })
  const go = useStill((next: PeopleSearch) => void navigate({ search: next, resetScroll: false }))
  const { before: _, ...first } = filter
  const filtered = Object.keys(filter).length > 0
  const none = query.data?.data.length === 0
  const save = useMutation({
    mutationFn: async () => {
      const list = filter.list ? `&list=${filter.list}` : ''
      const answer = await request(`/v1/contact-export?format=csv${list}`, { accept: 'text/csv' })
      download('people.csv', await answer.blob())
    },
  })
  const actions = (
    <div className={css.act}>
      {mayChange('contacts') && (
        <>
          <AddButton onClick={() => go({ ...filter, act: 'new' })}>{words.add}</AddButton>
          <Button
            variant="default"
            component={Link}
            to="/people/import"
            leftSection={<IconUpload size={18} />}
          >
            {words.import}
          </Button>
        </>
      )}
      <Button variant="subtle" color="gray" component={Link} to="/people/duplicates">
        {t.upkeep.duplicates.title}
      </Button>
      <Button variant="subtle" color="gray" component={Link} to="/people/data">
        {t.upkeep.data.open}
      </Button>
    </div>
  )
  return (
    <Page title={words.title} lead={words.lead} action={none && !filtered ? undefined : actions}>
      {mayChange('contacts') && act === 'new' && <PersonForm onDone={() => go(filter)} />}
      <Answer query={query}>
        {({ data, next }) =>
          none && !filtered ? (
            act === 'new' ? null : (
              <div className="sheet">
                <Empty
                  title={words.emptyTitle}
                  text={words.empty}
                  action={actions}
                  curl={{
                    title: words.curl,
                    method: 'POST',
                    path: '/v1/contacts',
                    body: { name: 'Ada', addresses: [{ channel: 'sms', address: '+4915123456789' }] },
                  }}
                />
              </div>
            )
          ) : (
            <>
              <section className="sheet" aria-label={words.title} aria-busy={query.isPlaceholderData}>
                <Filters filter={filter} onChange={go} />
                {none ? <p className={css.none}>{words.none}</p> : <People people={data} />}
              </section>
              <Pager
                label={words.title}
                newest={filter.before && { word: words.newest, go: () => go(first) }}
                next={next && { word: words.next, go: () => go({ ...filter, before: next }) }}
              >
                <span>{words.shown(format.number(data.length))}</span>
                {!none && (
                  <Button
                    variant="subtle"
                    color="gray"
                    size="sm"
                    leftSection={<IconDownload size={16} />}
                    loading={save.isPending}
                    onClick={() => save.mutate()}
                  >
                    {words.export}
                  </Button>
                )}
              </Pager>
              {save.error && <Problem error={save.error} onRetry={() => save.mutate()} />}
            </>
          )
        }
      </Answer>
    </Page>
  )
}

function Filters({ filter, onChange }: { filter: PeopleSearch; onChange: (next: PeopleSearch) => void }) {
  const { t } = useSpeech()
  const words = t.people
  const { data: lists = [] } = useQuery(listsQuery)
  const here = { find: filter.find ?? '', tag: filter.tag ?? '' }
  const [typed, setTyped] = useState(here)
  const [known, setKnown] = useState(here)
  // The address has changed and not from here: somebody went back.
  if (known.find !== here.find || known.tag !== here.tag) {
    setKnown(here)
    if (here.find !== typed.find.trim() || here.tag !== typed.tag.trim()) setTyped(here)
  }
  useEffect(() => {
    const find = typed.find.trim()
    const tag = typed.tag.trim()
    if (find === (filter.find ?? '') && tag === (filter.tag ?? '')) return
    const timer = setTimeout(
      () =>
        onChange({ ...(find && { find }), ...(tag && { tag }), ...(filter.list && { list: filter.list }) }),
      typingMs,
    )
    return () => clearTimeout(timer)
  })
  return (
    <search className={css.bar}>
      <TextInput
        type="search"
        size="sm"
        label={words.find}
        leftSection={<IconSearch size={16} aria-hidden />}
        autoComplete="off"
        spellCheck={false}
        value={typed.find}
        onChange={(event) => setTyped({ ...typed, find: event.currentTarget.value })}
      />
      <TextInput
        size="sm"
        label={words.tag}
        autoComplete="off"
        value={typed.tag}
        onChange={(event) => setTyped({ ...typed, tag: event.currentTarget.value })}
      />
      <NativeSelect
        size="sm"
        label={words.list}
        value={filter.list ?? ''}
        onChange={(event) => {
          const list = event.currentTarget.value
          const { find, tag } = filter
          onChange({ ...(find && { find }), ...(tag && { tag }), ...(list && { list }) })
        }}
        data={[
          { value: '', label: words.anyList },
          ...lists.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </search>
  )
}

export function People({ people }: { people: readonly Contact[] }) {
  const { t, format } = useSpeech()
  const words = t.people
  const columns: Column<Contact>[] = [
    {
      head: words.columns.name,
      part: 'title',
      cell: ({ id, name, external_id }) => (
        <Anchor component={Link} to={`/people/${id}`} fw={560} underline="hover">
          {name ?? external_id ?? words.nameless}
        </Anchor>
      ),
    },
    {
      head: words.columns.reach,
      cell: ({ addresses: [first, ...rest] }) =>
        first && (
          <>
            <span className="number">{showNumber(first.address)}</span>
            {rest.length > 0 && <span className={css.faint}> {words.more(format.number(rest.length))}</span>}
          </>
        ),
    },
    { head: words.columns.tags, cell: ({ tags }) => <Tags tags={tags} /> },
    { head: words.columns.language, cell: ({ language }) => language },
    { head: words.columns.changed, cell: ({ updated_at }) => <When at={updated_at} /> },
  ]
  return <Table label={words.title} columns={columns} rows={people} rowKey={({ id }) => id} />
}

export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <span className={css.tags}>
      {tags.map((tag) => (
        <span key={tag} className={css.tag}>
          {tag}
        </span>
      ))}
    </span>
  )
}
