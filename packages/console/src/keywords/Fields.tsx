import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type TextName, type Typos, textNames, typoChoices } from '../api/keywords.ts'
import { Fold } from '../show/Fold.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import type { Draft } from './draft.ts'
import { placeholdersOf } from './draft.ts'
import css from './Keywords.module.css'
import { Rows } from './Rows.tsx'
import { SourceFields } from './SourceFields.tsx'
import { TextsInput } from './TextsInput.tsx'

interface FieldsProps {
  draft: Draft
  columns: readonly string[]
  errors: Readonly<Record<string, string>>
  onChange: (change: Partial<Draft>) => void
}

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const others: readonly TextName[] = textNames.filter((name) => name !== 'answer')

/** All that a service is made of, but its table. */
export function Fields({ draft, columns, errors, onChange }: FieldsProps) {
  const { t } = useSpeech()
  const words = t.keywords.form
  const plain = { autoComplete: 'off', spellCheck: false, inputWrapperOrder: order } as const
  const firstError = (start: string) => Object.entries(errors).find(([field]) => field.startsWith(start))?.[1]
  const placeholders = placeholdersOf(draft, columns)
  return (
    <>
      <Card title={words.settings}>
        <div className={css.form}>
          <TextInput
            {...plain}
            label={words.name}
            description={words.nameHint}
            error={errors.name}
            value={draft.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <Rows
            label={words.words}
            hint={words.wordsHint}
            error={firstError('keywords')}
            rows={draft.keywords}
            empty={{ word: '', language: '' }}
            add={words.addWord}
            drop={({ word }, at) => words.dropWord(word || String(at + 1))}
            needed
            onChange={(keywords) => onChange({ keywords })}
            row={(keyword, set, at) => (
              <>
                <TextInput
                  className={css.middle}
                  aria-label={`${words.word} ${at + 1}`}
                  placeholder={words.word}
                  autoComplete="off"
                  spellCheck={false}
                  aria-invalid={errors[`keywords.${at}.word`] ? true : undefined}
                  value={keyword.word}
                  onChange={(event) => set({ word: event.currentTarget.value })}
                />
                <TextInput
                  className={css.narrow}
                  aria-label={`${words.language} ${at + 1}`}
                  placeholder={words.languageShort}
                  maxLength={3}
                  autoComplete="off"
                  spellCheck={false}
                  value={keyword.language}
                  onChange={(event) => set({ language: event.currentTarget.value })}
                />
              </>
            )}
          />
          {draft.kind !== 'table' && (
            <Rows
              label={words.arguments}
              hint={words.argumentsHint}
              error={firstError('arguments')}
              rows={draft.arguments}
              empty={{ name: '', optional: false, rest: false }}
              add={words.addArgument}
              drop={({ name }, at) => words.dropArgument(name || String(at + 1))}
              onChange={(args) => onChange({ arguments: args })}
              row={({ name, optional = false, rest = false }, set, at) => (
                <>
                  <TextInput
                    className={css.middle}
                    aria-label={`${words.arguments}: ${words.argument} ${at + 1}`}
                    placeholder={words.argument}
                    autoComplete="off"
                    spellCheck={false}
                    value={name}
                    onChange={(event) => set({ name: event.currentTarget.value })}
                  />
                  <Checkbox
                    label={words.optional}
                    checked={optional}
                    onChange={(event) => set({ optional: event.currentTarget.checked })}
                  />
                  {at === draft.arguments.length - 1 && (
                    <Checkbox
                      label={words.rest}
                      checked={rest}
                      onChange={(event) => set({ rest: event.currentTarget.checked })}
                    />
                  )}
                </>
              )}
            />
          )}
          <TextsInput
            label={draft.kind === 'table' ? words.rowText : words.texts.answer}
            error={firstError('texts')}
            texts={draft.texts.answer}
            placeholders={placeholders}
            language={draft.language}
            required
            onChange={(answer) => onChange({ texts: { ...draft.texts, answer } })}
          />
          <TextInput
            {...plain}
            label={words.numbers}
            description={words.numbersHint}
            error={firstError('numbers')}
            inputMode="tel"
            value={draft.numbers}
            onChange={(event) => onChange({ numbers: event.currentTarget.value })}
          />
          <Checkbox
            label={words.enabled}
            checked={draft.enabled}
            onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
          />
          <Fold title={words.otherTexts} faulty={others.some((name) => errors[`texts.${name}`])}>
            {others
              .filter((name) => name !== 'failed' || draft.kind === 'http')
              .map((name) => (
                <TextsInput
                  key={name}
                  label={words.texts[name]}
                  hint={words.textHints[name]}
                  error={errors[`texts.${name}`]}
                  texts={draft.texts[name]}
                  language={draft.language}
                  onChange={(texts) => onChange({ texts: { ...draft.texts, [name]: texts } })}
                />
              ))}
          </Fold>
          <More draft={draft} errors={errors} onChange={onChange} />
        </div>
      </Card>
      {draft.kind === 'http' && (
        <SourceFields
          source={draft.source}
          language={draft.language}
          errors={errors}
          onChange={(change) => onChange({ source: { ...draft.source, ...change } })}
        />
      )}
    </>
  )
}

function More({ draft, errors, onChange }: Omit<FieldsProps, 'columns'>) {
  const { t } = useSpeech()
  const words = t.keywords.form
  const plain = { autoComplete: 'off', spellCheck: false, inputWrapperOrder: order } as const
  const faulty = ['language', 'time_zone', 'max_segments', 'quota.per_hour', 'quota.per_day', 'most_rows']
  return (
    <Fold title={words.more} faulty={faulty.some((name) => errors[name])}>
      <div className={css.pair}>
        <NativeSelect
          label={words.typos}
          data={typoChoices.map((value) => ({ value, label: words.typoChoices[value] }))}
          value={draft.typos}
          onChange={(event) => onChange({ typos: event.currentTarget.value as Typos })}
        />
        <TextInput
          {...plain}
          label={words.defaultLanguage}
          error={errors.language}
          maxLength={3}
          value={draft.language}
          onChange={(event) => onChange({ language: event.currentTarget.value })}
        />
        <TextInput
          {...plain}
          label={words.timeZone}
          error={errors.time_zone}
          value={draft.timeZone}
          onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
        />
        <TextInput
          {...plain}
          label={words.maxSegments}
          description={words.maxSegmentsHint}
          inputMode="numeric"
          error={errors.max_segments}
          value={draft.maxSegments}
          onChange={(event) => onChange({ maxSegments: event.currentTarget.value })}
        />
        <TextInput
          {...plain}
          label={words.perHour}
          description={words.quotaHint}
          inputMode="numeric"
          error={errors['quota.per_hour']}
          value={draft.perHour}
          onChange={(event) => onChange({ perHour: event.currentTarget.value })}
        />
        <TextInput
          {...plain}
          label={words.perDay}
          description={words.quotaHint}
          inputMode="numeric"
          error={errors['quota.per_day']}
          value={draft.perDay}
          onChange={(event) => onChange({ perDay: event.currentTarget.value })}
        />
        {draft.kind === 'table' && (
          <TextInput
            {...plain}
            label={words.mostRows}
            inputMode="numeric"
            error={errors.most_rows}
            value={draft.mostRows}
            onChange={(event) => onChange({ mostRows: event.currentTarget.value })}
          />
        )}
      </div>
    </Fold>
  )
}
