import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { encode } from 'uqr'
import { whoQuery } from '../api/access.ts'
import { ApiError, call } from '../api/client.ts'
import { DoorProblem } from '../shell/SignIn.tsx'
import { Confirm } from '../show/Confirm.tsx'
import { CopyIcon } from '../show/CopyIcon.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import type { Guarded } from './guarded.ts'
import { Once } from './Once.tsx'
import css from './Settings.module.css'

interface Secret {
  secret: string
  url: string
}

interface Recovery {
  recovery_codes: string[]
}

/** Codes of an authenticator app: begun with a picture that is drawn here, and counted once the first code fits. */
export function Codes({ guarded, on, left }: { guarded: Guarded; on: boolean; left: number }) {
  const { t } = useSpeech()
  const words = t.access.me
  const client = useQueryClient()
  const [secret, setSecret] = useState<Secret>()
  const [code, setCode] = useState('')
  const [ending, setEnding] = useState(false)
  const [recovery, setRecovery] = useState<string[]>()
  const again = () => client.invalidateQueries({ queryKey: whoQuery.queryKey })
  const begin = useMutation({
    mutationFn: () => guarded(() => call<Secret>('/v1/me/totp', { method: 'POST' })),
    onSuccess: setSecret,
  })
  const confirm = useMutation({
    mutationFn: () => guarded(() => call<Recovery>('/v1/me/totp', { method: 'PUT', body: { code } })),
    onSuccess: ({ recovery_codes }) => {
      setRecovery(recovery_codes)
      setSecret(undefined)
      setCode('')
      return again()
    },
  })
  const end = useMutation({
    mutationFn: () => guarded(() => call<void>('/v1/me/totp', { method: 'DELETE' })),
    onSuccess: () => {
      setEnding(false)
      return again()
    },
  })
  const renew = useMutation({
    mutationFn: () => guarded(() => call<Recovery>('/v1/me/recovery-codes', { method: 'POST' })),
    onSuccess: ({ recovery_codes }) => {
      setRecovery(recovery_codes)
      return again()
    },
  })
  const error = [confirm.error, begin.error, renew.error].find(
    (each) => each && !(each instanceof ApiError && each.code === 'proof_needed'),
  )
  if (recovery)
    return (
      <Once
        title={words.recovery}
        text={words.recoveryText}
        label={words.recoveryLabel}
        secret={recovery.join('\n')}
        done={words.recoveryKept}
        onDone={() => setRecovery(undefined)}
      />
    )
  return (
    <Card title={words.totp} note={on ? `${words.totpOn} ${words.recoveryLeft(left)}` : words.totpOff}>
      {secret ? (
        <form
          className={css.form}
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            if (code && !confirm.isPending) confirm.mutate()
          }}
        >
          <p className={css.text}>{words.totpScan}</p>
          <div className={css.code}>
            <QrCode text={secret.url} label={words.totpQr} />
            <div>
              <p className={css.text}>{words.totpType}</p>
              <span className={css.secret}>
                <code className="mono">{secret.secret.match(/.{1,4}/g)?.join(' ')}</code>
                <CopyIcon text={secret.secret} what={words.totpType} />
              </span>
            </div>
          </div>
          <TextInput
            label={t.access.door.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {error && <DoorProblem error={error} t={t} />}
          <Button type="submit" style={{ justifySelf: 'start' }} loading={confirm.isPending}>
            {words.totpConfirm}
          </Button>
        </form>
      ) : ending ? (
        <Confirm
          danger
          text={words.totpEndSure}
          act={words.totpEndYes}
          keep={words.keep}
          busy={end.isPending}
          error={end.error}
          onAct={() => end.mutate()}
          onKeep={() => setEnding(false)}
        />
      ) : (
        <>
          {error && <DoorProblem error={error} t={t} />}
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10 }}>
            {on && (
              <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
                {words.recoveryNew}
              </Button>
            )}
            <Button
              variant="default"
              loading={begin.isPending}
              onClick={() => (on ? setEnding(true) : begin.mutate())}
            >
              {on ? words.totpEnd : words.totpBegin}
            </Button>
          </div>
        </>
      )}
    </Card>
  )
}

/** Black on white in every colour scheme: cameras want it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      className={css.qr}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  )
}
