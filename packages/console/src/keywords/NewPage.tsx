import { Button, SegmentedControl } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import { type Service, type ServiceKind, serviceKinds, servicesPath } from '../api/keywords.ts'
import { Back, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import { bodyOf, type Draft, emptyDraft } from './draft.ts'
import { errorsOf } from './errors.ts'
import { Fields } from './Fields.tsx'
import css from './Keywords.module.css'
import { useTrying } from './useTrying.tsx'

const route = getRouteApi('/keywords/new')

/** A new service. The address holds its kind; what is typed stays when the server finds fault with it. */
export default function NewPage() {
  const { t } = useSpeech()
  const { kind = 'template', word } = route.useSearch()
  const navigate = route.useNavigate()
  const words = t.keywords
  return (
    <Page
      back={<Back to="/keywords">{words.back}</Back>}
      title={words.form.newTitle}
      lead={words.form.newLead}
    >
      <div className={css.group}>
        <SegmentedControl
          style={{ justifySelf: 'start' }}
          aria-label={words.form.kind}
          data={serviceKinds.map((each) => ({ value: each, label: words.kinds[each] }))}
          value={kind}
          onChange={(each) =>
            void navigate({ search: { kind: each as ServiceKind, ...(word && { word }) }, replace: true })
          }
        />
        <span className={css.hint}>{words.kindHints[kind]}</span>
      </div>
      <NewForm key={kind} kind={kind} word={word} />
    </Page>
  )
}

function NewForm({ kind, word }: { kind: ServiceKind; word: string | undefined }) {
  const { t, language } = useSpeech()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const [draft, setDraft] = useState<Draft>(() => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    return emptyDraft(kind, language, zone, word?.toUpperCase())
  })
  const add = useMutation({
    mutationFn: async () => call<Service>(servicesPath, { method: 'POST', body: { kind, ...bodyOf(draft) } }),
    onSuccess: async ({ id }) => {
      void client.invalidateQueries({ queryKey: ['keyword-services'] })
      await navigate({ to: '/keywords/$id', params: { id } })
    },
  })
  const errors = errorsOf(add.error, t)
  const form = useFaulty(add.error)
  const change = (next: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...next }))
    if (add.isError) add.reset()
  }
  const { phone, answered } = useTrying({
    draft,
    trying: () => ({ service: { kind, ...bodyOf(draft), name: draft.name || '–' } }),
    onChange: change,
  })
  return (
    <div className={css.room}>
      <form
        ref={form}
        className={css.main}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!add.isPending) add.mutate()
        }}
      >
        <Fields draft={draft} columns={[]} errors={errors} onChange={change} />
        {answered}
        {kind === 'table' && <p className={css.quiet}>{t.keywords.warning.no_table!('')}</p>}
        {add.isError && (
          <Problem error={add.error} marked={Object.keys(errors).length > 0} onRetry={() => add.mutate()} />
        )}
        <div className={css.act}>
          <Button type="submit" loading={add.isPending}>
            {t.keywords.form.create}
          </Button>
        </div>
      </form>
      <div className={css.side}>{phone}</div>
    </div>
  )
}
