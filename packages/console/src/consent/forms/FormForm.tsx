import { Checkbox, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { call } from '../../api/client.ts'
import type { Topic } from '../../api/consent.ts'
import { type ConsentForm, formPath, formsPath, formsQuery } from '../../api/consent-forms.ts'
import { fieldErrors } from '../../carriers/problems.ts'
import { FormActs } from '../../show/FormActs.tsx'
import { Card } from '../../show/Page.tsx'
import { Problem } from '../../show/Problem.tsx'
import { useFaulty } from '../../show/useFaulty.ts'
import { useSpeech } from '../../strings/language.tsx'
import css from '../Consent.module.css'

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]

interface FormFormProps {
  form?: ConsentForm | undefined
  topics: readonly Topic[]
  onDone: () => void
}

/** A sign-up form to make or to change. */
export function FormForm({ form, topics, onDone }: FormFormProps) {
  const { t, language } = useSpeech()
  const words = t.forms.form
  const client = useQueryClient()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [typed, setTyped] = useState({
    slug: form?.slug ?? '',
    sender: form?.sender ?? '',
    countries: form?.countries.join(' ') ?? '',
    privacy_url: form?.privacy_url ?? '',
    titleDe: form?.title.de ?? '',
    titleEn: form?.title.en ?? '',
    introDe: form?.intro.de ?? '',
    introEn: form?.intro.en ?? '',
  })
  const [chosen, setChosen] = useState<readonly string[]>(
    form?.topics ?? topics.slice(0, 1).map(({ id }) => id),
  )
  const [enabled, setEnabled] = useState(form?.enabled ?? true)
  const [missing, setMissing] = useState(false)
  const save = useMutation({
    mutationFn: () => {
      const countries = typed.countries.toUpperCase().match(/[A-Z]{2}/g) ?? []
      const body = {
        slug: typed.slug.trim(),
        topics: chosen,
        title: said(typed.titleDe, typed.titleEn),
        intro: said(typed.introDe, typed.introEn),
        sender: typed.sender.trim() || null,
        privacy_url: typed.privacy_url.trim() || null,
        enabled,
        // A new form takes the numbers of this country, unless something else is said.
        ...((form || countries.length > 0) && { countries }),
        ...(!form && { language }),
      }
      return form
        ? call<ConsentForm>(formPath(form.id), { method: 'PATCH', body })
        : call<ConsentForm>(formsPath, { method: 'POST', body })
    },
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: formsQuery.queryKey })
    },
  })
  const errors = fieldErrors(save.error, t)
  const ref = useFaulty(save.error)
  const field = (name: keyof typeof typed) => ({
    inputWrapperOrder: order,
    value: typed[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      setTyped({ ...typed, [name]: event.currentTarget.value })
      if (save.isError) save.reset()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(chosen.length === 0)
    if (chosen.length > 0 && !save.isPending) save.mutate()
  }
  const choose = (id: string, on: boolean) => {
    setChosen(on ? [...chosen, id] : chosen.filter((each) => each !== id))
    setMissing(false)
  }
  return (
    <Card title={form ? words.editTitle(form.slug) : words.addTitle}>
      <form ref={ref} className={css.form} onSubmit={submit}>
        <TextInput
          {...field('slug')}
          ref={first}
          label={words.slug}
          description={words.slugHint(`${location.origin}/f/${typed.slug || '…'}`)}
          autoComplete="off"
          spellCheck={false}
          maxLength={50}
        />
        <fieldset className={css.texts}>
          <legend>{words.topics}</legend>
          {topics.length === 0 && <p className={css.faint}>{words.noTopics}</p>}
          {topics.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onChange={(event) => choose(id, event.currentTarget.checked)}
            />
          ))}
          {missing && <p role="alert">{words.choose}</p>}
        </fieldset>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
          <TextInput {...field('titleDe')} label={words.titleDe} lang="de" maxLength={1_000} />
          <TextInput {...field('titleEn')} label={words.titleEn} lang="en" maxLength={1_000} />
          <Textarea
            {...field('introDe')}
            label={words.introDe}
            lang="de"
            autosize
            minRows={2}
            maxLength={1_000}
          />
          <Textarea
            {...field('introEn')}
            label={words.introEn}
            lang="en"
            autosize
            minRows={2}
            maxLength={1_000}
          />
          <TextInput
            {...field('sender')}
            label={words.sender}
            description={words.senderHint}
            maxLength={32}
          />
          <TextInput
            {...field('countries')}
            label={words.countries}
            description={form ? words.countriesHint : words.countriesNew}
          />
          <TextInput {...field('privacy_url')} label={words.privacy} type="url" maxLength={500} />
        </SimpleGrid>
        <Checkbox
          label={words.enabled}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        {save.isError && (
          <Problem error={save.error} marked={Object.keys(errors).length > 0} onRetry={() => save.mutate()} />
        )}
        <FormActs
          save={form ? words.save : words.create}
          cancel={words.cancel}
          busy={save.isPending}
          onCancel={onDone}
        />
      </form>
    </Card>
  )
}

const said = (de: string, en: string) => ({
  ...(de.trim() && { de: de.trim() }),
  ...(en.trim() && { en: en.trim() }),
})
