import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import type { TalkDetail } from '../api/inbox.ts'
import { bareNumber } from '../format/phone.ts'
import { Dialog } from '../show/Dialog.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Begin.module.css'

/** An agent writes first. */
export function Begin({
  opened,
  onClose,
  onBegun,
}: {
  opened: boolean
  onClose: () => void
  onBegun: (id: string) => void
}) {
  const { t } = useSpeech()
  const words = t.inbox.begin
  const client = useQueryClient()
  const [to, setTo] = useState('')
  const [from, setFrom] = useState('')
  const begin = useMutation({
    mutationFn: () =>
      call<TalkDetail>('/v1/inbox/conversations', {
        method: 'POST',
        body: { to: bareNumber(to), ...(from.trim() && { from: from.trim() }) },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to.trim() && !begin.isPending) begin.mutate(undefined, { onSuccess: ({ id }) => onBegun(id) })
  }
  return (
    <Dialog opened={opened} onClose={onClose} title={words.title} close={words.cancel}>
      <form className={css.form} onSubmit={submit}>
        <TextInput
          label={words.to}
          type="tel"
          autoComplete="off"
          required
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <TextInput
          label={words.from}
          autoComplete="off"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        {begin.error && <Problem error={begin.error} />}
        <Button type="submit" loading={begin.isPending}>
          {words.act}
        </Button>
      </form>
    </Dialog>
  )
}
