import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { type Service, servicePath } from '../api/keywords.ts'
import { IconRemove } from '../icons.ts'
import { Confirm, useFocusBack } from '../show/Confirm.tsx'
import { useSpeech } from '../strings/language.tsx'

export function Removal({ service }: { service: Service }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const opener = useFocusBack(asked)
  const remove = useMutation({
    mutationFn: () => call<void>(servicePath(service.id), { method: 'DELETE' }),
    onSuccess: async () => {
      await navigate({ to: '/keywords' })
      await client.invalidateQueries({ queryKey: ['keyword-services'] })
    },
  })
  if (!asked)
    return (
      <Button
        ref={opener}
        variant="default"
        style={{ justifySelf: 'start' }}
        leftSection={<IconRemove size={16} />}
        onClick={() => setAsked(true)}
      >
        {t.keywords.remove}
      </Button>
    )
  return (
    <Confirm
      danger
      text={t.keywords.removeSure(service.name)}
      act={t.keywords.remove}
      keep={t.keywords.keep}
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onKeep={() => setAsked(false)}
    />
  )
}
