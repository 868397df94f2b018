import { Anchor, Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type AuditEntry, auditQuery } from '../api/access.ts'
import { request } from '../api/client.ts'
import { IconDownload, IconSearch } from '../icons.ts'
import { download } from '../show/download.ts'
import { Answer, Empty, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Settings.module.css'

const route = getRouteApi('/audit')

/** Who changed what. The address holds what is looked for, so that a link shows a colleague the same. */
export default function AuditPage() {
  const { t } = useSpeech()
  const words = t.access.audit
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const filters = {
    ...(search.actor && { actor: search.actor }),
    ...(search.target && { target: search.target }),
  }
  const query = useQuery(
    auditQuery({ ...filters, ...(search.before && { before: search.before }), limit: '50' }),
  )
  const save = useMutation({
    // Through `fetch`, which has the key; the browser's own download would not.
    mutationFn: async () => {
      const path = `/v1/audit/export?${new URLSearchParams(filters)}`
      download('audit.csv', await (await request(path, { accept: 'text/csv' })).blob())
    },
  })
  const filtered = search.actor !== undefined || search.target !== undefined
  return (
    <Page
      title={words.title}
      lead={words.lead}
      action={
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {words.export}
        </Button>
      }
    >
      {save.error && <Problem error={save.error} />}
      <Filter
        key={`${search.actor} ${search.target}`}
        actor={search.actor}
        target={search.target}
        onFilter={(next) => void navigate({ search: next })}
      />
      <Answer query={query}>
        {({ data, next }) => (
          <section className="sheet" aria-label={words.title}>
            {data.length === 0 ? (
              <Empty
                title={words.emptyTitle}
                text={filtered ? words.emptyFiltered : words.empty}
                curl={{ path: '/v1/audit' }}
              />
            ) : (
              <AuditTable entries={data} />
            )}
            {(next || search.before) && (
              <div className={css.pages}>
                {search.before && (
                  <Button variant="default" onClick={() => void navigate({ search: filters })}>
                    {words.newest}
                  </Button>
                )}
                {next && (
                  <Button
                    variant="default"
                    onClick={() => void navigate({ search: { ...filters, before: next } })}
                  >
                    {words.older}
                  </Button>
                )}
              </div>
            )}
          </section>
        )}
      </Answer>
    </Page>
  )
}

interface Looked {
  actor?: string
  target?: string
}

function Filter({
  actor = '',
  target = '',
  onFilter,
}: {
  actor?: string | undefined
  target?: string | undefined
  onFilter: (next: Looked) => void
}) {
  const { t } = useSpeech()
  const words = t.access.audit
  const [by, setBy] = useState(actor)
  const [on, setOn] = useState(target)
  return (
    <form
      className={css.filter}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        onFilter({ ...(by.trim() && { actor: by.trim() }), ...(on.trim() && { target: on.trim() }) })
      }}
    >
      <TextInput
        label={words.actor}
        placeholder="usr_…"
        value={by}
        onChange={(event) => setBy(event.currentTarget.value)}
      />
      <TextInput
        label={words.target}
        placeholder="whk_…"
        value={on}
        onChange={(event) => setOn(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" leftSection={<IconSearch size={16} aria-hidden />}>
        {words.filter}
      </Button>
      {(actor || target) && (
        <Button variant="subtle" onClick={() => onFilter({})}>
          {words.everybody}
        </Button>
      )}
    </form>
  )
}

function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useSpeech()
  const words = t.access.audit
  const columns: Column<AuditEntry>[] = [
    {
      head: words.columns.what,
      part: 'title',
      cell: ({ action, fields }) => (
        <>
          {words.words[action] ?? <span className="mono">{action}</span>}
          {Object.keys(fields).length > 0 && (
            <span className={`${tableCss.sub} mono`}>
              {Object.entries(fields)
                .map(
                  ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
                )
                .join(', ')}
            </span>
          )}
        </>
      ),
    },
    {
      head: words.columns.who,
      cell: ({ actor: { kind, id, name } }) => (
        <>
          {id ? (
            <Anchor component={Link} to={`/audit?actor=${id}`} aria-label={words.only(name)}>
              {name}
            </Anchor>
          ) : (
            name
          )}
          <span className={tableCss.sub}>{words.kinds[kind]}</span>
        </>
      ),
    },
    { head: words.columns.target, cell: ({ target }) => <span className="mono">{target ?? ''}</span> },
    {
      head: words.columns.result,
      cell: ({ status, error }) =>
        status === null ? (
          words.unknown
        ) : status < 400 ? (
          words.done
        ) : (
          <>
            {words.failed(String(status))}
            {error && <span className={`${tableCss.sub} mono`}>{error}</span>}
          </>
        ),
    },
    { head: words.columns.from, cell: ({ address }) => <span className="mono">{address ?? ''}</span> },
    { head: words.columns.at, cell: ({ at }) => <When at={at} /> },
  ]
  return <Table label={words.title} columns={columns} rows={entries} rowKey={({ id }) => id} />
}
