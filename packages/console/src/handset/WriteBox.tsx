import { ActionIcon } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { remains } from '../format/remains.ts'
import { IconSend } from '../icons.ts'
import { Problem } from '../show/Problem.tsx'
import css from './Handset.module.css'

interface WriteBoxProps {
  label: string
  placeholder: string
  /** The name of the button. */
  send: string
  write: (text: string) => Promise<unknown>
  /** An error in other words. */
  said?: (error: unknown) => unknown
}

/** Where somebody writes on a phone. A text that fails stays in the box, and so does what is typed while one is on its way. */
export function WriteBox({ label, placeholder, send, write, said = (error) => error }: WriteBoxProps) {
  const [text, setText] = useState('')
  const sending = useMutation({
    mutationFn: write,
    onSuccess: (_, sent) => setText((typed) => remains(typed, sent)),
  })
  const submit = () => {
    if (text.trim() && !sending.isPending) sending.mutate(text)
  }
  return (
    <>
      <form
        className={css.reply}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <textarea
          rows={1}
          aria-label={label}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // As in messengers: Enter sends, Shift-Enter breaks the line.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            submit()
          }}
        />
        <ActionIcon
          type="submit"
          size={40}
          radius="xl"
          variant="filled"
          aria-label={send}
          title={send}
          aria-disabled={!text.trim() || sending.isPending}
        >
          <IconSend size={19} />
        </ActionIcon>
      </form>
      {sending.isError && (
        <div className={css.trouble}>
          <Problem error={said(sending.error)} onRetry={submit} />
        </div>
      )}
    </>
  )
}
