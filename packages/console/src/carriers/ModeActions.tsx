import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { carrierPath, carrierQuery } from '../api/operate.ts'
import type { Carrier, Mode } from '../api/operate-types.ts'
import { IconDrained, IconPaused, IconResume } from '../icons.ts'
import { Confirm } from '../show/Confirm.tsx'
import { useSpeech } from '../strings/language.tsx'

const icons = { active: IconResume, paused: IconPaused, drained: IconDrained }
const choices: Record<Mode, Mode[]> = {
  active: ['paused', 'drained'],
  paused: ['active', 'drained'],
  drained: ['active'],
}

/** Pause, resume, drain: each says what follows before it is done. */
export function ModeActions({ carrier }: { carrier: Carrier }) {
  const { t, format } = useSpeech()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Mode>()
  const change = useMutation({
    mutationFn: (mode: Mode) => call<Carrier>(carrierPath(carrier.id), { method: 'PATCH', body: { mode } }),
    onSuccess: (changed) => {
      setAsked(undefined)
      client.setQueryData(carrierQuery(carrier.id).queryKey, changed)
      return client.invalidateQueries({ queryKey: ['carriers'] })
    },
  })
  if (asked) {
    return (
      <Confirm
        text={t.carriers.consequence[asked](format.number(carrier.queued))}
        act={t.carriers.confirmMode[asked](carrier.name)}
        keep={t.carriers.keep}
        busy={change.isPending}
        error={change.error}
        onAct={() => change.mutate(asked)}
        onKeep={() => {
          change.reset()
          setAsked(undefined)
        }}
      />
    )
  }
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10 }}>
      {choices[carrier.mode].map((mode) => {
        const Icon = icons[mode]
        return (
          <Button
            key={mode}
            variant={mode === 'active' ? 'filled' : 'default'}
            leftSection={<Icon size={17} />}
            onClick={() => setAsked(mode)}
          >
            {t.carriers.modes[mode]}
          </Button>
        )
      })}
    </div>
  )
}
