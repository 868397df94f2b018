import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { IconAdd, IconClear } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import type { Words } from './draft.ts'
import css from './Keywords.module.css'

interface TextsInputProps {
  label: string
  hint?: string
  error?: string | undefined
  texts: readonly Words[]
  /** What can be put in by a click. */
  placeholders?: readonly string[]
  /** The language that a first text is in. */
  language: string
  required?: boolean
  onChange: (texts: Words[]) => void
}

/** A text in as many languages as there is a need for. */
export function TextsInput({
  label,
  hint,
  error,
  texts,
  placeholders = [],
  language,
  required = false,
  onChange,
}: TextsInputProps) {
  const { t } = useSpeech()
  const words = t.keywords.form
  const areas = useRef<(HTMLTextAreaElement | null)[]>([])
  const last = useRef(0)
  const set = (at: number, change: Partial<Words>) =>
    onChange(texts.map((each, index) => (index === at ? { ...each, ...change } : each)))
  const insert = (name: string) => {
    const at = Math.min(last.current, texts.length - 1)
    const area = areas.current[at]
    const text = texts[at]?.text ?? ''
    const [from, to] = area ? [area.selectionStart, area.selectionEnd] : [text.length, text.length]
    set(at, { text: `${text.slice(0, from)}{{${name}}}${text.slice(to)}` })
    area?.focus()
  }
  return (
    <fieldset className={css.group} aria-label={label}>
      <span className={css.label}>{label}</span>
      {texts.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no name of their own, and are added at the end
        <div key={at} className={css.text}>
          <TextInput
            className={css.language}
            aria-label={`${label}: ${words.language}`}
            placeholder={words.languageShort}
            value={each.language}
            maxLength={3}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => set(at, { language: event.currentTarget.value })}
          />
          <Textarea
            ref={(area) => {
              areas.current[at] = area
            }}
            className={css.wide}
            aria-label={words.textIn(label, each.language)}
            error={at === 0 ? error : undefined}
            autosize
            minRows={2}
            maxRows={10}
            value={each.text}
            onFocus={() => {
              last.current = at
            }}
            onChange={(event) => set(at, { text: event.currentTarget.value })}
          />
          {(texts.length > 1 || !required) && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={words.dropLanguage(words.textIn(label, each.language))}
              onClick={() => onChange(texts.filter((_, index) => index !== at))}
            >
              <IconClear size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      {texts.length > 0 && placeholders.length > 0 && (
        <fieldset className={css.chips} aria-label={words.placeholders}>
          {placeholders.map((name) => (
            <Button
              key={name}
              variant="default"
              size="compact-xs"
              className="mono"
              aria-label={words.insert(name)}
              onClick={() => insert(name)}
            >
              {`{{${name}}}`}
            </Button>
          ))}
        </fieldset>
      )}
      <Button
        variant="default"
        size="compact-sm"
        className={css.add}
        leftSection={<IconAdd size={15} />}
        onClick={() => onChange([...texts, { language: texts.length === 0 ? language : '', text: '' }])}
      >
        {texts.length === 0 ? words.own : words.addLanguage}
      </Button>
      {hint && <span className={css.hint}>{hint}</span>}
      {error && texts.length === 0 && <span className={css.error}>{error}</span>}
    </fieldset>
  )
}
