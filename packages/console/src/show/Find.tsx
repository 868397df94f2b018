import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { IconSearch } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Find.module.css'

/** Fewer than this are seen at a glance. */
const many = 12

interface FindProps<Row> {
  rows: readonly Row[]
  /** What of a row can be found. */
  words: (row: Row) => readonly (string | null | undefined)[]
  /** As the address bar has it. */
  find: string | undefined
  onFind: (find: string | undefined) => void
  label: string
  children: (rows: readonly Row[]) => ReactNode
}

/** A long list, and those of it that hold every typed word. */
export function Find<Row>({ rows, words, find, onFind, label, children }: FindProps<Row>) {
  const { t, format } = useSpeech()
  const [typed, setTyped] = useState(find ?? '')
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter((row) => {
    const text = words(row).join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
  const change = (next: string) => {
    setTyped(next)
    onFind(next.trim() || undefined)
  }
  return (
    <>
      {(rows.length > many || typed) && (
        <search className={css.bar}>
          <TextInput
            className={css.input}
            type="search"
            size="sm"
            aria-label={label}
            placeholder={label}
            leftSection={<IconSearch size={16} aria-hidden />}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => change(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') change('')
            }}
          />
          <span role="status" className={css.count}>
            {wanted.length > 0
              ? t.find.some(format.number(found.length), format.number(rows.length))
              : t.find.all(format.number(rows.length))}
          </span>
        </search>
      )}
      {found.length > 0 || wanted.length === 0 ? children(found) : <p className={css.none}>{t.find.none}</p>}
    </>
  )
}
