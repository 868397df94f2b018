import { Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { type Canned, cannedQuery } from '../../api/inbox.ts'
import { FormActs } from '../../show/FormActs.tsx'
import { KeptCard } from '../../show/KeptCard.tsx'
import { Problem } from '../../show/Problem.tsx'
import { Removal } from '../../show/Removal.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'

const path = '/v1/inbox/canned-answers'

/** Answers that are written once. */
export function CannedAnswers({ may }: { may: boolean }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.canned
  return (
    <KeptCard
      title={words.title}
      note={words.note}
      may={may}
      query={useQuery(cannedQuery)}
      rowKey={({ id }) => id}
      rowName={({ shortcut }) => `/${shortcut}`}
      columns={[
        { head: words.columns.shortcut, part: 'title', cell: ({ shortcut }) => `/${shortcut}` },
        { head: words.columns.title, cell: ({ title }) => title },
        { head: words.columns.text, part: 'wide', cell: ({ text }) => text },
      ]}
      words={{ ...words, remove: t.inboxSettings.remove, actions: words.columns.actions }}
      empty={words.empty}
      form={(canned, close) => <CannedForm canned={canned} onDone={close} />}
      removal={({ id, shortcut, title }, close) => (
        <Removal
          text={words.removeSure(title)}
          word={shortcut}
          act={words.removeYes}
          keep={words.cancel}
          path={`${path}/${id}`}
          stale={[cannedQuery.queryKey]}
          onDone={close}
        />
      )}
    />
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
      className={css.form}
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
      <FormActs save={t.inboxSettings.save} cancel={words.cancel} busy={save.isPending} onCancel={onDone} />
    </form>
  )
}
