import { Button, Checkbox, SegmentedControl } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import type { Carrier } from '../api/operate-types.ts'
import { Curl } from '../show/Curl.tsx'
import { Back, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import { exampleCarriers } from './example.ts'
import css from './Fields.module.css'
import { fields, kinds } from './fields.ts'
import { NameAndProfile, useProfiles } from './NameAndProfile.tsx'
import { fieldErrors } from './problems.ts'
import { noSecrets, Secrets, secretsOf, typedSecrets } from './Secrets.tsx'
import { SettingsFields } from './SettingsFields.tsx'
import { settingsOf, UnreadableError, type Values, valuesOf } from './values.ts'

const route = getRouteApi('/carriers/new')

/** A new carrier. The address holds its kind; what is typed stays when the server finds fault with it. */
export default function NewPage() {
  const { t } = useSpeech()
  const { kind = 'smpp' } = route.useSearch()
  const navigate = useNavigate()
  return (
    <Page
      narrow
      back={<Back to="/carriers">{t.carriers.title}</Back>}
      title={t.carriers.addTitle}
      lead={t.carriers.addLead}
    >
      <SegmentedControl
        style={{ justifySelf: 'start' }}
        aria-label={t.carrierFields.kind}
        data={kinds.map((each) => ({ value: each, label: t.carrierFields.kinds[each] ?? each }))}
        value={kind}
        onChange={(each) => void navigate({ to: '/carriers/new', search: { kind: each }, replace: true })}
      />
      <NewForm key={kind} kind={kind} />
    </Page>
  )
}

function NewForm({ kind }: { kind: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const navigate = useNavigate()
  const own = fields[kind] ?? []
  const profiles = useProfiles(kind)
  const [name, setName] = useState('')
  const [profile, setProfile] = useState('')
  const [values, setValues] = useState<Values>({})
  const [rest, setRest] = useState('')
  const [secrets, setSecrets] = useState(() => noSecrets(kind))
  const [catchAll, setCatchAll] = useState(true)

  const body = () => ({
    name: name.trim(),
    kind,
    settings: settingsOf(values, rest, own),
    secrets: typedSecrets(secrets),
    ...(profile ? { profile } : {}),
    ...(catchAll ? {} : { routes: [] }),
  })
  const add = useMutation({
    mutationFn: async () => call<Carrier>('/v1/carriers', { method: 'POST', body: body() }),
    onSuccess: async ({ id }) => {
      void client.invalidateQueries({ queryKey: ['carriers'] })
      void client.invalidateQueries({ queryKey: ['routes'] })
      await navigate({ to: '/carriers/$id', params: { id } })
    },
  })
  const errors = fieldErrors(add.error, t, own)
  const form = useFaulty(add.error)
  const chosen = profiles.find((each) => each.name === profile)
  const touched = () => {
    if (add.isError) add.reset()
  }
  return (
    <>
      <form
        ref={form}
        className={`sheet ${css.form}`}
        style={{ padding: 24 }}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!add.isPending) add.mutate()
        }}
      >
        <NameAndProfile
          profiles={profiles}
          name={name}
          profile={profile}
          errors={errors}
          naming
          onName={(typed) => {
            setName(typed)
            touched()
          }}
          onProfile={(picked) => {
            setProfile(picked)
            if (secrets.every(({ value }) => !value))
              setSecrets(secretsOf(kind, profiles.find((each) => each.name === picked)?.settings))
            touched()
          }}
        />
        <SettingsFields
          kind={kind}
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
        <Secrets kind={kind} secrets={secrets} kept={false} errors={errors} onChange={setSecrets} />
        <fieldset className={css.group}>
          <legend>{t.carriers.routes}</legend>
          <Checkbox
            label={t.carriers.catchAll}
            description={t.carriers.catchAllHint}
            checked={catchAll}
            onChange={(event) => setCatchAll(event.currentTarget.checked)}
          />
        </fieldset>
        {add.isError && !(add.error instanceof UnreadableError) && (
          <Problem
            error={add.error}
            marked={Object.keys(errors).length > 0}
            note={t.carrierFields.safe}
            onRetry={() => add.mutate()}
          />
        )}
        <div className={css.act}>
          <Button type="submit" loading={add.isPending}>
            {t.carriers.add}
          </Button>
        </div>
      </form>
      <Curl method="POST" path="/v1/carriers" body={exampleCarriers[kind]} />
    </>
  )
}
