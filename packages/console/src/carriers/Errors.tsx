import type { Carrier } from '../api/operate-types.ts'
import { Card } from '../show/Page.tsx'
import { type Column, Table } from '../show/Table.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Carrier.module.css'
import { carrierError } from './health.ts'
import { type ErrorCount, errorsOf } from './history.ts'

/** What the carrier refused of late, each code with its sentence. */
export function Errors({ carrier }: { carrier: Carrier }) {
  const { t, format } = useSpeech()
  const { errorColumns: head } = t.carriers
  const errors = errorsOf(carrier)
  const columns: Column<ErrorCount>[] = [
    { head: head.code, part: 'title', cell: ({ code }) => <code className="mono">{code}</code> },
    { head: head.meaning, part: 'wide', cell: ({ code }) => carrierError(code, t) },
    { head: head.count, numeric: true, cell: ({ count }) => format.number(count) },
  ]
  return (
    <Card title={t.carriers.errors} flush={errors.length > 0}>
      {errors.length === 0 ? (
        <p className={css.quiet}>{t.carriers.errorsNone}</p>
      ) : (
        <Table label={t.carriers.errors} columns={columns} rows={errors} rowKey={({ code }) => code} />
      )}
    </Card>
  )
}
