import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../api/client.ts'
import { carrierPath } from '../api/operate.ts'
import type { Carrier } from '../api/operate-types.ts'
import { useRemoval } from '../api/removal.ts'
import { IconRemove } from '../icons.ts'
import { Confirm, useFocusBack } from '../show/Confirm.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Carrier.module.css'

/** The end of a carrier. The server refuses while messages depend on it; then it takes a second decision. */
export function End({ carrier }: { carrier: Carrier }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const asks = useFocusBack(asked)
  const remove = useRemoval({
    path: carrierPath(carrier.id),
    stale: [['carriers'], ['routes']],
    leave: () => navigate({ to: '/carriers' }),
  })
  const inUse = remove.error instanceof ApiError && remove.error.code === 'carrier_in_use'
  const close = () => {
    remove.reset()
    setAsked(false)
  }
  return (
    <Card title={t.carriers.removeTitle(carrier.name)}>
      {carrier.origin === 'config' ? (
        <p className={css.quiet}>{t.carriers.removeConfig}</p>
      ) : asked ? (
        <Confirm
          // What the server said makes it another question: it is read and answered anew.
          key={String(inUse)}
          danger
          text={inUse ? t.carriers.removeBusy : t.carriers.removeText}
          word={carrier.name}
          act={inUse ? t.carriers.removeAnyway : t.carriers.removeTitle(carrier.name)}
          keep={t.carriers.keep}
          busy={remove.isPending}
          error={inUse ? undefined : remove.error}
          onAct={() => remove.mutate(inUse ? '?force=true' : '')}
          onKeep={close}
        />
      ) : (
        <Button
          ref={asks}
          variant="default"
          leftSection={<IconRemove size={17} />}
          onClick={() => setAsked(true)}
        >
          {t.carriers.remove}
        </Button>
      )}
    </Card>
  )
}
