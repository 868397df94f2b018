import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiError, call } from '../api/client.ts'
import { restore, type Scope } from '../api/consent.ts'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import type { Saying } from './search.ts'

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const ways = ['agent', 'web_form', 'import'] as const

interface SayProps {
  say: Saying
  number: string
  scope: Scope
  /** What it is about, for people. */
  what: string
  onDone: () => void
}

/** Writes down what a person has said to somebody here. */
export function Say({ say, number, scope, what, onDone }: SayProps) {
  const { t } = useSpeech()
  const words = t.consent.say
  const client = useQueryClient()
  const first = useRef<HTMLTextAreaElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [how, setHow] = useState<string>('agent')
  const [typed, setTyped] = useState({ text: '', source: '', note: '' })
  const [missing, setMissing] = useState(false)
  const save = useMutation({
    mutationFn: async () => {
      const note = typed.note.trim()
      if (say === 'restore') return restore({ ...scope, number, note })
      const entry = {
        number,
        act: say,
        topic: scope.topic,
        sender: scope.sender,
        how,
        ...(say === 'grant' && { text_shown: typed.text.trim() }),
        ...(typed.source.trim() && { source_address: typed.source.trim() }),
        ...(note && { note }),
      }
      const answer = await call<{ results: { ok: boolean; error?: { code: string; message: string } }[] }>(
        '/v1/consent',
        { method: 'POST', body: { entries: [entry] } },
      )
      const error = answer.results[0]?.error
      if (error) throw new ApiError(error.code, 422, error.message)
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['consent', number] })
      await client.invalidateQueries({ queryKey: ['consent-proof', number] })
      await client.invalidateQueries({ queryKey: ['opt-outs'] })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = say === 'grant' ? !typed.text.trim() : !typed.note.trim()
    setMissing(lacks)
    if (lacks) first.current?.focus()
    else if (!save.isPending) save.mutate()
  }
  const field = (name: keyof typeof typed) => ({
    inputWrapperOrder: order,
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      setTyped({ ...typed, [name]: event.currentTarget.value })
      setMissing(false)
    },
  })
  return (
    <Card title={words[`${say}Title`](what)} note={words[`${say}Note`]}>
      <form className={css.form} onSubmit={submit}>
        {say === 'grant' && (
          <>
            <Textarea
              {...field('text')}
              ref={first}
              label={words.textShown}
              autosize
              minRows={2}
              maxRows={8}
              maxLength={4_000}
              error={missing && words.noText}
            />
            <NativeSelect
              label={words.how}
              value={how}
              onChange={(event) => setHow(event.currentTarget.value)}
              data={ways.map((value) => ({ value, label: words.hows[value] }))}
            />
            <TextInput
              {...field('source')}
              label={words.source}
              description={words.sourceHint}
              maxLength={200}
            />
          </>
        )}
        {say !== 'grant' && (
          <Textarea
            {...field('note')}
            ref={first}
            label={words.note}
            description={words.noteHint}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={500}
            error={missing && words.noNote}
          />
        )}
        {save.isError && <Problem error={save.error} onRetry={() => save.mutate()} />}
        <FormActs save={words[say]} cancel={words.keep} busy={save.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}
