import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { Due, InboxSettings } from '../../api/inbox.ts'
import { Card } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { SaveBar } from './SaveBar.tsx'
import css from './Settings.module.css'
import { useSave } from './useSave.ts'

const names: readonly Due['target'][] = ['first_answer', 'next_answer', 'resolution']

interface Row {
  target: Due['target']
  minutes: number | ''
  warn: number
}

/** What is promised to people, in minutes of business hours. Empty: nothing. */
export function Promises({ settings }: { settings: InboxSettings }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.targets
  const save = useSave()
  const [rows, setRows] = useState<Row[]>(() =>
    names.map((target) => {
      const known = settings.targets.find((each) => each.target === target)
      return { target, minutes: known?.minutes ?? '', warn: known?.warn_minutes ?? 0 }
    }),
  )
  const change = (target: Due['target'], next: { minutes?: number | ''; warn?: number }) =>
    setRows(rows.map((row) => (row.target === target ? { ...row, ...next } : row)))
  return (
    <Card title={words.title} note={words.note}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const targets = rows.flatMap(({ target, minutes, warn }) =>
            minutes === '' ? [] : [{ target, minutes, warn_minutes: warn }],
          )
          save.mutate({ targets })
        }}
      >
        {rows.map(({ target, minutes, warn }) => (
          <fieldset key={target} className={css.promise}>
            <legend>{t.inbox.target[target]}</legend>
            <p className={css.hint}>{words.meaning[target]}</p>
            <NumberInput
              label={words.minutes}
              placeholder={words.none}
              min={1}
              max={100_000}
              allowDecimal={false}
              hideControls
              value={minutes}
              onChange={(value) => change(target, { minutes: value === '' ? '' : Number(value) })}
            />
            <NumberInput
              label={words.warn}
              min={0}
              max={100_000}
              allowDecimal={false}
              hideControls
              value={warn}
              onChange={(value) => change(target, { warn: Number(value) || 0 })}
            />
          </fieldset>
        ))}
        <SaveBar save={save} />
      </form>
    </Card>
  )
}
