import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Service, servicePath } from '../api/keywords.ts'
import { showNumber } from '../format/phone.ts'
import { IconRemove } from '../icons.ts'
import { useFocusBack } from '../show/Confirm.tsx'
import { Removal } from '../show/Removal.tsx'
import { useSpeech } from '../strings/language.tsx'

/** The end of a service, below all that it is. */
export function End({ service }: { service: Service }) {
  const { t, format } = useSpeech()
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const opener = useFocusBack(asked)
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
    <Removal
      text={[
        t.keywords.removeSure(
          format.list(service.keywords.map(({ word }) => word)),
          service.numbers && format.list(service.numbers.map(showNumber)),
        ),
        service.table ? t.keywords.removeTable(format.number(service.table.row_count)) : '',
        t.keywords.removeEnd,
      ].join(' ')}
      word={service.name}
      act={t.keywords.remove}
      keep={t.keywords.keep}
      path={servicePath(service.id)}
      stale={[['keyword-services'], ['keyword-stats']]}
      onDone={() => navigate({ to: '/keywords' })}
      onKeep={() => setAsked(false)}
    />
  )
}
