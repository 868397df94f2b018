import { Anchor, Button, FileInput, NativeSelect, Progress, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { call, request } from '../api/client.ts'
import {
  type Import,
  importPath,
  importQuery,
  importsQuery,
  listsQuery,
  type PreviewedRow,
  uploadPiece,
} from '../api/contacts.ts'
import { IconDownload } from '../icons.ts'
import { download } from '../show/download.ts'
import { Answer, Back, Card, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Mapping } from './Mapping.tsx'
import css from './People.module.css'

const route = getRouteApi('/people/import')
const pieceBytes = 4 * 1024 * 1024

/** A file of people: uploaded in pieces, looked at, mapped, taken in. The address holds which. */
export default function ImportPage() {
  const { t } = useSpeech()
  const words = t.people.imports
  const { id } = route.useSearch()
  return (
    <Page title={words.title} lead={words.lead} back={<Back to="/people">{words.back}</Back>}>
      {id ? <One key={id} id={id} /> : <Upload />}
      {!id && <Earlier />}
    </Page>
  )
}

function Upload() {
  const { t, format } = useSpeech()
  const words = t.people.imports
  const navigate = route.useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const [missing, setMissing] = useState(false)
  const [sent, setSent] = useState(0)
  const running = useRef<AbortController>(undefined)
  const upload = useMutation({
    async mutationFn(file: File) {
      running.current = new AbortController()
      const { signal } = running.current
      const { id } = await call<Import>('/v1/contact-imports', {
        method: 'POST',
        body: { file_name: file.name.slice(0, 200) },
      })
      for (let n = 0; n * pieceBytes < file.size; n++) {
        await uploadPiece(id, n, file.slice(n * pieceBytes, (n + 1) * pieceBytes), signal)
        setSent(Math.min(file.size, (n + 1) * pieceBytes))
      }
      return call<Import>(`${importPath(id)}/inspect`, { method: 'POST', body: {} })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(!file)
    setSent(0)
    // Whoever has gone to another page stays there; the file is among the earlier ones.
    if (file) upload.mutate(file, { onSuccess: ({ id }) => void navigate({ search: { id } }) })
  }
  const stopped = upload.error instanceof DOMException
  return (
    <Card title={words.file}>
      <form className={css.form} onSubmit={submit} noValidate>
        <FileInput
          label={words.file}
          placeholder={words.choose}
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          value={file}
          disabled={upload.isPending}
          error={missing && words.noFile}
          description={file && words.chosen(file.name, format.bytes(file.size))}
          onChange={(next) => {
            setFile(next)
            setMissing(false)
            upload.reset()
          }}
        />
        {upload.isPending && file && (
          <div>
            <Progress value={(sent / file.size) * 100} aria-label={words.upload} />
            <span className={css.faint}>{words.uploading(format.bytes(sent), format.bytes(file.size))}</span>
          </div>
        )}
        {upload.error && !stopped && <Problem error={upload.error} />}
        <div className={css.act}>
          {upload.isPending ? (
            <Button variant="default" onClick={() => running.current?.abort()}>
              {words.stop}
            </Button>
          ) : (
            <Button type="submit">{words.upload}</Button>
          )}
        </div>
      </form>
    </Card>
  )
}

function One({ id }: { id: string }) {
  const query = useQuery(importQuery(id))
  return (
    <Answer query={query}>
      {(found) => (found.state === 'ready' ? <Prepare found={found} /> : <Outcome found={found} />)}
    </Answer>
  )
}

/** What each column becomes, what the first rows would be, and the start. */
function Prepare({ found }: { found: Import }) {
  const { t } = useSpeech()
  const words = t.people.imports
  const client = useQueryClient()
  const columns = found.format?.columns ?? []
  const { data: lists = [] } = useQuery(listsQuery)
  const [mapping, setMapping] = useState(columns.map(({ to }) => to))
  const [list, setList] = useState('')
  const [tags, setTags] = useState('')
  const usable = mapping.some((to) => to === 'phone' || to === 'email' || to === 'external_id')
  // An attribute that is still to be made cannot be looked at yet.
  const known = mapping.map((to) => (to?.startsWith('new:') ? null : to))
  const preview = useQuery({
    queryKey: ['contact-import', found.id, 'preview', known],
    queryFn: ({ signal }) =>
      call<{ data: PreviewedRow[] }>(`${importPath(found.id)}/preview`, {
        method: 'POST',
        body: { mapping: known, rows: 8 },
        signal,
      }),
    enabled: usable,
  })
  const start = useMutation({
    async mutationFn() {
      for (const [at, to] of mapping.entries()) {
        const wanted = columns[at]?.attribute
        if (!to?.startsWith('new:') || !wanted) continue
        const { key, label, type } = wanted
        await call(`/v1/contact-attributes/${key}`, { method: 'PUT', body: { label, type } })
      }
      const words = tags
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean)
      return call<Import>(`${importPath(found.id)}/start`, {
        method: 'POST',
        body: {
          mapping: mapping.map((to) => to?.replace(/^new:/, 'attribute:') ?? null),
          ...(list && { list }),
          ...(words.length > 0 && { tags: words }),
        },
      })
    },
    async onSuccess(started) {
      client.setQueryData(importQuery(found.id).queryKey, started)
      await client.invalidateQueries({ queryKey: ['contact-attributes'] })
    },
  })
  return (
    <>
      <Card title={words.columnsTitle} note={words.columnsNote}>
        <Mapping columns={columns} mapping={mapping} onChange={setMapping} />
      </Card>
      <Card title={words.previewTitle} flush>
        {usable ? (
          <Answer query={preview}>{({ data }) => <PreviewTable rows={data} />}</Answer>
        ) : (
          <p className={css.none}>{words.needsAddress}</p>
        )}
      </Card>
      <Card title={found.file_name}>
        <div className={css.form}>
          <div className={css.leaf}>
            <NativeSelect
              label={words.toList}
              value={list}
              onChange={(event) => setList(event.currentTarget.value)}
              data={[
                { value: '', label: words.noList },
                ...lists.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
            <TextInput
              label={words.tags}
              value={tags}
              onChange={(event) => setTags(event.currentTarget.value)}
            />
          </div>
          {start.error && <Problem error={start.error} />}
          <div className={css.act}>
            <Button loading={start.isPending} disabled={!usable} onClick={() => start.mutate()}>
              {words.start}
            </Button>
          </div>
        </div>
      </Card>
    </>
  )
}

function PreviewTable({ rows }: { rows: readonly PreviewedRow[] }) {
  const { t, format } = useSpeech()
  const words = t.people.imports
  const columns: Column<PreviewedRow>[] = [
    { head: words.row, part: 'title', numeric: true, cell: ({ row }) => format.number(row) },
    {
      head: words.person,
      cell: ({ contact, cells }) =>
        contact
          ? [contact.name, ...(contact.addresses ?? []).map(({ address }) => address)]
              .filter(Boolean)
              .join(', ')
          : cells.filter(Boolean).slice(0, 3).join(', '),
    },
    {
      head: words.becomes,
      part: 'wide',
      cell: ({ problems }) =>
        problems ? (
          problems.map(({ code, sentence }) => words.rowProblems[code] ?? sentence).join(' ')
        ) : (
          <span className={css.faint}>{words.good}</span>
        ),
    },
  ]
  return <Table label={words.previewTitle} columns={columns} rows={rows} rowKey={({ row }) => row} />
}

function Outcome({ found }: { found: Import }) {
  const { t, format } = useSpeech()
  const words = t.people.imports
  const client = useQueryClient()
  const { id, state, done, rows, created, updated, unchanged, failed, started_at } = found
  const stop = useMutation({
    mutationFn: () => call<Import>(`${importPath(id)}/stop`, { method: 'POST' }),
    onSuccess: (stopped) => client.setQueryData(importQuery(id).queryKey, stopped),
  })
  const save = async () => {
    const answer = await request(`${importPath(id)}/errors.csv`, { accept: 'text/csv' })
    download(`${found.file_name.replace(/\.[^.]*$/, '')}-problems.csv`, await answer.blob())
  }
  const running = state === 'running'
  const tookMs = started_at ? Date.now() - Date.parse(started_at) : 0
  return (
    <Card
      title={running ? words.runningTitle : found.file_name}
      note={running ? words.runningNote : words.states[state]}
    >
      <div className={css.form}>
        {running && (
          <div>
            <Progress value={done * 100} aria-label={words.runningTitle} />
            <span className={css.faint}>
              {words.rows(format.number(rows))}
              {rows > 0 &&
                tookMs > 2_000 &&
                `, ${words.rate(format.number(Math.round(rows / (tookMs / 1_000))))}`}
              {done > 0.02 && `, ${words.left(format.span((tookMs / done) * (1 - done)))}`}
            </span>
          </div>
        )}
        {rows > 0 && (
          <p className={css.words}>
            {words.finished(format.number(created), format.number(updated), format.number(unchanged))}{' '}
            {failed > 0 && words.failed(failed, format.number(failed))}
          </p>
        )}
        {found.error && (
          <p className={css.words}>{t.errors.byCode[found.error.code] ?? found.error.sentence}</p>
        )}
        <div className={css.act}>
          {(running || state === 'uploading') && (
            <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
              {words.stop}
            </Button>
          )}
          {failed > 0 && !running && (
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void save()}>
              {words.download}
            </Button>
          )}
          {!running && (
            <>
              <Button component={Link} to={found.list ? `/people?list=${found.list}` : '/people'}>
                {words.toPeople}
              </Button>
              <Button variant="default" component={Link} to="/people/import">
                {words.another}
              </Button>
            </>
          )}
        </div>
      </div>
    </Card>
  )
}

function Earlier() {
  const { t, format } = useSpeech()
  const words = t.people.imports
  const { data: imports = [] } = useQuery(importsQuery)
  if (imports.length === 0) return null
  return (
    <Card title={words.earlier} flush>
      <Table
        label={words.earlier}
        rows={imports}
        rowKey={({ id }) => id}
        columns={[
          {
            head: words.file,
            part: 'title',
            cell: ({ id, file_name }) => (
              <Anchor component={Link} to={`/people/import?id=${id}`} fw={560} underline="hover">
                {file_name}
              </Anchor>
            ),
          },
          { head: t.people.audiences.columns.state, cell: ({ state }) => words.states[state] },
          { head: words.row, numeric: true, cell: ({ rows }) => format.number(rows) },
          { head: t.people.audiences.columns.when, cell: ({ created_at }) => <When at={created_at} /> },
        ]}
      />
    </Card>
  )
}
