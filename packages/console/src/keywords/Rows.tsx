import { ActionIcon, Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { IconAdd, IconClear } from '../icons.ts'
import css from './Keywords.module.css'

interface RowsProps<Row> {
  label: string
  hint?: string
  error?: string | undefined
  rows: readonly Row[]
  /** The fields of a row; `set` changes some of them. */
  row: (row: Row, set: (change: Partial<Row>) => void, at: number) => ReactNode
  empty: Row
  add: string
  drop: (row: Row, at: number) => string
  /** One stays, however often it is asked to go. */
  needed?: boolean
  onChange: (rows: Row[]) => void
}

/** A list of things with a few fields each. */
export function Rows<Row>({
  label,
  hint,
  error,
  rows,
  row,
  empty,
  add,
  drop,
  needed = false,
  onChange,
}: RowsProps<Row>) {
  return (
    <fieldset className={css.group} aria-label={label}>
      <span className={css.label}>{label}</span>
      {rows.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and are added at the end
        <div key={at} className={css.row}>
          {row(
            each,
            (change) =>
              onChange(rows.map((other, index) => (index === at ? { ...other, ...change } : other))),
            at,
          )}
          {(rows.length > 1 || !needed) && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={drop(each, at)}
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
            >
              <IconClear size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        className={css.add}
        leftSection={<IconAdd size={15} />}
        onClick={() => onChange([...rows, empty])}
      >
        {add}
      </Button>
      {hint && <span className={css.hint}>{hint}</span>}
      {error && <span className={css.error}>{error}</span>}
    </fieldset>
  )
}
