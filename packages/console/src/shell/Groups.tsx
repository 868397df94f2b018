import { useMay } from '../api/access.ts'
import { IconOperate, IconPeople, IconServices, IconSettings } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { operatePages, peoplePages, servicePages, settingsPages } from './destinations.ts'
import { Group } from './Group.tsx'
import { useLocked } from './Locked.tsx'

/** The rooms about people. */
export function People() {
  const { t } = useSpeech()
  const { may } = useMay()
  const pages = peoplePages.filter(({ scope }) => may(scope))
  if (pages.length === 0) return null
  return <Group id="people" word={t.nav.people} icon={IconPeople} pages={pages} />
}

/** What people can use by text message. */
export function Services() {
  const { t } = useSpeech()
  const { may } = useMay()
  const pages = servicePages.filter(({ scope }) => may(scope))
  if (pages.length === 0) return null
  return <Group id="services" word={t.nav.services} icon={IconServices} pages={pages} />
}

/** The rooms of operation. A key without the scope is told so; to a user whose role is another one they are not shown. */
export function Operate() {
  const { t } = useSpeech()
  const locked = useLocked()
  const { who } = useMay()
  if (locked && who?.kind === 'user') return null
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

/** Who comes in, people and programs, and what they did. */
export function Settings() {
  const { t } = useSpeech()
  const { who, may } = useMay()
  const pages = settingsPages.filter(({ scope }) => (scope === 'me' ? who?.kind === 'user' : may(scope)))
  if (pages.length === 0) return null
  return <Group id="settings" word={t.access.nav} icon={IconSettings} pages={pages} />
}
