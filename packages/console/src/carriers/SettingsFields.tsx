import { Checkbox, NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { Fold } from '../show/Fold.tsx'
import { useSpeech } from '../strings/language.tsx'
import { exampleTemplate } from './example.ts'
import css from './Fields.module.css'
import { type Field, fields, groups } from './fields.ts'
import { RowsInput } from './RowsInput.tsx'
import type { Values } from './values.ts'

interface SettingsFieldsProps {
  kind: string
  values: Values
  rest: string
  /** By path; `rest` for what has no field. */
  errors: Record<string, string>
  /** What holds where nothing is typed. */
  defaults: Values
  onChange: (path: string, value: string) => void
  onRest: (text: string) => void
}

/** The settings of a kind: simple ones in groups, those for few folded away, everything else as JSON. */
export function SettingsFields(props: SettingsFieldsProps) {
  const { t } = useSpeech()
  const { kind, rest, errors, onRest } = props
  const own = fields[kind] ?? []
  const advanced = own.filter((field) => field.advanced)
  // A kind that is told by a template is mostly JSON, and that must be seen.
  const mostlyJson = own.length < 8
  const faulty = [...advanced.map(({ path }) => path), 'rest'].some((path) => errorAt(path, errors))
  return (
    <>
      <Groups {...props} shown={own.filter((field) => !field.advanced)} />
      <Fold title={t.carrierFields.advanced} open={mostlyJson} faulty={faulty}>
        <Groups {...props} shown={advanced} />
        <Textarea
          label={t.carrierFields.rest}
          description={t.carrierFields.restHints[kind] ?? t.carrierFields.restHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          classNames={{ input: 'mono' }}
          autosize
          minRows={mostlyJson ? 10 : 3}
          maxRows={24}
          spellCheck={false}
          placeholder={kind === 'http' ? exampleTemplate : ''}
          value={rest}
          error={errors.rest}
          onChange={(event) => onRest(event.currentTarget.value)}
        />
      </Fold>
    </>
  )
}

/** The server names the very place (`hosts.0.port`); the field is its beginning. */
const errorAt = (path: string, errors: Record<string, string>): string | undefined =>
  errors[path] ?? Object.entries(errors).find(([name]) => name.startsWith(`${path}.`))?.[1]

function Groups({ shown, ...props }: SettingsFieldsProps & { shown: readonly Field[] }) {
  const { t } = useSpeech()
  return groups
    .filter((group) => shown.some((field) => field.group === group))
    .map((group) => (
      <fieldset key={group} className={css.group}>
        <legend>{t.carrierFields.groups[group]}</legend>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
          {shown
            .filter((field) => field.group === group)
            .map((field) => (
              <Input key={field.path} field={field} {...props} />
            ))}
        </SimpleGrid>
      </fieldset>
    ))
}

function Input({ field, kind, values, errors, defaults, onChange }: SettingsFieldsProps & { field: Field }) {
  const { t } = useSpeech()
  const { path, input, required } = field
  const label = t.carrierFields.labels[path] ?? path
  const hint = t.carrierFields.hints[path]
  const error = errorAt(path, errors)
  const value = values[path] ?? ''
  const word = (choice: string) => t.carrierFields.choices[choice] ?? choice
  const shared = {
    label,
    description: hint,
    error,
    value,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as (
      | 'label'
      | 'input'
      | 'description'
      | 'error'
    )[],
    onChange: (event: { currentTarget: { value: string } }) => onChange(path, event.currentTarget.value),
  }
  if (input === 'rows')
    return (
      <div className={css.across}>
        <RowsInput
          field={field}
          label={label}
          hint={hint}
          error={error}
          value={value || (defaults[path] ?? '')}
          onChange={(next) => onChange(path, next)}
        />
      </div>
    )
  if (input === 'switch')
    return (
      <Checkbox
        className={css.switch}
        label={label}
        description={hint}
        error={error}
        checked={(value || defaults[path]) === 'true'}
        onChange={(event) => onChange(path, String(event.currentTarget.checked))}
      />
    )
  if (input === 'choice')
    return (
      <NativeSelect
        {...shared}
        data={[
          { value: '', label: t.carrierFields.byDefault(word(defaults[path] || field.choices[0] || '')) },
          ...field.choices.map((each) => ({ value: each, label: word(each) })),
        ]}
      />
    )
  if (input === 'pairs')
    return (
      <div className={css.across}>
        <Textarea
          {...shared}
          classNames={{ input: 'mono' }}
          autosize
          minRows={2}
          maxRows={12}
          spellCheck={false}
          placeholder={defaults[path] || (kind === 'http' ? '429 = throttle' : '0x45 = elsewhere')}
        />
      </div>
    )
  return (
    <TextInput
      {...shared}
      inputMode={input === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      spellCheck={false}
      withAsterisk={required ?? false}
      placeholder={defaults[path] ?? ''}
    />
  )
}
