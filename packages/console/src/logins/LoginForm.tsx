import { Checkbox, NativeSelect, PasswordInput, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { loginPath, loginsQuery } from '../api/operate.ts'
import type { Login } from '../api/operate-types.ts'
import { type Lane, lanes } from '../api/types.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { lines } from '../carriers/values.ts'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Logins.module.css'
import type { Shown } from './OncePassword.tsx'

interface LoginFormProps {
  /** The one to change; without it a new one is made. */
  login?: Login | undefined
  onDone: () => void
  onPassword: (shown: Shown) => void
}

const bindTypes = ['transceiver', 'transmitter', 'receiver'] as const
const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const numberOrNull = (typed: string) => (typed.trim() === '' ? null : Number(typed.trim().replace(',', '.')))

/** A login to make or to change. */
export function LoginForm({ login, onDone, onPassword }: LoginFormProps) {
  const { t } = useSpeech()
  const words = t.logins.form
  const client = useQueryClient()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [missing, setMissing] = useState(false)
  const [typed, setTyped] = useState({
    system_id: login?.system_id ?? '',
    name: login?.name ?? '',
    password: '',
    allowed_ips: login?.allowed_ips.join('\n') ?? '',
    max_binds: String(login?.max_binds ?? ''),
    window: String(login?.window ?? ''),
    segments_per_second: String(login?.segments_per_second ?? ''),
    lane: login?.lane ?? ('transactional' as Lane),
    receives: login?.receives.join('\n') ?? '',
    alphabet: login?.alphabet ?? 'gsm7',
    long_inbound: login?.long_inbound ?? 'udh',
  })
  const [types, setTypes] = useState<readonly string[]>(login?.bind_types ?? bindTypes)
  const [tlsOnly, setTlsOnly] = useState(login?.tls_only ?? false)
  const save = useMutation({
    mutationFn: () => {
      const [binds, window] = [numberOrNull(typed.max_binds), numberOrNull(typed.window)]
      const limits = {
        name: typed.name.trim() || typed.system_id.trim(),
        allowed_ips: lines(typed.allowed_ips),
        ...(binds === null ? {} : { max_binds: binds }),
        ...(window === null ? {} : { window }),
        segments_per_second: numberOrNull(typed.segments_per_second),
        bind_types: types,
        lane: typed.lane,
        receives: lines(typed.receives),
        tls_only: tlsOnly,
        alphabet: typed.alphabet,
        long_inbound: typed.long_inbound,
      }
      return login
        ? call<Login>(loginPath(login.id), { method: 'PATCH', body: limits })
        : call<Login & { password: string }>('/v1/smpp-logins', {
            method: 'POST',
            body: {
              ...limits,
              system_id: typed.system_id.trim(),
              ...(typed.password ? { password: typed.password } : {}),
            },
          })
    },
    onSuccess: (saved) => {
      if ('password' in saved) onPassword({ systemId: saved.system_id, password: String(saved.password) })
      onDone()
      return client.invalidateQueries({ queryKey: loginsQuery.queryKey })
    },
  })
  const errors = fieldErrors(save.error, t)
  const form = useFaulty(save.error)
  const field = (name: keyof typeof typed, description?: string) => ({
    label: words[fieldWords[name]],
    description,
    inputWrapperOrder: order,
    autoComplete: 'off',
    spellCheck: false,
    value: typed[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      setTyped({ ...typed, [name]: event.currentTarget.value })
      setMissing(false)
      if (save.isError) save.reset()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = !typed.system_id.trim()
    setMissing(lacks)
    if (!lacks && !save.isPending) save.mutate()
  }
  return (
    <Card title={login ? words.editTitle(login.system_id) : words.addTitle}>
      <form ref={form} className={css.form} onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
          {!login && (
            <TextInput
              {...field('system_id', words.systemIdHint)}
              ref={first}
              maxLength={15}
              {...(missing ? { error: words.noSystemId } : {})}
            />
          )}
          <TextInput {...field('name', words.nameHint)} {...(login ? { ref: first } : {})} />
          {!login && (
            <PasswordInput
              {...field('password', words.passwordHint)}
              maxLength={8}
              autoComplete="new-password"
            />
          )}
          <TextInput {...field('segments_per_second', words.rateHint)} inputMode="decimal" />
          <Textarea {...field('allowed_ips', words.ipsHint)} autosize minRows={2} maxRows={8} />
          <Textarea {...field('receives', words.receivesHint)} autosize minRows={2} maxRows={8} />
        </SimpleGrid>
        <details className={css.more} open={Boolean(errors.max_binds || errors.window) || undefined}>
          <summary>{words.more}</summary>
          <div className={css.form}>
            <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md" verticalSpacing="md">
              <TextInput {...field('max_binds')} inputMode="numeric" placeholder="10" />
              <TextInput {...field('window', words.windowHint)} inputMode="numeric" placeholder="100" />
              <NativeSelect
                {...field('lane', words.laneHint)}
                data={lanes.map((lane) => ({ value: lane, label: t.lanes[lane] }))}
              />
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md" verticalSpacing="md">
              <NativeSelect
                {...field('alphabet', words.alphabetHint)}
                data={['gsm7', 'latin1'].map((each) => ({
                  value: each,
                  label: t.carrierFields.choices[each]!,
                }))}
              />
              <NativeSelect
                {...field('long_inbound', words.longHint)}
                data={['udh', 'sar', 'payload'].map((each) => ({
                  value: each,
                  label: t.carrierFields.choices[each]!,
                }))}
              />
            </SimpleGrid>
            <Checkbox.Group label={words.bindTypes} value={[...types]} onChange={setTypes}>
              <div className={css.types}>
                {bindTypes.map((type) => (
                  <Checkbox key={type} value={type} label={t.logins.bindTypes[type]} />
                ))}
              </div>
            </Checkbox.Group>
            <Checkbox
              label={words.tlsOnly}
              checked={tlsOnly}
              onChange={(event) => setTlsOnly(event.currentTarget.checked)}
            />
          </div>
        </details>
        {save.isError && (
          <Problem
            error={save.error}
            marked={Object.keys(errors).length > 0}
            note={t.carrierFields.safe}
            onRetry={() => save.mutate()}
          />
        )}
        <FormActs
          save={login ? words.save : words.create}
          cancel={words.cancel}
          busy={save.isPending}
          onCancel={onDone}
        />
      </form>
    </Card>
  )
}

const fieldWords = {
  system_id: 'systemId',
  name: 'name',
  password: 'password',
  allowed_ips: 'ips',
  max_binds: 'maxBinds',
  window: 'window',
  segments_per_second: 'rate',
  lane: 'lane',
  receives: 'receives',
  alphabet: 'alphabet',
  long_inbound: 'long',
} as const
