import { Textarea } from '@mantine/core'
import type { Texts } from '../../api/inbox.ts'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'

const languages = ['de', 'en'] as const

/** What is said, in the languages that the console speaks; others may be set by the API and stay. */
export function TextsFields({
  label,
  value,
  hint,
  onChange,
}: {
  label?: string
  value: Texts
  hint?: string
  onChange: (texts: Texts) => void
}) {
  const { t } = useSpeech()
  return (
    <fieldset className={css.texts}>
      {label && <legend>{label}</legend>}
      {languages.map((language) => (
        <Textarea
          key={language}
          label={t.inboxSettings.languages[language]}
          autosize
          minRows={2}
          value={value[language] ?? ''}
          onChange={(event) => onChange({ ...value, [language]: event.currentTarget.value })}
        />
      ))}
      {hint && <p className={css.hint}>{hint}</p>}
    </fieldset>
  )
}

/** Without those that say nothing; null when none says anything. */
export function textsOf(texts: Texts): Texts | null {
  const said = Object.entries(texts).filter(([, text]) => text.trim() !== '')
  return said.length === 0 ? null : Object.fromEntries(said)
}
