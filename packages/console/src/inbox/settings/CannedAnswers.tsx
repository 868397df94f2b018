import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { type Canned, cannedQuery } from '../../api/inbox.ts'
import { IconAdd } from '../../icons.ts'
import { Answer, Card } from '../../show/Page.tsx'
import { Problem } from '../../show/Problem.tsx'
import { type Column, Table } from '../../show/Table.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'

const path = '/v1/inbox/canned-answers'

/** Answers that are written once. */
export function CannedAnswers({ may }: { may: boolean }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.canned
  const query = useQuery(cannedQuery)
  const client = useQueryClient()
  const [edited, setEdited] = useState<Canned | 'new'>()
  const remove = useMutation({
    mutationFn: (id: string) => call<void>(`${path}/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: cannedQuery.queryKey }),
  })
  const columns: Column<Canned>[] = [
    { head: words.columns.shortcut, part: 'title', cell: ({ shortcut }) => `/${shortcut}` },
    { head: words.columns.title, cell: ({ title }) => title },
    { head: words.columns.text, part: 'wide', cell: ({ text }) => text },
    {
      head: words.columns.actions,
      part: 'actions',
      cell: (row) => (
        <div className={css.rowActs}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${words.edit}: /${row.shortcut}`}
            onClick={() => setEdited(row)}
          >
            {words.edit}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-label={`${t.inboxSettings.remove}: /${row.shortcut}`}
            onClick={() => remove.mutate(row.id)}
          >
            {t.inboxSettings.remove}
          </Button>
        </div>
      ),
    },
  ]
  return (
    <Card
      title={words.title}
      note={words.note}
      flush
      action={
        may &&
        !edited && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconAdd size={15} />}
            onClick={() => setEdited('new')}
          >
            {words.add}
          </Button>
        )
      }
    >
      {edited && (
        <CannedForm
          key={edited === 'new' ? 'new' : edited.id}
          canned={edited === 'new' ? undefined : edited}
          onDone={() => setEdited(undefined)}
        />
      )}
      {remove.error && <Problem error={remove.error} />}
      <Answer query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <p className={css.none}>{words.empty}</p>
          ) : (
            <Table
              label={words.title}
              rows={rows}
              rowKey={({ id }) => id}
              columns={may ? columns : columns.slice(0, -1)}
            />
          )
        }
      </Answer>
    </Card>
  )
}

function CannedForm({ canned, onDone }: { canned: Canned | undefined; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.canned
  const client = useQueryClient()
  const [shortcut, setShortcut] = useState(canned?.shortcut ?? '')
  const [title, setTitle] = useState(canned?.title ?? '')
  const [text, setText] = useState(canned?.text ?? '')
  const save = useMutation({
    mutationFn: () =>
      call(canned ? `${path}/${canned.id}` : path, {
        method: canned ? 'PATCH' : 'POST',
        body: { shortcut: shortcut.trim().replace(/^\//, ''), title: title.trim(), text },
      }),
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: ['inbox', 'canned'] })
    },
  })
  return (
    <form
      className={`${css.form} ${css.inCard}`}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className={css.pair}>
        <TextInput
          label={words.shortcut}
          leftSection="/"
          required
          autoComplete="off"
          value={shortcut}
          onChange={(event) => setShortcut(event.currentTarget.value)}
        />
        <TextInput
          label={words.name}
          required
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
      </div>
      <Textarea
        label={words.text}
        description={words.hint}
        required
        autosize
        minRows={3}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {save.error && <Problem error={save.error} />}
      <div className={css.save}>
        <Button type="submit" loading={save.isPending}>
          {t.inboxSettings.save}
        </Button>
        <Button variant="default" onClick={onDone}>
          {words.cancel}
        </Button>
      </div>
    </form>
  )
}
