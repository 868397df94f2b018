import type { KnownRule } from '../../api/consent-rules.ts'
import tableCss from '../../show/Table.module.css'
import { type Column, Table } from '../../show/Table.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { placeName } from './place.ts'

/** Every rule with who asks for it, where that stands, and whether we have read it there. */
export function KnownTable({ rules }: { rules: readonly KnownRule[] }) {
  const { t, language, format } = useSpeech()
  const words = t.hours.known
  const mine = t.hours.mine
  const columns: Column<KnownRule>[] = [
    {
      head: words.columns.where,
      part: 'title',
      cell: ({ country, regions }) => (
        <>
          <strong>{country === '*' ? words.elsewhere : placeName(country, language)}</strong>
          {regions.length > 0 && <span className={tableCss.sub}>{regions.join(', ')}</span>}
        </>
      ),
    },
    {
      head: words.columns.hours,
      cell: ({ hours, holidays, caps }) => (
        <>
          {hours}
          {holidays === 'no' && <span className={tableCss.sub}>{mine.noHolidays}</span>}
          {caps.map(({ per, most }) => (
            <span key={per} className={tableCss.sub}>
              {mine.caps(mine.cap(format.number(most), mine.spans[per]))}
            </span>
          ))}
        </>
      ),
    },
    { head: words.columns.basis, cell: ({ basis }) => words.bases[basis] },
    {
      head: words.columns.source,
      part: 'wide',
      cell: ({ source, verified, date }) => (
        <>
          {source}
          <span className={tableCss.sub}>{verified ? words.looked(date) : words.unverified}</span>
        </>
      ),
    },
  ]
  return <Table label={words.title} columns={columns} rows={rules} rowKey={({ id }) => id} />
}
