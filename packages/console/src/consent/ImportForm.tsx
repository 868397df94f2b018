import { Button, FileInput, NativeSelect, Progress, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type Imported, importPiece, type Topic } from '../api/consent.ts'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { piecesOf } from './pieces.ts'

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const nothing: Imported = { read: 0, added: 0, already: 0, refused: 0, problems: [] }
/** Faulty lines that are named; the rest is a number. */
const named = 20

/** Sends a list in pieces, one after the other, so that it shows how far it is and can be stopped and begun again. */
export function ImportForm({ topics, onDone }: { topics: readonly Topic[]; onDone: () => void }) {
  const { t, format } = useSpeech()
  const words = t.consent.import
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [source, setSource] = useState('')
  const [topic, setTopic] = useState('')
  const [missing, setMissing] = useState(false)
  const [sent, setSent] = useState(0)
  const [told, setTold] = useState<Imported>()
  const [state, setState] = useState<'idle' | 'going' | 'stopped' | 'done'>('idle')
  const [error, setError] = useState<unknown>()
  const began = useRef(0)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function run(list: File) {
    const control = new AbortController()
    running.current = control
    began.current = performance.now()
    setError(undefined)
    setSent(0)
    setTold(nothing)
    setState('going')
    let sum = nothing
    try {
      for await (const { text, line, end } of piecesOf(list)) {
        const { problems, ...more } = await importPiece(text, {
          topic: topic || undefined,
          source: source.trim() || undefined,
          signal: control.signal,
        })
        sum = {
          read: sum.read + more.read,
          added: sum.added + more.added,
          already: sum.already + more.already,
          refused: sum.refused + more.refused,
          problems: [...sum.problems, ...problems.map((one) => ({ ...one, line: one.line + line }))].slice(
            0,
            named,
          ),
        }
        setTold(sum)
        setSent(end)
      }
      setState('done')
    } catch (problem) {
      setState('stopped')
      if (!control.signal.aborted) setError(problem)
    }
    await client.invalidateQueries({ queryKey: ['opt-outs'] })
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(!file)
    if (file && state !== 'going') void run(file)
  }
  return (
    <Card title={words.title} note={words.note}>
      <form className={css.form} onSubmit={submit}>
        <FileInput
          label={words.file}
          placeholder={words.choose}
          accept=".csv,.txt,text/csv,text/plain"
          value={file}
          disabled={state === 'going'}
          error={missing && words.noFile}
          description={file && words.chosen(file.name, format.bytes(file.size))}
          inputWrapperOrder={order}
          onChange={(next) => {
            setFile(next)
            setMissing(false)
            setState('idle')
            setTold(undefined)
          }}
        />
        <NativeSelect
          label={words.topic}
          value={topic}
          disabled={state === 'going'}
          onChange={(event) => setTopic(event.currentTarget.value)}
          data={[
            { value: '', label: words.everything },
            ...topics.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <TextInput
          label={words.source}
          description={words.sourceHint}
          inputWrapperOrder={order}
          maxLength={200}
          value={source}
          disabled={state === 'going'}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        {state === 'going' && file && <Going sent={sent} of={file.size} began={began.current} />}
        <div role="status">
          {told && (state === 'done' || state === 'stopped') && (
            <p style={{ margin: 0 }}>{words.done(format.number(told.added), format.number(told.already))}</p>
          )}
          {state === 'stopped' && <p className={css.faint}>{words.resumed}</p>}
          {told && told.refused > 0 && (
            <>
              <p style={{ margin: 0 }}>{words.refused(told.refused, format.number(told.refused))}</p>
              <ul className={css.refused}>
                {told.problems.map(({ line, value }) => (
                  <li key={line}>{words.line(format.number(line), value)}</li>
                ))}
                {told.refused > told.problems.length && (
                  <li>{words.more(format.number(told.refused - told.problems.length))}</li>
                )}
              </ul>
            </>
          )}
        </div>
        {error !== undefined && <Problem error={error} onRetry={() => file && void run(file)} />}
        <div className={css.act}>
          {state === 'going' ? (
            <Button variant="default" onClick={() => running.current?.abort()}>
              {words.stop}
            </Button>
          ) : (
            <Button type="submit">{words.act}</Button>
          )}
          <Button variant="default" onClick={onDone} disabled={state === 'going'}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </Card>
  )
}

function Going({ sent, of, began }: { sent: number; of: number; began: number }) {
  const { t, format } = useSpeech()
  const words = t.consent.import
  const leftMs = sent > 0 ? ((performance.now() - began) / sent) * (of - sent) : undefined
  return (
    <div className={css.text}>
      <Progress value={(sent / Math.max(1, of)) * 100} aria-label={words.title} />
      <span className={css.faint}>
        {words.going(format.bytes(sent), format.bytes(of))}
        {leftMs !== undefined && `, ${words.left(format.span(leftMs))}`}
      </span>
    </div>
  )
}
