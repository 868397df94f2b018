import { Textarea } from '@mantine/core'
import { useState } from 'react'
import type { InboxSettings } from '../../api/inbox.ts'
import { Card } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { SaveBar } from './SaveBar.tsx'
import css from './Settings.module.css'
import { useSave } from './useSave.ts'

/** What canned answers may name of the account. */
export function OwnFields({ settings }: { settings: InboxSettings }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.fields
  const save = useSave()
  const [text, setText] = useState(
    Object.entries(settings.fields)
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n'),
  )
  return (
    <Card title={words.title} note={words.note}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const fields = text.split('\n').flatMap((line) => {
            const [name, ...rest] = line.split('=')
            return name?.trim() ? [[name.trim(), rest.join('=').trim()]] : []
          })
          save.mutate({ fields: Object.fromEntries(fields) })
        }}
      >
        <Textarea
          label={words.label}
          autosize
          minRows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SaveBar save={save} />
      </form>
    </Card>
  )
}
