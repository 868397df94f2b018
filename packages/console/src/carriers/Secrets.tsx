import { ActionIcon, Button, PasswordInput, TextInput } from '@mantine/core'
import type { Settings } from '../api/operate-types.ts'
import { IconAdd, IconClear } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Fields.module.css'
import { secretNames } from './fields.ts'

export interface Secret {
  name: string
  value: string
}

export const noSecrets = (kind: string): Secret[] =>
  (secretNames[kind] ?? []).map((name) => ({ name, value: '' }))

/** The secrets that settings speak of, to be filled in: `{{secret.token}}`, and names of signing keys. */
export function secretsOf(kind: string, settings: Settings = {}): Secret[] {
  if (secretNames[kind]) return noSecrets(kind)
  const text = JSON.stringify(settings)
  const named = [...text.matchAll(/\{\{secret\.(\w+)|"secret":"(\w+)"/g)].flatMap(
    ([, used, key]) => used ?? key ?? [],
  )
  // A provider that calls back proves itself by a token in the address.
  const names = new Set([...named, ...(settings.callbacks ? ['callback_token'] : [])])
  return [...names].map((name) => ({ name, value: '' }))
}

/** The body's `secrets`: what was typed. What stays empty stays as it is. */
export const typedSecrets = (secrets: readonly Secret[]): Record<string, string> =>
  Object.fromEntries(
    secrets.filter(({ name, value }) => name.trim() && value).map(({ name, value }) => [name.trim(), value]),
  )

interface SecretsProps {
  kind: string
  secrets: readonly Secret[]
  /** There may be some already, which nobody is shown. */
  kept: boolean
  errors: Record<string, string>
  onChange: (secrets: Secret[]) => void
}

/** Passwords and keys are written and never read back. */
export function Secrets({ kind, secrets, kept, errors, onChange }: SecretsProps) {
  const { t } = useSpeech()
  const fixed = secretNames[kind]
  const change = (index: number, next: Partial<Secret>) =>
    onChange(secrets.map((secret, at) => (at === index ? { ...secret, ...next } : secret)))
  return (
    <fieldset className={css.group}>
      <legend>{t.carrierFields.secrets}</legend>
      <div style={{ display: 'grid', gap: 12 }}>
        {secrets.map((secret, index) => {
          const value = (
            <PasswordInput
              label={
                fixed ? (t.carrierFields.labels[secret.name] ?? secret.name) : t.carrierFields.secretValue
              }
              placeholder={kept ? t.carrierFields.unchanged : ''}
              autoComplete="new-password"
              value={secret.value}
              error={errors[secret.name]}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
          )
          if (fixed)
            return (
              <div key={secret.name} style={{ maxWidth: '24em' }}>
                {value}
              </div>
            )
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are added at the end, and their names change while typing
            <div key={index} className={css.secret}>
              <TextInput
                label={t.carrierFields.secretName}
                autoComplete="off"
                spellCheck={false}
                value={secret.name}
                onChange={(event) => change(index, { name: event.currentTarget.value })}
              />
              {value}
              <ActionIcon
                variant="default"
                size={36}
                aria-label={t.carrierFields.secretDrop}
                onClick={() => onChange(secrets.filter((_, at) => at !== index))}
              >
                <IconClear size={16} />
              </ActionIcon>
            </div>
          )
        })}
        <p className={css.quiet}>{t.carrierFields.secretsHint}</p>
        {!fixed && (
          <Button
            variant="default"
            size="compact-sm"
            style={{ justifySelf: 'start' }}
            leftSection={<IconAdd size={15} />}
            onClick={() => onChange([...secrets, { name: '', value: '' }])}
          >
            {t.carrierFields.secretAdd}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
