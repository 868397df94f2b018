import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { messageQuery } from '../api/queries.ts'
import type { MessageDetail } from '../api/types.ts'
import { showNumber } from '../format/phone.ts'
import { changeDraft } from '../send/draft.ts'
import { Problem } from '../show/Problem.tsx'
import { isCancellable, isFailure } from '../state/look.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './DetailPage.module.css'

/** What can be done about a message: answer it, send it again, or cancel it while it waits. */
export function Actions({ message }: { message: MessageDetail }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const may = useMay().mayChange('messages:write')
  const compose = (to: string, text: string) => {
    changeDraft({ to: showNumber(to), text })
    void navigate({ to: '/' })
  }
  if (!may) return null
  if (message.direction === 'inbound' && message.from) {
    const { from } = message
    return (
      <div className={css.actions}>
        <Button onClick={() => compose(from, '')}>{t.detail.answer}</Button>
      </div>
    )
  }
  if (isCancellable(message.state)) return <Cancel id={message.id} />
  if (!isFailure(message.state)) return null
  return (
    <div className={css.actions}>
      <Button variant="default" onClick={() => compose(message.to, message.text)}>
        {t.detail.again}
      </Button>
    </div>
  )
}

/** A cancelled message cannot be brought back, so the button asks once more. */
function Cancel({ id }: { id: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const cancel = useMutation({
    mutationFn: () => call<MessageDetail>(`/v1/messages/${id}/cancel`, { method: 'POST' }),
    onSuccess: (message) => client.setQueryData(messageQuery(id).queryKey, message),
    onError: () => client.invalidateQueries({ queryKey: messageQuery(id).queryKey }),
  })
  return (
    <>
      <div className={css.actions}>
        {asking ? (
          <>
            <span>{t.detail.cancelSure}</span>
            <Button color="red" variant="outline" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t.detail.cancelYes}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {t.detail.cancelNo}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t.detail.cancel}
          </Button>
        )}
      </div>
      {cancel.isError && <Problem error={cancel.error} />}
    </>
  )
}
