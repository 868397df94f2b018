import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, call } from '../api/client.ts'
import { canPasskeys, signInByPasskey, thoughtBetter } from '../api/passkey.ts'
import { enterAsUser, useSession } from '../api/session.ts'
import { IconKey } from '../icons.ts'
import { Problem } from '../show/Problem.tsx'
import { useTitle } from '../show/useTitle.ts'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Door.module.css'

/** By e-mail and password, then the code of those who have one; or by passkey. */
export function SignIn({ onOther }: { onOther: () => void }) {
  const { t } = useSpeech()
  const words = t.access.door
  useTitle(words.title)
  const { ended } = useSession()
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string>()
  const [tried, setTried] = useState(false)
  const enter = () => {
    client.clear()
    enterAsUser()
  }
  const byPassword = useMutation({
    mutationFn: () =>
      call('/v1/session', { method: 'POST', body: { email, password, ...(code ? { code } : {}) } }),
    onSuccess: enter,
    onError: (error) => {
      if (codeOf(error) === 'second_factor_needed') setCode('')
    },
  })
  const byPasskey = useMutation({ mutationFn: signInByPasskey, onSuccess: enter })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (email.trim() && password && code !== '' && !byPassword.isPending) byPassword.mutate()
  }
  const error = byPassword.error ?? byPasskey.error
  const missing = (text: string) => (tried && !text.trim() ? words.missing : undefined)
  return (
    <>
      <h1>{words.title}</h1>
      {ended && <p role="status">{words.ended}</p>}
      <form onSubmit={submit} className={css.form} noValidate>
        <TextInput
          size="md"
          type="email"
          label={words.email}
          autoComplete="username webauthn"
          value={email}
          error={missing(email)}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          size="md"
          label={words.password}
          autoComplete="current-password"
          value={password}
          error={missing(password)}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {code !== undefined && (
          <TextInput
            size="md"
            label={words.code}
            description={words.codeHint}
            autoComplete="one-time-code"
            autoCapitalize="none"
            maxLength={20}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {error && codeOf(error) !== 'second_factor_needed' && !thoughtBetter(error) && (
          <DoorProblem error={error} t={t} />
        )}
        <Button type="submit" size="md" style={{ justifySelf: 'start' }} loading={byPassword.isPending}>
          {words.enter}
        </Button>
      </form>
      {canPasskeys() && (
        <Button
          variant="default"
          size="md"
          style={{ justifySelf: 'start' }}
          leftSection={<IconKey size={18} aria-hidden />}
          loading={byPasskey.isPending}
          onClick={() => byPasskey.mutate()}
        >
          {words.passkey}
        </Button>
      )}
      <p className={css.kept}>{words.lost}</p>
      <div className={css.other}>
        <p className={css.kept}>{words.first}</p>
        <pre className={`${css.command} mono`}>
          npx kurzpost user add you@example.org --name You --role owner
        </pre>
        <Anchor component="button" type="button" ta="start" onClick={onOther}>
          {words.withKey}
        </Anchor>
      </div>
    </>
  )
}

const codeOf = (error: unknown) => (error instanceof ApiError ? error.code : undefined)

/** What went wrong at the door, in a sentence that says what to do. */
export function DoorProblem({ error, t }: { error: unknown; t: Strings }) {
  const { format } = useSpeech()
  const words = t.access.door
  if (error instanceof ApiError && error.code === 'rate_limited') {
    const { retry_after: seconds = 60 } = (error.details ?? {}) as { retry_after?: number }
    const time =
      seconds < 120
        ? words.seconds(format.number(seconds))
        : words.minutes(format.number(Math.ceil(seconds / 60)))
    return <Problem error={new ApiError('', 0, words.wait(time))} />
  }
  const known: Record<string, string> = { sign_in_failed: words.wrong, insecure_connection: words.insecure }
  const sentence = error instanceof ApiError ? known[error.code] : undefined
  return <Problem error={sentence === undefined ? error : new ApiError('', 0, sentence)} />
}
