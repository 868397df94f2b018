import { IconOperate, IconPeople, IconServices } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { operatePages, peoplePages, servicePages } from './destinations.ts'
import { Group } from './Group.tsx'
import { useLocked } from './Locked.tsx'

/** The rooms about people. */
export function People() {
  const { t } = useSpeech()
  return <Group id="people" word={t.nav.people} icon={IconPeople} pages={peoplePages} />
}

/** What people can use by text message. */
export function Services() {
  const { t } = useSpeech()
  return <Group id="services" word={t.nav.services} icon={IconServices} pages={servicePages} />
}

/** The rooms of operation. */
export function Operate() {
  const { t } = useSpeech()
  const locked = useLocked()
  return (
    <Group
      id="operate"
      word={t.nav.operate}
      icon={IconOperate}
      pages={operatePages}
      locked={locked ? t.locked.rail : undefined}
    />
  )
}
