import { ActionIcon, Button, Chip, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { InboxSettings, Opening } from '../../api/inbox.ts'
import { IconAdd, IconRemove } from '../../icons.ts'
import { Card } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { SaveBar } from './SaveBar.tsx'
import css from './Settings.module.css'
import { useSave } from './useSave.ts'

const week = [1, 2, 3, 4, 5, 6, 7]
/** 1 January 2024 was a Monday. */
const monday = Date.UTC(2024, 0, 1)
const day = 86_400_000
const usual: Opening = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }

/** When somebody is there. */
export function Hours({ settings }: { settings: InboxSettings }) {
  const { t, format } = useSpeech()
  const words = t.inboxSettings.hours
  const save = useSave()
  const [on, setOn] = useState(settings.hours !== null)
  const [zone, setZone] = useState(
    settings.hours?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  )
  const [openings, setOpenings] = useState<Opening[]>(settings.hours?.openings ?? [usual])
  const [closed, setClosed] = useState((settings.hours?.closed_on ?? []).join('\n'))
  const change = (at: number, next: Partial<Opening>) =>
    setOpenings(openings.map((each, n) => (n === at ? { ...each, ...next } : each)))
  return (
    <Card title={words.title} note={words.note}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const closed_on = closed.split(/\s+/).filter(Boolean)
          save.mutate({ hours: on ? { time_zone: zone.trim(), openings, closed_on } : null })
        }}
      >
        <p className={css.now}>
          {settings.open_now || !settings.opens_at
            ? t.inboxSettings.openNow
            : t.inboxSettings.closedUntil(format.moment(settings.opens_at))}
        </p>
        <Switch label={words.on} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
        {on && (
          <>
            <TextInput
              className={css.short ?? ''}
              label={words.zone}
              list="inbox-zones"
              value={zone}
              onChange={(event) => setZone(event.currentTarget.value)}
            />
            <datalist id="inbox-zones">
              {Intl.supportedValuesOf('timeZone').map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
            {openings.map((opening, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an opening is its place in the list
              <fieldset key={at} className={css.opening}>
                <legend>{words.opening(format.number(at + 1))}</legend>
                <Chip.Group
                  multiple
                  value={opening.days.map(String)}
                  onChange={(days) => change(at, { days: days.map(Number).sort() })}
                >
                  <fieldset className={css.days} aria-label={words.days}>
                    {week.map((each) => (
                      <Chip key={each} value={String(each)} size="xs" variant="outline" color="gray">
                        {format.weekday(new Date(monday + (each - 1) * day))}
                      </Chip>
                    ))}
                  </fieldset>
                </Chip.Group>
                <TextInput
                  label={words.from}
                  pattern="([01]\d|2[0-4]):[0-5]\d"
                  required
                  value={opening.from}
                  onChange={(event) => change(at, { from: event.currentTarget.value })}
                />
                <TextInput
                  label={words.to}
                  pattern="([01]\d|2[0-4]):[0-5]\d"
                  required
                  value={opening.to}
                  onChange={(event) => change(at, { to: event.currentTarget.value })}
                />
                <ActionIcon
                  variant="default"
                  size={36}
                  aria-label={`${t.inboxSettings.remove}: ${words.opening(format.number(at + 1))}`}
                  onClick={() => setOpenings(openings.filter((_, n) => n !== at))}
                >
                  <IconRemove size={16} />
                </ActionIcon>
              </fieldset>
            ))}
            <div>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconAdd size={15} />}
                onClick={() => setOpenings([...openings, usual])}
              >
                {words.add}
              </Button>
            </div>
            <Textarea
              className={css.short ?? ''}
              label={words.closedOn}
              description={words.closedOnHint}
              autosize
              minRows={2}
              value={closed}
              onChange={(event) => setClosed(event.currentTarget.value)}
            />
          </>
        )}
        <SaveBar save={save} />
      </form>
    </Card>
  )
}
