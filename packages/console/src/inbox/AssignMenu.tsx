import { Button, Combobox, useCombobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { agentsQuery, type Person, type TalkDetail, teamsQuery } from '../api/inbox.ts'
import { IconPerson } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './AssignMenu.module.css'

interface AssignProps {
  talk: TalkDetail
  youId: string | undefined
  opened: boolean
  onOpened: (opened: boolean) => void
  onPerson: (person: Person | 'me' | null) => void
  onTeam: (team: Person | null) => void
}

/** Whom to give it to: oneself first, then people and teams, found by typing. */
export function AssignMenu({ talk, youId, opened, onOpened, onPerson, onTeam }: AssignProps) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState('')
  const box = useCombobox({
    opened,
    onOpenedChange: onOpened,
    onDropdownClose: () => setTyped(''),
  })
  const { data: agents = [] } = useQuery(agentsQuery)
  const { data: teams = [] } = useQuery(teamsQuery)
  const fits = (name: string) => name.toLowerCase().includes(typed.trim().toLowerCase())
  const people = [
    { value: 'me', label: t.inbox.assign.me },
    ...agents.filter(({ id }) => id !== youId).map(({ id, name }) => ({ value: id, label: name })),
    ...(talk.assignee ? [{ value: 'nobody', label: t.inbox.assign.nobody }] : []),
  ].filter(({ label }) => fits(label))
  const shownTeams = [
    ...teams.map(({ id, name }) => ({ value: id, label: name })),
    ...(talk.team ? [{ value: 'no-team', label: t.inbox.assign.noTeam }] : []),
  ].filter(({ label }) => fits(label))

  // biome-ignore lint/correctness/useExhaustiveDependencies: when it opens or what it holds changes
  useEffect(() => {
    if (!opened) return
    box.focusSearchInput()
    box.selectFirstOption()
  }, [opened, typed])

  const choose = (value: string) => {
    onOpened(false)
    if (value === 'me') onPerson('me')
    else if (value === 'nobody') onPerson(null)
    else if (value === 'no-team') onTeam(null)
    else {
      const team = teams.find(({ id }) => id === value)
      const agent = agents.find(({ id }) => id === value)
      if (team) onTeam(team)
      else if (agent) onPerson(agent)
    }
  }
  return (
    <Combobox
      store={box}
      withinPortal={false}
      position="bottom-end"
      width={260}
      onOptionSubmit={choose}
      classNames={{ option: css.option ?? '' }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPerson size={15} />}
          aria-expanded={opened}
          aria-haspopup="listbox"
          onClick={() => onOpened(!opened)}
        >
          {talk.assignee
            ? talk.assignee.id === youId
              ? t.inbox.you
              : talk.assignee.name
            : t.inbox.talk.assign}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          aria-label={t.inbox.assign.find}
          placeholder={t.inbox.assign.find}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={t.inbox.talk.assign}>
          {people.length > 0 && (
            <Combobox.Group label={t.inbox.assign.people}>
              {people.map(({ value, label }) => (
                <Combobox.Option key={value} value={value}>
                  {label}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {shownTeams.length > 0 && (
            <Combobox.Group label={t.inbox.assign.teams}>
              {shownTeams.map(({ value, label }) => (
                <Combobox.Option key={value} value={value}>
                  {label}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {people.length + shownTeams.length === 0 && <Combobox.Empty>{t.find.none}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
