import { MultiSelect, Switch, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { agentsQuery, type Team, teamsQuery } from '../../api/inbox.ts'
import { showNumber } from '../../format/phone.ts'
import { FormActs } from '../../show/FormActs.tsx'
import { KeptCard } from '../../show/KeptCard.tsx'
import { Problem } from '../../show/Problem.tsx'
import { Removal } from '../../show/Removal.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'

const path = '/v1/inbox/teams'

/** Who works together. */
export function Teams({ may }: { may: boolean }) {
  const { t, format } = useSpeech()
  const words = t.inboxSettings.teams
  return (
    <KeptCard
      title={words.title}
      note={words.note}
      may={may}
      query={useQuery(teamsQuery)}
      rowKey={({ id }) => id}
      rowName={({ name }) => name}
      columns={[
        {
          head: words.columns.name,
          part: 'title',
          cell: ({ name, auto_assign }) => (auto_assign ? `${name} (${words.shared})` : name),
        },
        {
          head: words.columns.members,
          cell: ({ members }) => format.list(members.map(({ name }) => name)) || '–',
        },
        {
          head: words.columns.numbers,
          cell: ({ numbers }) => format.list(numbers.map(showNumber)) || '–',
        },
      ]}
      words={{ ...words, remove: t.inboxSettings.remove, actions: words.columns.actions }}
      empty={words.empty}
      form={(team, close) => <TeamForm team={team} onDone={close} />}
      removal={({ id, name, members, numbers }, close) => (
        <Removal
          text={[
            words.removeSure(name, format.number(members.length)),
            ...(numbers.length > 0 ? [words.removeNumbers(format.list(numbers.map(showNumber)))] : []),
          ].join(' ')}
          word={name}
          act={words.removeYes}
          keep={words.cancel}
          path={`${path}/${id}`}
          stale={[['inbox']]}
          onDone={close}
        />
      )}
    />
  )
}

function TeamForm({ team, onDone }: { team: Team | undefined; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.inboxSettings.teams
  const client = useQueryClient()
  const { data: agents = [] } = useQuery(agentsQuery)
  const [name, setName] = useState(team?.name ?? '')
  const [numbers, setNumbers] = useState(team?.numbers.join(', ') ?? '')
  const [members, setMembers] = useState(team?.members.map(({ id }) => id) ?? [])
  const [shares, setShares] = useState(team?.auto_assign ?? false)
  const save = useMutation({
    mutationFn: () => {
      const away = new Set(team?.members.filter(({ available }) => !available).map(({ id }) => id))
      return call(team ? `${path}/${team.id}` : path, {
        method: team ? 'PATCH' : 'POST',
        body: {
          name: name.trim(),
          auto_assign: shares,
          numbers: numbers
            .split(/[,;\n]/)
            .map((number) => number.trim())
            .filter(Boolean),
          members: members.map((id) => ({ id, available: !away.has(id) })),
        },
      })
    },
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: ['inbox'] })
    },
  })
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className={css.pair}>
        <TextInput
          label={words.name}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.numbers}
          value={numbers}
          onChange={(event) => setNumbers(event.currentTarget.value)}
        />
      </div>
      <MultiSelect
        label={words.members}
        searchable
        data={agents.map(({ id, name: label }) => ({ value: id, label }))}
        value={members}
        onChange={setMembers}
      />
      <Switch
        label={words.share}
        checked={shares}
        onChange={(event) => setShares(event.currentTarget.checked)}
      />
      {save.error && <Problem error={save.error} />}
      <FormActs save={t.inboxSettings.save} cancel={words.cancel} busy={save.isPending} onCancel={onDone} />
    </form>
  )
}
