import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/client.ts'
import { type Delivery, deliveriesQuery, type Webhook, webhookPath } from '../api/webhooks.ts'
import { Answer, Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Settings.module.css'

/** What went to an endpoint lately, what it answered, and the way to send it again. */
export function Deliveries({ webhook, may, onDone }: { webhook: Webhook; may: boolean; onDone: () => void }) {
  const { t, format } = useSpeech()
  const words = t.webhooks.deliveries
  const client = useQueryClient()
  const query = useQuery(deliveriesQuery(webhook.id))
  const again = () => client.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey })
  const send = useMutation({
    mutationFn: () => call<void>(`${webhookPath(webhook.id)}/test`, { method: 'POST' }),
    onSettled: again,
  })
  const replay = useMutation({
    mutationFn: (id: string) =>
      call<void>(`${webhookPath(webhook.id)}/deliveries/${id}/replay`, { method: 'POST' }),
    onSettled: again,
  })
  const columns: Column<Delivery>[] = [
    { head: words.columns.type, part: 'title', cell: ({ type }) => <span className="mono">{type}</span> },
    {
      head: words.columns.status,
      cell: ({ status, response_status, duration_ms, error }) => (
        <>
          {words.statuses[status]}
          {response_status !== null && (
            <span className={tableCss.sub}>
              {words.answered(String(response_status), format.answer(duration_ms ?? 0))}
            </span>
          )}
          {error && <span className={tableCss.sub}>{error}</span>}
        </>
      ),
    },
    { head: words.columns.tries, numeric: true, cell: ({ attempt }) => format.number(attempt) },
    {
      head: words.columns.at,
      cell: ({ sent_at, next_attempt_at }) => {
        const at = sent_at ?? next_attempt_at
        return at ? <When at={at} /> : ''
      },
    },
    {
      head: words.columns.actions,
      part: 'actions',
      cell: ({ id, type }) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={words.replayName(type)}
          loading={replay.isPending && replay.variables === id}
          onClick={() => replay.mutate(id)}
        >
          {words.replay}
        </Button>
      ),
    },
  ]
  const error = send.error ?? replay.error
  return (
    <Card
      title={words.title(new URL(webhook.url).host)}
      flush
      action={
        <span style={{ display: 'flex', gap: 10 }}>
          {may && (
            <Button
              variant="default"
              size="compact-md"
              loading={send.isPending}
              onClick={() => send.mutate()}
            >
              {words.test}
            </Button>
          )}
          <Button variant="subtle" size="compact-md" onClick={onDone}>
            {words.close}
          </Button>
        </span>
      }
    >
      {error && <Problem error={error} />}
      <Answer query={query}>
        {(deliveries) =>
          deliveries.length === 0 ? (
            <p className={css.text} style={{ padding: '0 20px 16px' }}>
              {words.none}
            </p>
          ) : (
            <Table
              label={words.title(webhook.url)}
              columns={may ? columns : columns.slice(0, -1)}
              rows={deliveries}
              rowKey={({ id }) => id}
            />
          )
        }
      </Answer>
    </Card>
  )
}
