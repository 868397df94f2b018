import { ActionIcon } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { handsetPath } from '../api/queries.ts'
import { showNumber } from '../format/phone.ts'
import { remains } from '../format/remains.ts'
import { IconSend } from '../icons.ts'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Handset.module.css'

/** Writes from the phone to whoever wrote last. A failed reply stays in the box. */
export function ReplyBox({ number, to }: { number: string; to: string }) {
  const { t } = useSpeech()
  const [text, setText] = useState('')
  const send = useMutation({
    mutationFn: (reply: string) =>
      call(`${handsetPath(number)}/messages`, { method: 'POST', body: { to, text: reply } }),
    // What was typed while it was on its way stays.
    onSuccess: (_, sent) => setText((typed) => remains(typed, sent)),
  })
  const submit = () => {
    if (text.trim() && !send.isPending) send.mutate(text)
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
          aria-label={t.handset.replyLabel(showNumber(to))}
          placeholder={t.handset.placeholder}
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
          aria-label={t.handset.send}
          title={t.handset.send}
          aria-disabled={!text.trim() || send.isPending}
        >
          <IconSend size={19} />
        </ActionIcon>
      </form>
      {send.isError && (
        <div className={css.trouble}>
          <Problem error={send.error} onRetry={submit} />
        </div>
      )}
    </>
  )
}
