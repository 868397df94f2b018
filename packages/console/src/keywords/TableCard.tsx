import { Button, FileButton, NativeSelect } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, request } from '../api/client.ts'
import { type Column, type ColumnKey, type Service, servicePath } from '../api/keywords.ts'
import { IconDownload, IconUpload } from '../icons.ts'
import { download } from '../show/download.ts'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import { tableProblem } from './errors.ts'
import css from './Keywords.module.css'
import { TableRows } from './TableRows.tsx'

interface Uploaded {
  columns: Column[]
  row_count: number
  without_key: number
}

const keys = ['none', 'argument', 'caller'] as const

/** The table of a service: uploaded as a file, changed by the row. */
export function TableCard({ service, may }: { service: Service; may: boolean }) {
  const { t, format } = useSpeech()
  const words = t.keywords.table
  const client = useQueryClient()
  const path = `${servicePath(service.id)}/table`
  const [uploads, setUploads] = useState(0)
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['keyword-rows', service.id] })
    return client.invalidateQueries({ queryKey: ['keyword-services'] })
  }
  const upload = useMutation({
    mutationFn: async (file: File) =>
      (
        await request(path, { method: 'PUT', raw: { type: 'text/csv', body: file } })
      ).json() as Promise<Uploaded>,
    onSuccess: () => {
      setUploads((count) => count + 1)
      return refresh()
    },
  })
  const change = useMutation({
    mutationFn: (columns: Column[]) => call<Uploaded>(path, { method: 'PATCH', body: { columns } }),
    onSuccess: refresh,
  })
  const save = useMutation({
    mutationFn: async () =>
      download(
        `${service.name}.csv`,
        await (await request(`${path}/rows?format=csv`, { accept: 'text/csv' })).blob(),
      ),
  })
  const { table } = service
  const error = upload.error ?? change.error ?? save.error
  return (
    <Card
      title={words.title}
      action={
        <div className={css.act}>
          {table && (
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconDownload size={16} />}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {words.download}
            </Button>
          )}
          {may && (
            <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => file && upload.mutate(file)}>
              {(props) => (
                <Button
                  {...props}
                  {...(table ? { variant: 'default' as const } : {})}
                  size="compact-md"
                  leftSection={<IconUpload size={16} />}
                  loading={upload.isPending}
                >
                  {table ? words.replace : words.upload}
                </Button>
              )}
            </FileButton>
          )}
        </div>
      }
    >
      <div className={css.form}>
        {error && <Problem error={error} note={tableProblem(error, t, format) ?? ''} />}
        {upload.data && !upload.isPending && (
          <p className={css.quiet} role="status">
            {words.uploaded(format.number(upload.data.row_count))}{' '}
            {upload.data.without_key > 0 && words.withoutKey(format.number(upload.data.without_key))}
          </p>
        )}
        {!table && <p className={css.quiet}>{words.none}</p>}
        {table && (
          <>
            <fieldset className={css.group} aria-label={words.columns}>
              <span className={css.label}>{words.columns}</span>
              <div className={css.pair}>
                {table.columns.map((column) => (
                  <NativeSelect
                    key={column.name}
                    label={column.name}
                    disabled={change.isPending || !may}
                    data={keys.map((key) => ({ value: key, label: words.keys[key] }))}
                    value={column.key ?? 'none'}
                    onChange={(event) => {
                      const key = event.currentTarget.value
                      const next = (key === 'none' ? null : key) as ColumnKey
                      change.mutate(
                        table.columns.map((each) =>
                          each.name === column.name ? { ...each, key: next } : each,
                        ),
                      )
                    }}
                  />
                ))}
              </div>
              <span className={css.hint}>{words.columnsHint}</span>
            </fieldset>
            <TableRows key={uploads} service={service} may={may} columns={table.columns} onSaved={refresh} />
          </>
        )}
      </div>
    </Card>
  )
}
