import { PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import { loginPath } from '../api/operate.ts'
import type { Login } from '../api/operate-types.ts'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Logins.module.css'
import type { Shown } from './OncePassword.tsx'
import { randomPassword } from './password.ts'

/** A new password for a login: one is made here, or typed. */
export function Renew({
  login,
  onDone,
  onPassword,
}: {
  login: Login
  onDone: () => void
  onPassword: (shown: Shown) => void
}) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState('')
  const change = useMutation({
    mutationFn: async () => {
      const password = typed || randomPassword()
      await call<Login>(loginPath(login.id), { method: 'PATCH', body: { password } })
      return password
    },
    onSuccess: (password) => {
      onPassword({ systemId: login.system_id, password })
      onDone()
    },
  })
  return (
    <Card title={t.logins.renewName(login.system_id)} note={t.logins.renewSure}>
      <form
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!change.isPending) change.mutate()
        }}
      >
        <PasswordInput
          style={{ maxWidth: '24em' }}
          label={t.logins.form.password}
          description={t.logins.form.passwordHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={64}
          autoComplete="new-password"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {change.isError && <Problem error={change.error} onRetry={() => change.mutate()} />}
        <FormActs save={t.logins.renewYes} cancel={t.logins.keep} busy={change.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}
