import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Invitation, invitationsQuery, type RoleName } from '../api/access.ts'
import { call } from '../api/client.ts'
import css from '../logins/Logins.module.css'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import type { Made } from './made.ts'
import { RolePicker } from './RolePicker.tsx'

/** Makes a link for somebody; handing it over is the reader's. */
export function InviteForm({ onDone, onMade }: { onDone: () => void; onMade: (made: Made) => void }) {
  const { t } = useSpeech()
  const words = t.access.users.form
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<RoleName>('agent')
  const [tried, setTried] = useState(false)
  const invite = useMutation({
    mutationFn: () =>
      call<Invitation & { link: string }>('/v1/invitations', { method: 'POST', body: { email, name, role } }),
    onSuccess: ({ link, expires_at }) => {
      onMade({ kind: 'invitation', who: name, link, expires_at })
      onDone()
      return client.invalidateQueries({ queryKey: invitationsQuery.queryKey })
    },
  })
  const missing = (text: string) => (tried && !text.trim() ? words.missing : undefined)
  return (
    <Card title={words.title} note={words.note}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          setTried(true)
          if (email.trim() && name.trim() && !invite.isPending) invite.mutate()
        }}
      >
        <TextInput
          type="email"
          label={words.email}
          description={words.emailHint}
          style={{ maxWidth: '30em' }}
          maxLength={254}
          autoComplete="off"
          autoFocus
          value={email}
          error={missing(email)}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label={words.name}
          style={{ maxWidth: '30em' }}
          maxLength={100}
          autoComplete="off"
          value={name}
          error={missing(name)}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RolePicker value={role} onChange={setRole} />
        {invite.error && <Problem error={invite.error} onRetry={() => invite.mutate()} />}
        <FormActs save={words.create} cancel={words.cancel} busy={invite.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}
