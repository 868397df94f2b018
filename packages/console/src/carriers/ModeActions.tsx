import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { call } from '../api/client.ts'
import { carrierPath, carrierQuery } from '../api/operate.ts'
import type { Carrier, Mode } from '../api/operate-types.ts'
import { IconDrained, IconPaused, IconResume } from '../icons.ts'
import { Confirm, useFocusBack } from '../show/Confirm.tsx'
import { useSpeech } from '../strings/language.tsx'

export const modeIcons = { active: IconResume, paused: IconPaused, drained: IconDrained }
export const modeChoices: Record<Mode, Mode[]> = {
  active: ['paused', 'drained'],
  paused: ['active', 'drained'],
  drained: ['active'],
}

const route = getRouteApi('/carriers/$id')

/** Pause, resume, drain: each says what follows before it is done. The address holds what is asked, so the list leads here. */
export function ModeActions({ carrier }: { carrier: Carrier }) {
  const { t, format } = useSpeech()
  const client = useQueryClient()
  const { act } = route.useSearch()
  const navigate = route.useNavigate()
  // What holds already is no question; an old link may ask it.
  const asked = modeChoices[carrier.mode].find((mode) => mode === act)
  const setAsked = (mode?: Mode) =>
    void navigate({ search: mode ? { act: mode } : {}, replace: true, resetScroll: false })
  const opener = useFocusBack(asked !== undefined)
  const change = useMutation({
    mutationFn: (mode: Mode) => call<Carrier>(carrierPath(carrier.id), { method: 'PATCH', body: { mode } }),
    onSuccess: (changed) => {
      setAsked()
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
          setAsked()
        }}
      />
    )
  }
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10 }}>
      {modeChoices[carrier.mode].map((mode, index) => {
        const Icon = modeIcons[mode]
        return (
          <Button
            key={mode}
            ref={index === 0 ? opener : undefined}
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
