import { Button, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useSpeech } from '../strings/language.tsx'
import css from './Confirm.module.css'
import { Problem } from './Problem.tsx'
import { isTyped } from './typed.ts'

interface ConfirmProps {
  /** What happens then, said before. */
  text: ReactNode
  act: string
  keep: string
  danger?: boolean
  /** What cannot be undone asks for a word: what it is called, or what it does. */
  word?: string
  busy: boolean
  error?: unknown
  onAct: () => void
  onKeep: () => void
}

/** Asks once more, with the consequence in plain words and a button that names the act. */
export function Confirm({ text, act, keep, danger = false, word, busy, error, onAct, onKeep }: ConfirmProps) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState('')
  const [differs, setDiffers] = useState(false)
  const first = useRef<HTMLDivElement>(null)
  useEffect(() => first.current?.focus(), [])
  const field = useRef<HTMLInputElement>(null)
  const ready = word === undefined || isTyped(typed, word)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setDiffers(!ready)
    if (!ready) field.current?.focus()
    else if (!busy) onAct()
  }
  return (
    <form
      className={css.confirm}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !busy) onKeep()
      }}
      data-danger={danger || undefined}
    >
      <div ref={first} tabIndex={-1} className={css.text} role="status">
        {text}
      </div>
      {word !== undefined && (
        <TextInput
          ref={field}
          className={css.word}
          label={t.confirm.type(word)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={typed}
          error={differs && t.confirm.differs}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setDiffers(false)
          }}
        />
      )}
      {error !== undefined && error !== null && <Problem error={error} />}
      <div className={css.buttons}>
        <Button
          type="submit"
          {...(danger ? { color: 'red', variant: 'outline' } : {})}
          loading={busy}
          aria-disabled={!ready}
          data-disabled={!ready}
        >
          {act}
        </Button>
        <Button variant="default" onClick={onKeep}>
          {keep}
        </Button>
      </div>
    </form>
  )
}

/** For what opened a question: it takes the focus back when the question is gone, so that a keyboard goes on from there. */
export function useFocusBack(asked: boolean) {
  const opener = useRef<HTMLButtonElement>(null)
  const was = useRef(asked)
  useEffect(() => {
    if (was.current && !asked) opener.current?.focus()
    was.current = asked
  }, [asked])
  return opener
}
