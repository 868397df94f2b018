import { IconOperate, IconPeople } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { operatePages, peoplePages } from './destinations.ts'
import { Group } from './Group.tsx'
import { useLocked } from './Locked.tsx'

/** The rooms about people. */
export function People() {
  const { t } = useSpeech()
  return <Group id="people" word={t.nav.people} icon={IconPeople} pages={peoplePages} />
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
