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
import { type Fact, factsOf } from './learned.ts'

/** What the carrier has shown of itself; a value that is pinned becomes a setting and is learned no more. */
export function Learned({ carrier, may }: { carrier: Carrier; may: boolean }) {
  const { t, format } = useSpeech()
  const client = useQueryClient()
  const pin = useMutation({
    mutationFn: (settings: Settings) =>
      call<Carrier>(carrierPath(carrier.id), { method: 'PATCH', body: { settings } }),
    onSuccess: (changed) => client.setQueryData(carrierQuery(carrier.id).queryKey, changed),
  })
  const facts = factsOf(carrier)
  const words = ({ value, seen }: Fact) =>
    [
      value === undefined
        ? t.carriers.notCertain
        : typeof value === 'number'
          ? format.amount(value)
          : (t.carrierFields.choices[value] ?? value),
      seen === undefined ? '' : t.carriers.seen(seen, format.number(seen)),
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <Card title={t.carriers.learned} note={facts.length > 0 ? t.carriers.learnedNote : undefined}>
      {facts.length === 0 ? (
        <p className={css.quiet}>{t.carriers.learnedNone}</p>
      ) : (
        <dl className={css.learned}>
          {facts.map((fact) => {
            const label = t.carrierFields.labels[fact.path] ?? fact.path
            const setting = fact.pin
            return (
              <Fragment key={fact.path}>
                <dt>{label}</dt>
                <dd>
                  {words(fact)}
                  {fact.pinned && ` · ${t.carriers.pinned}`}
                  {setting && may && (
                    <Button
                      ml="sm"
                      variant="default"
                      size="compact-sm"
                      leftSection={<IconPin size={15} />}
                      aria-label={t.carriers.pinName(label)}
                      loading={pin.isPending}
                      onClick={() => pin.mutate(setting)}
                    >
                      {t.carriers.pin}
                    </Button>
                  )}
                </dd>
              </Fragment>
            )
          })}
        </dl>
      )}
      {pin.isError && <Problem error={pin.error} />}
    </Card>
  )
}
