import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { InboxSettings } from '../../api/inbox.ts'
import { Card } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { SaveBar } from './SaveBar.tsx'
import css from './Settings.module.css'
import { TextsFields, textsOf } from './TextsFields.tsx'
import { useSave } from './useSave.ts'

/** What is said while nobody is there. */
export function Away({ settings }: { settings: InboxSettings }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.away
  const save = useSave()
  const [on, setOn] = useState(settings.away !== null)
  const [texts, setTexts] = useState(settings.away ?? words.example)
  return (
    <Card title={words.title} note={words.note}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate({ away: on ? textsOf(texts) : null })
        }}
      >
        <Switch label={words.on} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
        {on && !settings.hours && <p className={css.hint}>{words.needsHours}</p>}
        {on && <TextsFields value={texts} hint={words.hint} onChange={setTexts} />}
        <SaveBar save={save} />
      </form>
    </Card>
  )
}

/** What is asked after closing. */
export function Rating({ settings }: { settings: InboxSettings }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.rating
  const save = useSave()
  const [on, setOn] = useState(settings.rating !== null)
  const [ask, setAsk] = useState(settings.rating?.ask ?? words.example)
  const [thanks, setThanks] = useState(settings.rating?.thanks ?? {})
  return (
    <Card title={words.title} note={words.note}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const said = textsOf(ask)
          save.mutate({ rating: on && said ? { ask: said, thanks: textsOf(thanks) } : null })
        }}
      >
        <Switch label={words.on} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
        {on && (
          <>
            <TextsFields label={words.ask} value={ask} onChange={setAsk} />
            <TextsFields label={words.thanks} value={thanks} onChange={setThanks} />
          </>
        )}
        <SaveBar save={save} />
      </form>
    </Card>
  )
}
