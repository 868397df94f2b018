import { ActionIcon, Button, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { type Column, type Row, rowsQuery, type Service, servicePath } from '../api/keywords.ts'
import { IconAdd, IconClear, IconSearch } from '../icons.ts'
import { Answer } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Keywords.module.css'
import grid from './TableRows.module.css'

interface TableRowsProps {
  service: Service
  may: boolean
  columns: readonly Column[]
  onSaved: () => Promise<unknown>
}

/** What is changed and not saved yet: cells by the id of their row, new rows, and ids of those that go. */
interface Changes {
  cells: Readonly<Record<string, string[]>>
  added: readonly string[][]
  gone: readonly string[]
}
const nothing: Changes = { cells: {}, added: [], gone: [] }

/** The rows of a table as a grid that is written in. A page at a time; what is typed stays until it is saved. */
export function TableRows({ service, may, columns, onSaved }: TableRowsProps) {
  const { t, format } = useSpeech()
  const words = t.keywords.table
  const [find, setFind] = useState('')
  const [after, setAfter] = useState<string>()
  const [changes, setChanges] = useState(nothing)
  const query = useQuery({ ...rowsQuery(service.id, find, after), placeholderData: keepPreviousData })
  const count = Object.keys(changes.cells).length + changes.added.length + changes.gone.length
  const save = useMutation({
    mutationFn: () =>
      call(`${servicePath(service.id)}/table/rows`, {
        method: 'PATCH',
        body: {
          put: [
            ...Object.entries(changes.cells)
              .filter(([id]) => !changes.gone.includes(id))
              .map(([id, cells]) => ({ id, cells })),
            ...changes.added.filter((cells) => cells.some(Boolean)).map((cells) => ({ cells })),
          ],
          delete: changes.gone,
        },
      }),
    onSuccess: async () => {
      await onSaved()
      setChanges(nothing)
    },
  })
  const set = (row: Row, at: number, value: string) => {
    const cells = [...(changes.cells[row.id] ?? row.cells)]
    cells[at] = value
    setChanges({ ...changes, cells: { ...changes.cells, [row.id]: cells } })
  }
  const setAdded = (index: number, at: number, value: string) =>
    setChanges({
      ...changes,
      added: changes.added.map((cells, each) =>
        each === index ? cells.map((cell, place) => (place === at ? value : cell)) : cells,
      ),
    })
  return (
    <div className={css.form}>
      <div className={css.act}>
        <TextInput
          type="search"
          size="sm"
          aria-label={words.find}
          placeholder={words.find}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={find}
          onChange={(event) => {
            setFind(event.currentTarget.value)
            setAfter(undefined)
          }}
        />
        <span className={css.quiet}>
          {words.count(service.table!.row_count, format.number(service.table!.row_count))}
        </span>
      </div>
      <Answer query={query}>
        {({ data, next }) => {
          const rows = data.filter(({ id }) => !changes.gone.includes(id))
          return (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
              <section className={grid.box} tabIndex={0} aria-label={words.rows}>
                <table className={grid.table}>
                  <thead>
                    <tr>
                      {columns.map(({ name }) => (
                        <th key={name} scope="col">
                          {name}
                        </th>
                      ))}
                      {may && (
                        <th scope="col" className={grid.last}>
                          {words.actions}
                        </th>
                      )}
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row, at) => (
                      <tr key={row.id} data-changed={row.id in changes.cells || undefined}>
                        {columns.map(({ name }, place) => (
                          <td key={name}>
                            <input
                              aria-label={words.cell(name, format.number(at + 1))}
                              readOnly={!may}
                              value={(changes.cells[row.id] ?? row.cells)[place] ?? ''}
                              onChange={(event) => set(row, place, event.currentTarget.value)}
                            />
                          </td>
                        ))}
                        {may && (
                          <td className={grid.last}>
                            <ActionIcon
                              variant="subtle"
                              color="gray"
                              aria-label={words.dropRow(row.cells[0] || format.number(at + 1))}
                              onClick={() => setChanges({ ...changes, gone: [...changes.gone, row.id] })}
                            >
                              <IconClear size={16} />
                            </ActionIcon>
                          </td>
                        )}
                      </tr>
                    ))}
                    {changes.added.map((cells, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: new rows have no id yet, and are added at the end
                      <tr key={`new ${index}`} data-changed>
                        {columns.map(({ name }, place) => (
                          <td key={name}>
                            <input
                              aria-label={words.cell(name, format.number(rows.length + index + 1))}
                              value={cells[place] ?? ''}
                              onChange={(event) => setAdded(index, place, event.currentTarget.value)}
                            />
                          </td>
                        ))}
                        <td className={grid.last}>
                          <ActionIcon
                            variant="subtle"
                            color="gray"
                            aria-label={words.dropRow(cells[0] || format.number(rows.length + index + 1))}
                            onClick={() =>
                              setChanges({
                                ...changes,
                                added: changes.added.filter((_, each) => each !== index),
                              })
                            }
                          >
                            <IconClear size={16} />
                          </ActionIcon>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                {rows.length === 0 && changes.added.length === 0 && find && (
                  <p className={grid.none}>{words.noneFound}</p>
                )}
              </section>
              <div className={css.act}>
                {may && (
                  <Button
                    variant="default"
                    size="compact-md"
                    leftSection={<IconAdd size={16} />}
                    onClick={() =>
                      setChanges({ ...changes, added: [...changes.added, columns.map(() => '')] })
                    }
                  >
                    {words.addRow}
                  </Button>
                )}
                {after !== undefined && (
                  <Button variant="default" size="compact-md" onClick={() => setAfter(undefined)}>
                    {words.first}
                  </Button>
                )}
                {next !== null && (
                  <Button variant="default" size="compact-md" onClick={() => setAfter(next)}>
                    {words.next}
                  </Button>
                )}
              </div>
            </>
          )
        }}
      </Answer>
      {save.isError && <Problem error={save.error} onRetry={() => save.mutate()} />}
      {count > 0 && (
        <div className={css.act}>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            {words.save}
          </Button>
          <Button variant="default" onClick={() => setChanges(nothing)}>
            {t.keywords.form.undo}
          </Button>
          <span role="status" className={css.quiet}>
            {words.changed(count, format.number(count))}
          </span>
        </div>
      )}
    </div>
  )
}
