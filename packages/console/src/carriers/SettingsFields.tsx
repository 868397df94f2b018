import {
  Checkbox,
  Collapse,
  NativeSelect,
  SimpleGrid,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { useId, useState } from 'react'
import { IconMore } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Fields.module.css'
import { type Field, fields, groups } from './fields.ts'
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
  const hidden = [...advanced.map(({ path }) => path), 'rest'].some((path) => errors[path])
  const [open, setOpen] = useState(own.length < 3)
  const id = useId()
  return (
    <>
      <Groups {...props} shown={own.filter((field) => !field.advanced)} />
      <div>
        <UnstyledButton
          className={css.toggle}
          aria-expanded={open || hidden}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {t.carrierFields.advanced} <IconMore size={16} aria-hidden />
        </UnstyledButton>
        <Collapse expanded={open || hidden} id={id}>
          <div className={css.folded}>
            <Groups {...props} shown={advanced} />
            <Textarea
              label={t.carrierFields.rest}
              description={t.carrierFields.restHint}
              classNames={{ input: 'mono' }}
              autosize
              minRows={own.length < 3 ? 12 : 4}
              maxRows={24}
              spellCheck={false}
              value={rest}
              error={errors.rest}
              onChange={(event) => onRest(event.currentTarget.value)}
            />
          </div>
        </Collapse>
      </div>
    </>
  )
}

function Groups({ shown, ...props }: SettingsFieldsProps & { shown: readonly Field[] }) {
  const { t } = useSpeech()
  return groups
    .filter((group) => shown.some((field) => field.group === group))
    .map((group) => (
      <fieldset key={group} className={css.group}>
        <legend>{t.carrierFields.groups[group]}</legend>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          {shown
            .filter((field) => field.group === group)
            .map((field) => (
              <Input key={field.path} field={field} {...props} />
            ))}
        </SimpleGrid>
      </fieldset>
    ))
}

function Input({
  field: { path, input, choices, required },
  values,
  errors,
  defaults,
  onChange,
}: SettingsFieldsProps & { field: Field }) {
  const { t } = useSpeech()
  const shared = {
    label: t.carrierFields.labels[path] ?? path,
    description: t.carrierFields.hints[path],
    error: errors[path],
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as (
      | 'label'
      | 'input'
      | 'description'
      | 'error'
    )[],
  }
  const value = values[path] ?? ''
  const set = (event: { currentTarget: { value: string } }) => onChange(path, event.currentTarget.value)
  if (input === 'switch')
    return (
      <Checkbox
        className={css.switch}
        label={shared.label}
        description={shared.description}
        error={shared.error}
        checked={value === 'true'}
        onChange={(event) => onChange(path, event.currentTarget.checked ? 'true' : '')}
      />
    )
  if (input === 'choice')
    return (
      <NativeSelect
        {...shared}
        value={value}
        onChange={set}
        data={[
          { value: '', label: t.carrierFields.byDefault(wordFor(defaults[path], t.carrierFields.choices)) },
          ...(choices ?? []).map((each) => ({ value: each, label: wordFor(each, t.carrierFields.choices) })),
        ]}
      />
    )
  if (input === 'lines')
    return (
      <Textarea
        {...shared}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        value={value}
        onChange={set}
      />
    )
  return (
    <TextInput
      {...shared}
      inputMode={input === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      spellCheck={false}
      withAsterisk={required ?? false}
      placeholder={defaults[path] ?? ''}
      value={value}
      onChange={set}
    />
  )
}

const wordFor = (value: string | undefined, words: Record<string, string>): string =>
  value === undefined ? '' : (words[value] ?? value)
