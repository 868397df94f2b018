import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type User, userPath, usersQuery } from '../api/access.ts'
import { call } from '../api/client.ts'
import css from '../logins/Logins.module.css'
import { Confirm } from '../show/Confirm.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import type { Made } from './made.ts'
import { RolePicker } from './RolePicker.tsx'

interface Of {
  user: User
  onDone: () => void
}

/** Runs a change of a user and reads the list again. */
function useChange<T>(change: () => Promise<T>, onDone: (result: T) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (result: T) => {
      onDone(result)
      return client.invalidateQueries({ queryKey: usersQuery.queryKey })
    },
  })
}

export function RoleForm({ user, onDone }: Of) {
  const { t } = useSpeech()
  const words = t.access.users
  const [role, setRole] = useState(user.role)
  const change = useChange(() => call<User>(userPath(user.id), { method: 'PATCH', body: { role } }), onDone)
  return (
    <Card title={words.roleTitle(user.name)} note={words.roleNote}>
      <form
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!change.isPending) change.mutate()
        }}
      >
        <RolePicker value={role} onChange={setRole} />
        {change.error && <Problem error={change.error} />}
        <FormActs save={words.save} cancel={words.cancel} busy={change.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}

export function Reset({ user, onDone, onMade }: Of & { onMade: (made: Made) => void }) {
  const { t } = useSpeech()
  const words = t.access.users
  const make = useChange(
    () => call<{ link: string; expires_at: string }>(`${userPath(user.id)}/reset`, { method: 'POST' }),
    (made) => {
      onMade({ kind: 'reset', who: user.name, ...made })
      onDone()
    },
  )
  return (
    <Card title={words.resetTitle(user.name)}>
      <Confirm
        text={words.resetText(user.name)}
        act={words.resetYes}
        keep={words.cancel}
        busy={make.isPending}
        error={make.error}
        onAct={() => make.mutate()}
        onKeep={onDone}
      />
    </Card>
  )
}

export function Factors({ user, onDone }: Of) {
  const { t } = useSpeech()
  const words = t.access.users
  const drop = useChange(() => call<void>(`${userPath(user.id)}/factors`, { method: 'DELETE' }), onDone)
  return (
    <Card title={words.factorsTitle(user.name)}>
      <Confirm
        danger
        word={user.email}
        text={words.factorsText(user.name)}
        act={words.factorsYes}
        keep={words.cancel}
        busy={drop.isPending}
        error={drop.error}
        onAct={() => drop.mutate()}
        onKeep={onDone}
      />
    </Card>
  )
}
