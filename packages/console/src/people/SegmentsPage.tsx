import { Anchor, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import {
  attributesQuery,
  audiencesQuery,
  type Segment,
  segmentPath,
  segmentPreviewQuery,
  segmentsQuery,
  type Tree,
} from '../api/contacts.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { IconEdit, IconRemove, IconSend } from '../icons.ts'
import { AddButton } from '../show/AddButton.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { Removal } from '../show/Removal.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Builder } from './Builder.tsx'
import { People } from './ListPage.tsx'
import css from './People.module.css'
import { draftOf, type GroupDraft, isGroup, newGroup, treeOf } from './tree.ts'
import { heldFor } from './uses.ts'

const route = getRouteApi('/segments')

/** Questions with a name, and the builder that says in words whom they select. */
export default function SegmentsPage() {
  const { t, format } = useSpeech()
  const words = t.people.segments
  const { edit, remove } = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay().mayChange('contacts')
  const query = useQuery(segmentsQuery)
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((segment) => segment.id === id)
  const [edited, removed] = [find(edit), find(remove)]
  const { data: audiences } = useQuery({ ...audiencesQuery(), enabled: removed !== undefined })
  const held = removed ? heldFor(audiences?.data ?? [], removed.id) : []
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  const columns: Column<Segment>[] = [
    {
      head: words.columns.name,
      part: 'title',
      cell: ({ id, name }) => (
        <Anchor component={Link} to={`/segments?edit=${id}`} fw={560} underline="hover">
          {name}
        </Anchor>
      ),
    },
    { head: words.columns.changed, cell: ({ updated_at }) => <When at={updated_at} /> },
    {
      head: words.columns.act,
      part: 'actions',
      cell: ({ id, name }) => (
        <RowMenu
          word={words.columns.act}
          label={words.actName(name)}
          items={[
            { to: `/audiences?act=new&segment=${id}`, word: words.send, icon: IconSend },
            { to: `/segments?edit=${id}`, word: words.edit, icon: IconEdit },
            { to: `/segments?remove=${id}`, word: words.remove, icon: IconRemove },
          ]}
        />
      ),
    },
  ]
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {may && (edit === 'new' || edited) && <SegmentForm key={edit} segment={edited} onDone={close} />}
      {!may && edited && (
        <Card title={edited.name}>
          <Counted tree={edited.definition} />
        </Card>
      )}
      {may && removed && (
        <Removal
          title={words.removeTitle(removed.name)}
          text={
            held.length > 0 ? `${words.removeSure} ${words.removeHeld(format.list(held))}` : words.removeSure
          }
          word={removed.name}
          act={words.removeYes}
          keep={words.keep}
          path={segmentPath(removed.id)}
          stale={[['segments']]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(segments) => (
          <Listing
            label={words.title}
            rows={segments}
            empty={
              edit !== 'new' && {
                title: words.emptyTitle,
                text: words.empty,
                action: add,
                curl: {
                  title: words.curl,
                  method: 'POST',
                  path: '/v1/segments/preview',
                  body: { definition: { all: [{ tag: 'vip' }, { delivered_within: 30 }] } },
                },
              }
            }
          >
            <Table
              label={words.title}
              rows={segments}
              rowKey={({ id }) => id}
              columns={may ? columns : columns.slice(0, -1)}
            />
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function SegmentForm({ segment, onDone }: { segment: Segment | undefined; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.people.segments
  const client = useQueryClient()
  const { data: attributes } = useQuery(attributesQuery)
  const [name, setName] = useState(segment?.name ?? '')
  const [unnamed, setUnnamed] = useState(false)
  const [draft, setDraft] = useState<GroupDraft | undefined>(() => {
    if (!segment) return newGroup()
    const read = draftOf(segment.definition)
    return read && (isGroup(read) ? read : newGroup('all', [read]))
  })
  // What the builder cannot show is kept as it is; values have types only once the attributes are known.
  const tree = draft ? attributes && treeOf(draft, attributes) : segment?.definition
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), definition: tree }
      return segment
        ? call<Segment>(segmentPath(segment.id), { method: 'PATCH', body })
        : call<Segment>('/v1/segments', { method: 'POST', body })
    },
    onSuccess() {
      onDone()
      return client.invalidateQueries({ queryKey: ['segments'] })
    },
  })
  const errors = fieldErrors(save.error, t)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setUnnamed(!name.trim())
    if (name.trim() && tree) save.mutate()
  }
  return (
    <Card title={segment ? segment.name : words.add}>
      <form className={css.form} onSubmit={submit} noValidate>
        <TextInput
          label={words.name}
          maxLength={100}
          value={name}
          error={errors.name ?? (unnamed && words.noName)}
          onChange={(event) => {
            setName(event.currentTarget.value)
            setUnnamed(false)
          }}
        />
        {draft && <Builder draft={draft} onChange={setDraft} />}
        <Counted tree={tree} />
        {save.error && <Problem error={save.error} />}
        <FormActs save={words.save} cancel={words.cancel} busy={save.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}

/** Whom a tree selects: a sentence, how many, and some of them. */
function Counted({ tree }: { tree: Tree | undefined }) {
  const { t, format, language } = useSpeech()
  const words = t.people.segments
  const query = useQuery({
    ...segmentPreviewQuery(tree ?? {}, language),
    enabled: tree !== undefined,
    placeholderData: keepPreviousData,
  })
  if (!tree) return <p className={css.faint}>{words.incomplete}</p>
  const { data, error, isFetching } = query
  return (
    <section className={css.form} aria-label={words.builderTitle}>
      <div role="status" aria-live="polite">
        {isFetching && !data && <p className={css.faint}>{words.counting}</p>}
        {data && !error && (
          <>
            <p className={css.big}>{words.count(data.people, format.number(data.people))}</p>
            <p className={css.words}>{data.words}</p>
          </>
        )}
      </div>
      {error && <Problem error={error} />}
      {data && !error && data.sample.length > 0 && (
        <section aria-label={words.sample}>
          <People people={data.sample} />
        </section>
      )}
    </section>
  )
}
