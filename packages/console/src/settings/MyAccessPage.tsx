import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { ApiError, call } from '../api/client.ts'
import { canPasskeys, proveByPasskey, thoughtBetter } from '../api/passkey.ts'
import { IconKey } from '../icons.ts'
import { DoorProblem } from '../shell/SignIn.tsx'
import { Card, Empty, Page } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Codes } from './Codes.tsx'
import type { Guarded } from './guarded.ts'
import { MyPasskeys } from './MyPasskeys.tsx'
import { MySessions } from './MySessions.tsx'
import css from './Settings.module.css'

/** How one signs in, and where one is signed in. */
export default function MyAccessPage() {
  const { t } = useSpeech()
  const words = t.access.me
  const { who } = useMay()
  const [asked, setAsked] = useState<{ go: () => void; leave: () => void }>()
  const guarded: Guarded = async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'proof_needed')) throw error
      await new Promise<void>((go, leave) => setAsked({ go, leave: () => leave(error) })).finally(() =>
        setAsked(undefined),
      )
      return work()
    }
  }
  if (who?.kind === 'key')
    return (
      <Page title={words.title}>
        <div className="sheet">
          <Empty title={words.forKeys} text={words.forKeysText} />
        </div>
      </Page>
    )
  return (
    <Page title={words.title} lead={words.lead} narrow>
      {asked && <Proof onProved={asked.go} onLeave={asked.leave} />}
      <Password guarded={guarded} />
      <Codes guarded={guarded} on={who?.user?.has_totp ?? false} left={who?.user?.recovery_codes ?? 0} />
      <MyPasskeys guarded={guarded} />
      <MySessions />
    </Page>
  )
}

/** Asks once more who it is, before the locks are changed. */
function Proof({ onProved, onLeave }: { onProved: () => void; onLeave: () => void }) {
  const { t } = useSpeech()
  const words = t.access.me
  const [password, setPassword] = useState('')
  const byPassword = useMutation({
    mutationFn: () => call<void>('/v1/session/proof', { method: 'POST', body: { password } }),
    onSuccess: onProved,
  })
  const byPasskey = useMutation({ mutationFn: proveByPasskey, onSuccess: onProved })
  const error = byPassword.error ?? byPasskey.error
  return (
    <Card title={words.proof} note={words.proofText}>
      <form
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (password && !byPassword.isPending) byPassword.mutate()
        }}
      >
        <PasswordInput
          label={t.access.door.password}
          autoComplete="current-password"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {error && !thoughtBetter(error) && <DoorProblem error={error} t={t} />}
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10 }}>
          <Button type="submit" loading={byPassword.isPending}>
            {words.proofYes}
          </Button>
          {canPasskeys() && (
            <Button
              variant="default"
              leftSection={<IconKey size={18} aria-hidden />}
              loading={byPasskey.isPending}
              onClick={() => byPasskey.mutate()}
            >
              {words.proofPasskey}
            </Button>
          )}
          <Button variant="subtle" onClick={onLeave}>
            {words.keep}
          </Button>
        </div>
      </form>
    </Card>
  )
}

function Password({ guarded }: { guarded: Guarded }) {
  const { t } = useSpeech()
  const words = t.access.me
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: () => guarded(() => call<void>('/v1/me/password', { method: 'PUT', body: { password } })),
    onSuccess: () => setPassword(''),
  })
  const quiet = change.error instanceof ApiError && change.error.code === 'proof_needed'
  return (
    <Card title={words.password} note={words.passwordText}>
      <form
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (password && !change.isPending) change.mutate()
        }}
      >
        <PasswordInput
          label={words.newPassword}
          description={t.access.welcome.passwordHint}
          autoComplete="new-password"
          maxLength={200}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {change.error && !quiet && <DoorProblem error={change.error} t={t} />}
        {change.isSuccess && !password && <p role="status">{words.passwordChanged}</p>}
        <Button type="submit" style={{ justifySelf: 'start' }} loading={change.isPending}>
          {words.changePassword}
        </Button>
      </form>
    </Card>
  )
}
