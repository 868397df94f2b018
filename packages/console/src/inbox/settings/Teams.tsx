import { Button, MultiSelect, Switch, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { agentsQuery, type Team, teamsQuery } from '../../api/inbox.ts'
import { showNumber } from '../../format/phone.ts'
import { IconAdd } from '../../icons.ts'
import { Answer, Card } from '../../show/Page.tsx'
import { Problem } from '../../show/Problem.tsx'
import { Removal } from '../../show/Removal.tsx'
import { type Column, Table } from '../../show/Table.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'

const path = '/v1/inbox/teams'

/** Who works together. */
export function Teams({ may }: { may: boolean }) {
  const { t, format } = useSpeech()
  const words = t.inboxSettings.teams
  const query = useQuery(teamsQuery)
  const [edited, setEdited] = useState<Team | 'new'>()
  const [removed, setRemoved] = useState<Team>()
  const columns: Column<Team>[] = [
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
    {
      head: words.columns.actions,
      part: 'actions',
      cell: (team) => (
        <div className={css.rowActs}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${words.edit}: ${team.name}`}
            onClick={() => setEdited(team)}
          >
            {words.edit}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-label={`${t.inboxSettings.remove}: ${team.name}`}
            onClick={() => setRemoved(team)}
          >
            {t.inboxSettings.remove}
          </Button>
        </div>
      ),
    },
  ]
  return (
    <Card
      title={words.title}
      note={words.note}
      flush
      action={
        may &&
        !edited && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconAdd size={15} />}
            onClick={() => setEdited('new')}
          >
            {words.add}
          </Button>
        )
      }
    >
      {edited && (
        <TeamForm
          key={edited === 'new' ? 'new' : edited.id}
          team={edited === 'new' ? undefined : edited}
          onDone={() => setEdited(undefined)}
        />
      )}
      {removed && (
        <div className={css.inCard}>
          <Removal
            key={removed.id}
            text={words.removeSure(removed.name)}
            act={words.removeYes}
            keep={words.cancel}
            path={`${path}/${removed.id}`}
            stale={[['inbox']]}
            onDone={() => setRemoved(undefined)}
          />
        </div>
      )}
      <Answer query={query}>
        {(teams) =>
          teams.length === 0 ? (
            <p className={css.none}>{words.empty}</p>
          ) : (
            <Table
              label={words.title}
              rows={teams}
              rowKey={({ id }) => id}
              columns={may ? columns : columns.slice(0, -1)}
            />
          )
        }
      </Answer>
    </Card>
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
      className={`${css.form} ${css.inCard}`}
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
      <div className={css.save}>
        <Button type="submit" loading={save.isPending}>
          {t.inboxSettings.save}
        </Button>
        <Button variant="default" onClick={onDone}>
          {words.cancel}
        </Button>
      </div>
    </form>
  )
}
