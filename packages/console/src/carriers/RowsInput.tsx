import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { IconAdd, IconClear } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Fields.module.css'
import type { Rows } from './fields.ts'
import { type Row, rowsOf } from './values.ts'

interface RowsInputProps {
  field: Rows & { path: string; required?: boolean }
  label: string
  hint: string | undefined
  error: string | undefined
  value: string
  onChange: (value: string) => void
}

/** A list of things with a few fields each, such as the hosts of an SMSC. */
export function RowsInput({ field, label, hint, error, value, onChange }: RowsInputProps) {
  const { t } = useSpeech()
  const given = rowsOf(value)
  const rows: Row[] = given.length === 0 && field.first ? [{}] : given
  const write = (next: Row[]) => onChange(JSON.stringify(next))
  const set = (index: number, name: string, text: string) =>
    write(rows.map((row, each) => (each === index ? { ...row, [name]: text } : row)))
  const nameOf = (name: string) => t.carrierFields.labels[name] ?? name
  return (
    <fieldset className={css.rows} aria-label={label}>
      <span className={css.label}>
        {label}
        {field.required && (
          <span aria-hidden className={css.required}>
            {' *'}
          </span>
        )}
      </span>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and are added at the end
        <div key={index} className={css.row}>
          {field.columns.map((column) => {
            const { name } = column
            const typed = String(row[name] ?? '')
            const shared = {
              'aria-label': `${nameOf(name)} ${index + 1}`,
              value: typed,
              className: column.wide ? css.wide : css.narrow,
              onChange: (event: { currentTarget: { value: string } }) =>
                set(index, name, event.currentTarget.value),
            }
            if (column.input === 'switch')
              return (
                <Checkbox
                  key={name}
                  label={nameOf(name)}
                  checked={typed === 'true'}
                  onChange={(event) => set(index, name, event.currentTarget.checked ? 'true' : '')}
                />
              )
            if (column.input === 'choice')
              return (
                <NativeSelect
                  key={name}
                  {...shared}
                  data={column.choices.map((each, at) => ({
                    // The first is what holds when nothing is said.
                    value: at === 0 ? '' : each,
                    label: t.carrierFields.choices[each] ?? each,
                  }))}
                  value={typed === column.choices[0] ? '' : typed}
                />
              )
            return (
              <TextInput
                key={name}
                {...shared}
                placeholder={nameOf(name)}
                inputMode={column.input === 'number' ? 'numeric' : 'text'}
                autoComplete="off"
                spellCheck={false}
              />
            )
          })}
          {(rows.length > 1 || !field.first) && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t.carrierFields.rowDrop(String(index + 1))}
              onClick={() => write(rows.filter((_, each) => each !== index))}
            >
              <IconClear size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        className={css.addRow}
        leftSection={<IconAdd size={15} />}
        onClick={() => write([...rows, {}])}
      >
        {t.carrierFields.rowAdd}
      </Button>
      {hint && <span className={css.hint}>{hint}</span>}
      {error && <span className={css.error}>{error}</span>}
    </fieldset>
  )
}
