import { Button, Menu } from '@mantine/core'
import { IconWaiting } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { snoozeChoices } from './snooze.ts'

interface SnoozeProps {
  opened: boolean
  onOpened: (opened: boolean) => void
  onSnooze: (until: Date) => void
}

/** Until when: the choices that make sense at this hour. */
export function SnoozeMenu({ opened, onOpened, onSnooze }: SnoozeProps) {
  const { t, format } = useSpeech()
  return (
    <Menu position="bottom-end" withinPortal={false} opened={opened} onChange={onOpened} width={270}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconWaiting size={15} />}>
          {t.inbox.talk.snooze}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {snoozeChoices(new Date()).map(({ choice, until }) => (
          <Menu.Item
            key={choice}
            rightSection={<span className="number">{format.moment(until.toISOString())}</span>}
            onClick={() => onSnooze(until)}
          >
            {t.inbox.snoozeUntil[choice]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
