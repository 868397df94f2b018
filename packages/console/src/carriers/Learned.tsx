import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Fragment } from 'react'
import { call } from '../api/client.ts'
import { carrierPath, carrierQuery } from '../api/operate.ts'
import type { Carrier, Settings } from '../api/operate-types.ts'
import { IconPin } from '../icons.ts'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Carrier.module.css'
import { shownValue } from './values.ts'

/** What the carrier has shown of itself; a value that is pinned becomes a setting and is learned no more. */
export function Learned({ carrier }: { carrier: Carrier }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const pin = useMutation({
    mutationFn: (settings: Settings) =>
      call<Carrier>(carrierPath(carrier.id), { method: 'PATCH', body: { settings } }),
    onSuccess: (changed) => client.setQueryData(carrierQuery(carrier.id).queryKey, changed),
  })
  const learned = Object.entries(carrier.learned)
  return (
    <Card title={t.carriers.learned} note={learned.length > 0 ? t.carriers.learnedNote : undefined}>
      {learned.length === 0 ? (
        <p className={css.quiet}>{t.carriers.learnedNone}</p>
      ) : (
        <dl className={css.learned}>
          {learned.map(([name, value]) => {
            const label = t.carrierFields.labels[name] ?? name
            const pinned = JSON.stringify(carrier.settings[name]) === JSON.stringify(value)
            return (
              <Fragment key={name}>
                <dt>{label}</dt>
                <dd>{shownValue(value)}</dd>
                {pinned ? (
                  <span className={css.quiet}>{t.carriers.pinned}</span>
                ) : (
                  <Button
                    variant="default"
                    size="compact-sm"
                    leftSection={<IconPin size={15} />}
                    aria-label={t.carriers.pinName(label)}
                    onClick={() => pin.mutate({ [name]: value })}
                  >
                    {t.carriers.pin}
                  </Button>
                )}
              </Fragment>
            )
          })}
        </dl>
      )}
      {pin.isError && <Problem error={pin.error} />}
    </Card>
  )
}
