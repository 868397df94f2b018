import { useMay } from '../api/access.ts'
import { IconOperate, IconPages, IconPeople, IconServices, IconSettings } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { operatePages, peoplePages, servicePages, settingsPages } from './destinations.ts'
import { Group, GroupMenu, type GroupOf } from './Group.tsx'
import { useLocked } from './Locked.tsx'

/** The groups of the rail, with the rooms that the role reaches; on a phone people have a menu, and the others share one. */
export function Groups() {
  const { t } = useSpeech()
  const { who, may } = useMay()
  const locked = useLocked()
  const people: GroupOf = {
    ...{ id: 'people', word: t.nav.people, icon: IconPeople },
    pages: peoplePages.filter(({ scope }) => may(scope)),
  }
  const others: GroupOf[] = [
    {
      ...{ id: 'services', word: t.nav.services, icon: IconServices },
      pages: servicePages.filter(({ scope }) => may(scope)),
    },
    {
      ...{ id: 'operate', word: t.nav.operate, icon: IconOperate },
      // A key without the scope is told so; to a user whose role is another one they are not shown.
      pages: locked && who?.kind === 'user' ? [] : operatePages,
      locked: locked ? t.locked.rail : undefined,
    },
    {
      ...{ id: 'settings', word: t.access.nav, icon: IconSettings },
      pages: settingsPages.filter(({ scope }) => (scope === 'me' ? who?.kind === 'user' : may(scope))),
    },
  ]
  const some = ({ pages }: GroupOf) => pages.length > 0
  return (
    <>
      {[people, ...others].filter(some).map((group) => (
        <Group key={group.id} {...group} />
      ))}
      <GroupMenu word={people.word} icon={people.icon} groups={[people].filter(some)} />
      <GroupMenu word={t.nav.more} icon={IconPages} groups={others.filter(some)} />
    </>
  )
}
