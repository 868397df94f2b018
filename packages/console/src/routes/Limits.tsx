import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { rateLimitsQuery } from '../api/operate.ts'
import type { RateLimit } from '../api/operate-types.ts'
import { Answer, Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { type Column, Table } from '../show/Table.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Routes.module.css'

/** How fast the account and its senders may send. */
export function Limits() {
  const { t, format } = useSpeech()
  const words = t.routes.limits
  const client = useQueryClient()
  const query = useQuery(rateLimitsQuery)
  const may = useMay().mayChange('operate')
  const [sender, setSender] = useState('')
  const [rate, setRate] = useState('')
  const [wrong, setWrong] = useState(false)
  const renew = () => client.invalidateQueries({ queryKey: rateLimitsQuery.queryKey })
  const set = useMutation({
    mutationFn: (limit: RateLimit) => call<RateLimit>('/v1/rate-limits', { method: 'PUT', body: limit }),
    onSuccess: () => {
      setSender('')
      setRate('')
      return renew()
    },
  })
  const lift = useMutation({
    mutationFn: (name: string | null) =>
      call<void>(`/v1/rate-limits${name === null ? '' : `?sender=${encodeURIComponent(name)}`}`, {
        method: 'DELETE',
      }),
    onSuccess: renew,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const number = Number(rate.trim().replace(',', '.'))
    const bad = !(number > 0)
    setWrong(bad)
    if (!bad) set.mutate({ sender: sender.trim() || null, segments_per_second: number })
  }
  const nameOf = (limit: RateLimit) => limit.sender ?? words.account
  const columns: Column<RateLimit>[] = [
    { head: words.sender, part: 'title', cell: (limit) => <strong>{nameOf(limit)}</strong> },
    {
      head: words.rate,
      numeric: true,
      cell: ({ segments_per_second }) => words.perSecond(format.amount(segments_per_second)),
    },
    {
      head: words.actions,
      part: 'actions',
      cell: (limit) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={words.removeName(nameOf(limit))}
          onClick={() => lift.mutate(limit.sender)}
        >
          {words.remove}
        </Button>
      ),
    },
  ]
  return (
    <Card title={words.title} note={words.lead} flush>
      <Answer query={query}>
        {(limits) =>
          limits.length === 0 ? (
            <p className={`${css.quiet} ${css.inFlush}`}>{words.none}</p>
          ) : (
            <Table
              label={words.title}
              columns={may ? columns : columns.slice(0, -1)}
              rows={limits}
              rowKey={({ sender: name }) => name ?? ''}
            />
          )
        }
      </Answer>
      {may && (
        <form className={`${css.ask} ${css.inFlush}`} onSubmit={submit}>
          <TextInput
            label={words.sender}
            description={words.senderHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            value={sender}
            onChange={(event) => setSender(event.currentTarget.value)}
          />
          <TextInput
            label={words.rate}
            description={words.rateHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            inputMode="decimal"
            autoComplete="off"
            value={rate}
            error={wrong ? words.needRate : undefined}
            onChange={(event) => {
              setRate(event.currentTarget.value)
              setWrong(false)
            }}
          />
          <Button type="submit" variant="default" loading={set.isPending}>
            {words.add}
          </Button>
        </form>
      )}
      {(set.error ?? lift.error) && (
        <div className={css.inFlush}>
          <Problem error={set.error ?? lift.error} />
        </div>
      )}
    </Card>
  )
}
