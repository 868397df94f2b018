import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Trial } from '../api/keywords.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './JsonAnswer.module.css'
import { nameOf, step } from './pointer.ts'

interface JsonAnswerProps {
  source: NonNullable<Trial['source']>
  onPick: (pointer: string) => void
}

/** Entries of a list that are shown: the others look the same. */
const shownEntries = 3

/** What a system answered, to be clicked on: nobody has to write a pointer. */
export function JsonAnswer({ source, onPick }: JsonAnswerProps) {
  const { t, format } = useSpeech()
  const words = t.keywords.source
  const json = jsonOf(source.body)
  const note = source.problem
    ? source.problem.sentence
    : json === undefined
      ? words.notJson
      : words.answeredHint
  return (
    <Card title={words.answered} note={note}>
      <p className={css.took}>
        <code className="mono">{source.url}</code>
        <br />
        {words.took(source.status === null ? '–' : String(source.status), format.answer(source.ms))}
      </p>
      {source.body !== null && source.body !== '' && (
        <CodeBlock label={words.jsonLabel}>
          {json === undefined ? source.body : <Node value={json} pointer="" onPick={onPick} depth={0} />}
        </CodeBlock>
      )}
    </Card>
  )
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

interface NodeProps {
  value: unknown
  pointer: string
  depth: number
  onPick: (pointer: string) => void
}

function Node({ value, pointer, depth, onPick }: NodeProps): ReactNode {
  const { t } = useSpeech()
  const pad = '  '.repeat(depth + 1)
  const end = '  '.repeat(depth)
  if (typeof value !== 'object' || value === null) {
    const shown = JSON.stringify(value)
    if (value === null || pointer === '') return shown
    return (
      <UnstyledButton
        className={css.value}
        aria-label={`${t.keywords.source.take(nameOf(pointer))}: ${shown}`}
        title={pointer}
        onClick={() => onPick(pointer)}
      >
        {shown}
      </UnstyledButton>
    )
  }
  const isList = Array.isArray(value)
  const all = isList ? value.map((entry, at) => [String(at), entry] as const) : Object.entries(value)
  const entries = isList ? all.slice(0, shownEntries) : all
  const [open, close] = isList ? '[]' : '{}'
  if (all.length === 0) return `${open}${close}`
  return (
    <>
      {`${open}\n`}
      {entries.map(([name, entry], at) => (
        <span key={name}>
          {pad}
          {!isList && `${JSON.stringify(name)}: `}
          <Node value={entry} pointer={pointer + step(name)} depth={depth + 1} onPick={onPick} />
          {at < all.length - 1 ? ',\n' : '\n'}
        </span>
      ))}
      {entries.length < all.length && `${pad}… ${all.length - entries.length}\n`}
      {end}
      {close}
    </>
  )
}
