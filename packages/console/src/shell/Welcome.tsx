import { Button, PasswordInput, Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { RoleName } from '../api/access.ts'
import { ApiError, call } from '../api/client.ts'
import { enterAsUser } from '../api/session.ts'
import { useTitle } from '../show/useTitle.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Door.module.css'
import { Door } from './Door.tsx'
import { DoorProblem } from './SignIn.tsx'

interface OpenLink {
  kind: 'invitation' | 'reset'
  email: string
  name: string
  account: string
  role: RoleName | null
}

/** Where an invitation leads, or a link for a new password. Its token stands behind `#`, which no server hears. */
export function Welcome() {
  const { t } = useSpeech()
  useTitle(t.access.welcome.title)
  const [token] = useState(() => location.hash.slice(1))
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: ({ signal }) => call<OpenLink>('/v1/links/read', { method: 'POST', body: { token }, signal }),
    enabled: token.length === 43,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const known = link.error instanceof ApiError && link.error.status >= 400 && link.error.status < 500
  return (
    <Door>
      {link.data ? (
        <Take token={token} link={link.data} />
      ) : token.length !== 43 || known ? (
        <Invalid />
      ) : link.error ? (
        <DoorProblem error={link.error} t={t} />
      ) : (
        <Skeleton height={240} />
      )}
    </Door>
  )
}

function Invalid() {
  const { t } = useSpeech()
  const navigate = useNavigate()
  return (
    <>
      <h1>{t.access.welcome.invalid}</h1>
      <p>{t.access.welcome.invalidText}</p>
      <Button variant="default" style={{ justifySelf: 'start' }} onClick={() => void navigate({ to: '/' })}>
        {t.access.welcome.home}
      </Button>
    </>
  )
}

function Take({ token, link }: { token: string; link: OpenLink }) {
  const { t } = useSpeech()
  const words = t.access.welcome
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(link.name)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string>()
  const invited = link.kind === 'invitation'
  const take = useMutation({
    mutationFn: () =>
      call('/v1/links/take', {
        method: 'POST',
        body: { token, password, ...(invited && name.trim() ? { name } : {}), ...(code ? { code } : {}) },
      }),
    onSuccess: async () => {
      client.clear()
      await navigate({ to: '/', hash: '' })
      enterAsUser()
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'second_factor_needed') setCode('')
    },
  })
  const asksCode = take.error instanceof ApiError && take.error.code === 'second_factor_needed'
  return (
    <>
      <h1>{words.title}</h1>
      <p>
        {invited
          ? words.invited(link.account, link.role ? t.access.roles[link.role] : '')
          : words.reset(link.account)}{' '}
        {invited && words.choose}
      </p>
      <dl className={css.facts}>
        <dt>{words.email}</dt>
        <dd>{link.email}</dd>
      </dl>
      <form
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (password && code !== '' && !take.isPending) take.mutate()
        }}
      >
        {/* For password managers, which keep the two together. */}
        <input type="email" autoComplete="username" value={link.email} readOnly hidden />
        {invited && (
          <TextInput
            size="md"
            label={words.name}
            autoComplete="name"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          size="md"
          label={words.password}
          description={words.passwordHint}
          autoComplete={invited ? 'current-password' : 'new-password'}
          maxLength={200}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {code !== undefined && (
          <TextInput
            size="md"
            label={t.access.door.code}
            description={t.access.door.codeHint}
            autoComplete="one-time-code"
            autoCapitalize="none"
            maxLength={20}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {take.error && !asksCode && <DoorProblem error={take.error} t={t} />}
        <Button type="submit" size="md" style={{ justifySelf: 'start' }} loading={take.isPending}>
          {invited ? words.enter : words.set}
        </Button>
      </form>
    </>
  )
}
