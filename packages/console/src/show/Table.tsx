import type { ReactNode } from 'react'
import css from './Table.module.css'

export interface Column<Row> {
  /** The heading; on a narrow screen, where rows are cards, the name beside the value. */
  head: string
  cell: (row: Row) => ReactNode
  /** Numbers stand at the right, one below the other. */
  numeric?: boolean
  /** On a card: what it is about (first line), or what can be done with it (last line). */
  part?: 'title' | 'wide' | 'actions'
  /** Of the cell; without one, the content says. */
  width?: string
}

interface TableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
  /** Rows that stand back: switched off, gone. */
  muted?: (row: Row) => boolean
}

/** A dense table where people compare; where it is narrow, each row is a card. */
export function Table<Row>({ label, columns, rows, rowKey, muted }: TableProps<Row>) {
  return (
    <div className={css.box}>
      <table className={css.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ head, numeric, part, width }) => (
              <th
                key={head}
                scope="col"
                data-numeric={numeric || undefined}
                data-part={part}
                style={width ? { width } : {}}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-muted={muted?.(row) || undefined}>
              {columns.map(({ head, cell, numeric, part }) => (
                <td key={head} data-head={head} data-numeric={numeric || undefined} data-part={part}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
