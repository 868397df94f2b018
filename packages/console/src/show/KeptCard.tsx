import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { IconAdd } from '../icons.ts'
import css from './KeptCard.module.css'
import { Answer, Card } from './Page.tsx'
import { type Column, Table } from './Table.tsx'

interface KeptCardProps<Row> {
  title: string
  note: string
  /** Whether the reader may change anything. */
  may: boolean
  query: UseQueryResult<Row[]>
  rowKey: (row: Row) => string
  /** What it is called: for those who do not see the row that a button stands in. */
  rowName: (row: Row) => string
  columns: readonly Column<Row>[]
  words: { add: string; edit: string; remove: string; actions: string }
  /** What stands there while there is none. */
  empty: ReactNode
  /** To make one, or to change the one that is given. */
  form: (row: Row | undefined, close: () => void) => ReactNode
  /** Asks before one goes. */
  removal: (row: Row, close: () => void) => ReactNode
}

/** A handful of things on a sheet of their own, made, changed and removed on it. */
export function KeptCard<Row>(props: KeptCardProps<Row>) {
  const { title, note, may, query, rowKey, rowName, words, empty, form, removal } = props
  const [open, setOpen] = useState<{ act: 'edit' | 'remove'; row?: Row }>()
  const close = () => setOpen(undefined)
  const columns: Column<Row>[] = [
    ...props.columns,
    {
      head: words.actions,
      part: 'actions',
      cell: (row) => (
        <div className={css.acts}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${words.edit}: ${rowName(row)}`}
            onClick={() => setOpen({ act: 'edit', row })}
          >
            {words.edit}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-label={`${words.remove}: ${rowName(row)}`}
            onClick={() => setOpen({ act: 'remove', row })}
          >
            {words.remove}
          </Button>
        </div>
      ),
    },
  ]
  return (
    <Card
      title={title}
      note={note}
      flush
      action={
        may &&
        open?.act !== 'edit' && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconAdd size={15} aria-hidden />}
            onClick={() => setOpen({ act: 'edit' })}
          >
            {words.add}
          </Button>
        )
      }
    >
      {may && open && (
        <div key={`${open.act} ${open.row && rowKey(open.row)}`} className={css.open}>
          {open.act === 'edit' ? form(open.row, close) : open.row && removal(open.row, close)}
        </div>
      )}
      <Answer query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <div className={css.none}>{empty}</div>
          ) : (
            <Table label={title} rows={rows} rowKey={rowKey} columns={may ? columns : props.columns} />
          )
        }
      </Answer>
    </Card>
  )
}
