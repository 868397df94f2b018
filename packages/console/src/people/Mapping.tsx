import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { attributesQuery, type ImportColumn } from '../api/contacts.ts'
import { Table } from '../show/Table.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

interface MappingProps {
  columns: readonly ImportColumn[]
  /** Targets of the API, or `new:<key>` for an attribute that is made with the start. */
  mapping: readonly (string | null)[]
  onChange: (mapping: (string | null)[]) => void
}

/** What each column of the file becomes. */
export function Mapping({ columns, mapping, onChange }: MappingProps) {
  const { t, format } = useSpeech()
  const words = t.people.imports
  const { data: attributes = [] } = useQuery(attributesQuery)
  const rows = columns.map((column, at) => ({ ...column, at }))
  const nameOf = ({ name, at }: { name: string; at: number }) => name || words.unnamed(format.number(at + 1))
  return (
    <Table
      label={words.columnsTitle}
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        { head: words.column, part: 'title', cell: (row) => nameOf(row) },
        {
          head: words.samples,
          part: 'wide',
          cell: ({ samples }) => (
            <span className={css.faint}>{samples.filter(Boolean).slice(0, 3).join(' · ')}</span>
          ),
        },
        {
          head: words.becomes,
          cell: (row) => (
            <NativeSelect
              size="sm"
              aria-label={words.becomesName(nameOf(row))}
              value={mapping[row.at] ?? ''}
              onChange={(event) => {
                const next = [...mapping]
                next[row.at] = event.currentTarget.value || null
                onChange(next)
              }}
              data={[
                { value: '', label: words.leave },
                ...Object.entries(words.targets).map(([value, label]) => ({ value, label })),
                ...attributes.map(({ key, label }) => ({ value: `attribute:${key}`, label })),
                ...(row.attribute && !attributes.some(({ key }) => key === row.attribute!.key)
                  ? [{ value: `new:${row.attribute.key}`, label: words.newAttribute(row.attribute.label) }]
                  : []),
              ]}
            />
          ),
        },
      ]}
    />
  )
}
