import { Anchor, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { audiencesQuery, type List, listPath, listsQuery, segmentsQuery } from '../api/contacts.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { IconEdit, IconPeople, IconRemove, IconSend } from '../icons.ts'
import { AddButton } from '../show/AddButton.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { Removal } from '../show/Removal.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import tableCss from '../show/Table.module.css'
import { Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'
import { heldFor, segmentsOn } from './uses.ts'

const route = getRouteApi('/lists')

/** People put together by hand. */
export default function ListsPage() {
  const { t, format } = useSpeech()
  const words = t.people.lists
  const { edit, remove } = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay().mayChange('contacts')
  const query = useQuery(listsQuery)
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((list) => list.id === id)
  const [edited, removed] = [find(edit), find(remove)]
  const { data: segments = [] } = useQuery({ ...segmentsQuery, enabled: removed !== undefined })
  const { data: audiences } = useQuery({ ...audiencesQuery(), enabled: removed !== undefined })
  const using = removed ? segmentsOn(segments, removed.id) : []
  const held = removed ? heldFor(audiences?.data ?? [], removed.id) : []
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {may && (edit === 'new' || edited) && <ListForm key={edit} list={edited} onDone={close} />}
      {may && removed && (
        <Removal
          title={words.removeTitle(removed.name)}
          text={[
            words.removeSure(removed.members, format.number(removed.members)),
            ...(using.length > 0 ? [words.removeSegments(format.list(using))] : []),
            ...(held.length > 0 ? [words.removeHeld(format.list(held))] : []),
            words.removeEnd,
          ].join(' ')}
          word={removed.name}
          act={words.removeYes}
          keep={words.keep}
          path={listPath(removed.id)}
          // People say which lists they are on.
          stale={[['lists'], ['contact'], ['contacts']]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(lists) => (
          <Listing
            label={words.title}
            rows={lists}
            empty={
              edit !== 'new' && {
                title: words.emptyTitle,
                text: words.empty,
                action: add,
                curl: { title: words.curl, method: 'POST', path: '/v1/lists', body: { name: 'Stammkunden' } },
              }
            }
          >
            <Table
              label={words.title}
              rows={lists}
              rowKey={({ id }) => id}
              columns={[
                {
                  head: words.columns.name,
                  part: 'title',
                  cell: ({ id, name, description }) => (
                    <>
                      <Anchor component={Link} to={`/people?list=${id}`} fw={560} underline="hover">
                        {name}
                      </Anchor>
                      {description && <span className={tableCss.sub}>{description}</span>}
                    </>
                  ),
                },
                {
                  head: words.columns.members,
                  numeric: true,
                  cell: ({ members }) => format.number(members),
                },
                { head: words.columns.made, cell: ({ created_at }) => <When at={created_at} /> },
                {
                  head: words.columns.act,
                  part: 'actions',
                  cell: ({ id, name }) => (
                    <RowMenu
                      word={words.columns.act}
                      label={words.actName(name)}
                      items={[
                        { to: `/people?list=${id}`, word: words.open, icon: IconPeople },
                        ...(may
                          ? [
                              { to: `/audiences?act=new&list=${id}`, word: words.send, icon: IconSend },
                              { to: `/lists?edit=${id}`, word: words.rename, icon: IconEdit },
                              { to: `/lists?remove=${id}`, word: words.remove, icon: IconRemove },
                            ]
                          : []),
                      ]}
                    />
                  ),
                },
              ]}
            />
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function ListForm({ list, onDone }: { list: List | undefined; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.people.lists
  const client = useQueryClient()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [name, setName] = useState(list?.name ?? '')
  const [description, setDescription] = useState(list?.description ?? '')
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), description: description.trim() || null }
      return list
        ? call<List>(listPath(list.id), { method: 'PATCH', body })
        : call<List>('/v1/lists', { method: 'POST', body })
    },
    onSuccess() {
      onDone()
      return client.invalidateQueries({ queryKey: ['lists'] })
    },
  })
  const errors = fieldErrors(save.error, t)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) save.mutate()
    else first.current?.focus()
  }
  return (
    <Card title={list ? words.rename : words.add}>
      <form className={css.form} onSubmit={submit} noValidate>
        <TextInput
          ref={first}
          label={words.name}
          required
          maxLength={100}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.description}
          maxLength={500}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {save.error && <Problem error={save.error} marked={Object.keys(errors).length > 0} />}
        <FormActs save={words.save} cancel={words.cancel} busy={save.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}
