import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { Fold } from '../show/Fold.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import type { Place, SourceDraft } from './draft.ts'
import css from './Keywords.module.css'
import { Rows } from './Rows.tsx'
import { TextsInput } from './TextsInput.tsx'

interface SourceFieldsProps {
  source: SourceDraft
  language: string
  errors: Readonly<Record<string, string>>
  onChange: (change: Partial<SourceDraft>) => void
}

/** Whom a service asks, and what it takes from the answer. */
export function SourceFields({ source, language, errors, onChange }: SourceFieldsProps) {
  const { t } = useSpeech()
  const words = t.keywords.source
  const plain = { autoComplete: 'off', spellCheck: false } as const
  const firstError = (start: string) => Object.entries(errors).find(([field]) => field.startsWith(start))?.[1]
  return (
    <Card title={words.title}>
      <div className={css.form}>
        <div className={css.row} style={{ alignItems: 'flex-start' }}>
          <NativeSelect
            className={css.narrow}
            label={words.method}
            data={['GET', 'POST']}
            value={source.method}
            onChange={(event) => onChange({ method: event.currentTarget.value as SourceDraft['method'] })}
          />
          <TextInput
            {...plain}
            className={css.wide}
            label={words.url}
            description={words.urlHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder="https://"
            type="text"
            inputMode="url"
            error={errors['source.url']}
            value={source.url}
            onChange={(event) => onChange({ url: event.currentTarget.value })}
          />
        </div>
        <Rows
          label={words.headers}
          error={firstError('source.headers')}
          rows={source.headers}
          empty={{ name: '', value: '', secret: false, kept: false }}
          add={words.addHeader}
          drop={({ name }, at) => words.dropHeader(name || String(at + 1))}
          onChange={(headers) => onChange({ headers })}
          row={(header, set, at) => (
            <>
              <TextInput
                {...plain}
                className={css.middle}
                aria-label={`${words.headers}: ${words.header} ${at + 1}`}
                placeholder={words.header}
                value={header.name}
                onChange={(event) => set({ name: event.currentTarget.value, kept: false })}
              />
              <TextInput
                {...plain}
                className={css.wide}
                type={header.secret ? 'password' : 'text'}
                autoComplete="new-password"
                aria-label={`${words.headers}: ${words.headerValue} ${at + 1}`}
                placeholder={header.kept ? words.kept : words.headerValue}
                value={header.value}
                onChange={(event) => set({ value: event.currentTarget.value })}
              />
              <Checkbox
                label={words.secret}
                aria-label={`${words.secret}: ${header.name || at + 1}`}
                checked={header.secret}
                onChange={(event) => set({ secret: event.currentTarget.checked, kept: false })}
              />
            </>
          )}
        />
        {source.method === 'POST' && (
          <Textarea
            {...plain}
            label={words.body}
            error={errors['source.body']}
            autosize
            minRows={3}
            className="mono"
            value={source.body}
            onChange={(event) => onChange({ body: event.currentTarget.value })}
          />
        )}
        <Places
          label={words.values}
          hint={words.valuesHint}
          error={firstError('source.values')}
          places={source.values}
          onChange={(values) => onChange({ values })}
        />
        <Checkbox
          label={words.hasList}
          checked={source.hasList}
          onChange={(event) => onChange({ hasList: event.currentTarget.checked })}
        />
        {source.hasList && (
          <div className={css.form}>
            <div className={css.pair}>
              <TextInput
                {...plain}
                label={words.listPlace}
                error={errors['source.list.place']}
                value={source.listPlace}
                onChange={(event) => onChange({ listPlace: event.currentTarget.value })}
              />
              <TextInput
                {...plain}
                label={words.listMost}
                inputMode="numeric"
                error={errors['source.list.most']}
                value={source.listMost}
                onChange={(event) => onChange({ listMost: event.currentTarget.value })}
              />
            </div>
            <Places
              label={words.listValues}
              error={firstError('source.list.values')}
              places={source.listValues}
              onChange={(listValues) => onChange({ listValues })}
            />
            <TextsInput
              label={words.line}
              error={firstError('source.list.line')}
              texts={source.line}
              language={language}
              placeholders={source.listValues.map(({ name }) => name).filter(Boolean)}
              onChange={(line) => onChange({ line })}
            />
          </div>
        )}
        <Fold
          title={t.keywords.form.more}
          faulty={['timeout_ms', 'cache_seconds', 'stale_seconds'].some((name) => errors[`source.${name}`])}
        >
          <div className={css.pair}>
            {(
              [
                ['timeoutMs', 'timeout_ms', words.timeout, ''],
                ['cacheSeconds', 'cache_seconds', words.cache, words.cacheHint],
                ['staleSeconds', 'stale_seconds', words.stale, ''],
              ] as const
            ).map(([name, field, label, hint]) => (
              <TextInput
                key={name}
                {...plain}
                label={label}
                {...(hint && { description: hint })}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                inputMode="numeric"
                error={errors[`source.${field}`]}
                value={source[name]}
                onChange={(event) => onChange({ [name]: event.currentTarget.value })}
              />
            ))}
          </div>
        </Fold>
      </div>
    </Card>
  )
}

function Places({
  label,
  hint,
  error,
  places,
  onChange,
}: {
  label: string
  hint?: string
  error: string | undefined
  places: readonly Place[]
  onChange: (places: Place[]) => void
}) {
  const { t } = useSpeech()
  const words = t.keywords.source
  return (
    <Rows
      label={label}
      {...(hint && { hint })}
      error={error}
      rows={places}
      empty={{ name: '', place: '' }}
      add={words.addValue}
      drop={({ name }, at) => words.dropValue(name || String(at + 1))}
      onChange={onChange}
      row={({ name, place }, set, at) => (
        <>
          <TextInput
            className={css.middle}
            aria-label={`${label}: ${words.value} ${at + 1}`}
            placeholder={words.value}
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            className={css.wide}
            aria-label={`${label}: ${words.place} ${at + 1}`}
            placeholder="/order/state"
            autoComplete="off"
            spellCheck={false}
            value={place}
            onChange={(event) => set({ place: event.currentTarget.value })}
          />
        </>
      )}
    />
  )
}
