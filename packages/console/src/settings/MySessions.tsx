import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type OpenSession, sessionsQuery } from '../api/access.ts'
import { call } from '../api/client.ts'
import { Answer, Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { readAgent } from './agent.ts'

/** Where one is signed in, and how to end what one does not know. */
export function MySessions() {
  const { t } = useSpeech()
  const words = t.access.me
  const client = useQueryClient()
  const query = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: (id: string) => call<void>(id ? `/v1/sessions/${id}` : '/v1/sessions', { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  const nameOf = ({ agent }: OpenSession) => {
    const read = readAgent(agent)
    return read ? words.on(read.browser, read.system) : words.unknownBrowser
  }
  const columns: Column<OpenSession>[] = [
    {
      head: words.sessionColumns.where,
      part: 'title',
      cell: (session) => (
        <>
          <strong>
            {nameOf(session)}
            {session.current && ` (${words.here})`}
          </strong>
          <span className={tableCss.sub}>{words.from(session.address)}</span>
        </>
      ),
    },
    { head: words.sessionColumns.since, cell: ({ created_at }) => <When at={created_at} /> },
    { head: words.sessionColumns.seen, cell: ({ seen_at }) => <When at={seen_at} /> },
    {
      head: words.sessionColumns.actions,
      part: 'actions',
      cell: (session) =>
        session.current ? null : (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={words.endName(`${nameOf(session)}, ${session.address}`)}
            loading={end.isPending && end.variables === session.id}
            onClick={() => end.mutate(session.id)}
          >
            {words.end}
          </Button>
        ),
    },
  ]
  const others = (query.data?.length ?? 0) > 1
  return (
    <Card
      title={words.sessions}
      note={words.sessionsNote}
      flush
      action={
        others && (
          <Button variant="default" size="compact-md" onClick={() => end.mutate('')}>
            {words.endOthers}
          </Button>
        )
      }
    >
      {end.error && <Problem error={end.error} />}
      <Answer query={query}>
        {(sessions) => (
          <Table label={words.sessions} columns={columns} rows={sessions} rowKey={({ id }) => id} />
        )}
      </Answer>
    </Card>
  )
}
