import { Alert, Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, call } from '../api/client.ts'
import { carrierPath, carrierQuery } from '../api/operate.ts'
import type { Carrier } from '../api/operate-types.ts'
import { IconWarning } from '../icons.ts'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Fields.module.css'
import { fields } from './fields.ts'
import { NameAndProfile, useProfiles } from './NameAndProfile.tsx'
import { fieldErrors } from './problems.ts'
import { noSecrets, Secrets, typedSecrets } from './Secrets.tsx'
import { SettingsFields } from './SettingsFields.tsx'
import { patchOf, restOf, settingsOf, UnreadableError, valuesOf } from './values.ts'

/** What of the form somebody else has changed in the meantime: names of settings, and of what else is in it. */
const changedSince = (base: Carrier, now: Carrier): string[] => [
  ...(now.name === base.name ? [] : ['name']),
  ...(now.profile === base.profile ? [] : ['profile']),
  ...Object.keys(patchOf(base.settings, now.settings)),
]

/**
 * How a carrier is set up. The form begins with what the server had when the page was opened. When somebody else
 * has changed it since, it says what, and takes a second decision: only what was changed here is sent.
 */
export function SettingsForm({ carrier }: { carrier: Carrier }) {
  const { t, format } = useSpeech()
  const client = useQueryClient()
  const own = fields[carrier.kind] ?? []
  const profiles = useProfiles(carrier.kind)
  const [base, setBase] = useState(carrier)
  const [name, setName] = useState(carrier.name)
  const [profile, setProfile] = useState(carrier.profile ?? '')
  const [values, setValues] = useState(() => valuesOf(carrier.settings, own))
  const [rest, setRest] = useState(() => restOf(carrier.settings, own))
  const [secrets, setSecrets] = useState(() => noSecrets(carrier.kind))

  const save = useMutation({
    mutationFn: async (revision: number) => {
      const settings = patchOf(base.settings, settingsOf(values, rest, own))
      const typed = typedSecrets(secrets)
      return call<Carrier>(carrierPath(carrier.id), {
        method: 'PATCH',
        body: {
          revision,
          ...(name.trim() === base.name ? {} : { name: name.trim() }),
          ...(profile === (base.profile ?? '') ? {} : { profile: profile || null }),
          ...(Object.keys(settings).length > 0 ? { settings } : {}),
          ...(Object.keys(typed).length > 0 ? { secrets: typed } : {}),
        },
      })
    },
    onSuccess: (changed) => {
      client.setQueryData(carrierQuery(carrier.id).queryKey, changed)
      begin(changed)
      return client.invalidateQueries({ queryKey: ['carriers'] })
    },
    // It has changed since: the page finds out what.
    onError: (error) =>
      error instanceof ApiError && error.status === 409
        ? client.invalidateQueries({ queryKey: ['carriers'] })
        : undefined,
  })
  const begin = (from: Carrier) => {
    setBase(from)
    setName(from.name)
    setProfile(from.profile ?? '')
    setValues(valuesOf(from.settings, own))
    setRest(restOf(from.settings, own))
    setSecrets(noSecrets(from.kind))
  }
  const errors = fieldErrors(save.error, t, own)
  const form = useFaulty(save.error)
  const changed = changedSince(base, carrier)
  const stale = changed.length > 0
  const words: Record<string, string> = {
    ...t.carrierFields.labels,
    name: t.carrierFields.name,
    profile: t.carrierFields.profile,
  }
  // A pause raises the revision too, and is in nobody's way.
  const submit = () => save.mutate(stale ? base.revision : carrier.revision)
  const chosen = profiles.find((each) => each.name === profile)
  const touched = () => save.reset()
  return (
    <Card title={t.carrierFields.title}>
      <form
        ref={form}
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!save.isPending) submit()
        }}
      >
        <fieldset className={css.group}>
          <NameAndProfile
            profiles={profiles}
            name={name}
            profile={profile}
            errors={errors}
            onName={(typed) => {
              setName(typed)
              touched()
            }}
            onProfile={(picked) => {
              setProfile(picked)
              touched()
            }}
          />
        </fieldset>
        <SettingsFields
          kind={carrier.kind}
          values={values}
          rest={rest}
          errors={errors}
          defaults={valuesOf(chosen?.settings ?? {}, own)}
          onChange={(path, value) => {
            setValues((before) => ({ ...before, [path]: value }))
            touched()
          }}
          onRest={(text) => {
            setRest(text)
            touched()
          }}
        />
        <Secrets
          kind={carrier.kind}
          secrets={secrets}
          kept
          errors={errors}
          onChange={(next) => {
            setSecrets(next)
            touched()
          }}
        />
        {stale && (
          <Alert
            color="yellow"
            variant="light"
            role="alert"
            icon={<IconWarning />}
            title={t.carrierFields.staleTitle}
          >
            {t.carrierFields.stale(format.list(changed.map((name) => words[name] ?? name)))}
            <Button
              mt="xs"
              size="compact-sm"
              variant="default"
              display="flex"
              loading={save.isPending}
              onClick={() => save.mutate(carrier.revision)}
            >
              {t.carrierFields.saveMine}
            </Button>
          </Alert>
        )}
        {save.isError && !(save.error instanceof UnreadableError) && !stale && (
          <Problem
            error={save.error}
            marked={Object.keys(errors).length > 0}
            note={t.carrierFields.safe}
            onRetry={submit}
          />
        )}
        <div className={css.act}>
          <Button type="submit" loading={save.isPending} disabled={stale}>
            {t.carrierFields.save}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              begin(carrier)
              touched()
            }}
          >
            {t.carrierFields.reset}
          </Button>
          <span role="status" className={css.quiet}>
            {save.isSuccess && t.carrierFields.saved}
          </span>
        </div>
        <p className={css.quiet}>{t.carrierFields.saveHint}</p>
      </form>
    </Card>
  )
}
