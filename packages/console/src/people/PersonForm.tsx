import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { type Attribute, attributesQuery, type Contact, contactPath } from '../api/contacts.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const parts = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** What somebody typed for an attribute as its value; null for nothing. */
function typedValue({ type }: Attribute, typed: string): string | number | boolean | null {
  const text = typed.trim()
  if (text === '') return null
  if (type === 'number') {
    const number = Number(text.replace(',', '.'))
    // What is no number goes as it is: the server says what is wrong with it.
    return Number.isNaN(number) ? text : number
  }
  return type === 'boolean' ? text === 'true' : text
}

/** A person to add or to change. */
export function PersonForm({ person, onDone }: { person?: Contact; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.people.form
  const client = useQueryClient()
  const navigate = useNavigate()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const { data: attributes = [] } = useQuery(attributesQuery)
  const of = (channel: string) =>
    person?.addresses
      .filter((each) => each.channel === channel)
      .map(({ address }) => address)
      .join(', ') ?? ''
  const [typed, setTyped] = useState({
    name: person?.name ?? '',
    phone: of('sms'),
    email: of('email'),
    external_id: person?.external_id ?? '',
    language: person?.language ?? '',
    time_zone: person?.time_zone ?? '',
    postcode: person?.postcode ?? '',
    tags: person?.tags.join(', ') ?? '',
  })
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(Object.entries(person?.attributes ?? {}).map(([key, value]) => [key, String(value)])),
  )
  const [missing, setMissing] = useState(false)
  const save = useMutation({
    mutationFn: async () => {
      const { phone, email, tags, ...fields } = typed
      const labels = new Map(person?.addresses.map(({ address, label }) => [address, label]))
      const addresses = [
        ...parts(phone).map((address) => ({ channel: 'sms', address })),
        ...parts(email).map((address) => ({ channel: 'email', address })),
      ].map((wish) => ({ ...wish, ...(labels.get(wish.address) && { label: labels.get(wish.address) }) }))
      const known = attributes.map((each) => [each.key, typedValue(each, values[each.key] ?? '')] as const)
      const changed = known.filter(([key, value]) => value !== (person?.attributes[key] ?? null))
      const body = {
        ...Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, text.trim() || null])),
        addresses,
        tags: parts(tags),
        ...(changed.length > 0 && { attributes: Object.fromEntries(changed) }),
      }
      if (person) return call<Contact>(contactPath(person.id), { method: 'PATCH', body })
      const made = await call<{ contact: Contact }>('/v1/contacts', { method: 'POST', body })
      return made.contact
    },
    async onSuccess(saved) {
      await client.invalidateQueries({ queryKey: ['contacts'] })
      await client.invalidateQueries({ queryKey: ['contact', saved.id] })
      onDone()
      if (!person) void navigate({ to: `/people/${saved.id}` })
    },
  })
  const errors = fieldErrors(save.error, t)
  const addressError = Object.entries(errors).find(([name]) => name.startsWith('addresses'))?.[1]
  const form = useFaulty(save.error)
  const field = (name: keyof typeof typed, error = errors[name]) => ({
    inputWrapperOrder: order,
    autoComplete: 'off',
    spellCheck: false,
    value: typed[name],
    error,
    onChange: (event: { currentTarget: { value: string } }) => {
      setTyped({ ...typed, [name]: event.currentTarget.value })
      setMissing(false)
      if (save.isError) save.reset()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = !typed.phone.trim() && !typed.email.trim() && !typed.external_id.trim()
    setMissing(lacks)
    if (!lacks) save.mutate()
  }
  return (
    <Card title={person ? words.editTitle : words.addTitle}>
      <form ref={form} className={css.form} onSubmit={submit} noValidate>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <TextInput ref={first} label={words.name} {...field('name')} />
          <TextInput
            label={words.phone}
            description={words.phoneHint}
            inputMode="tel"
            {...field('phone', missing ? words.noAddress : addressError)}
          />
          <TextInput label={words.email} inputMode="email" {...field('email')} />
          <TextInput label={words.externalId} description={words.externalHint} {...field('external_id')} />
          <TextInput label={words.language} description={words.languageHint} {...field('language')} />
          <TextInput label={words.timeZone} placeholder="Europe/Berlin" {...field('time_zone')} />
          <TextInput label={words.postcode} {...field('postcode')} />
          <TextInput label={words.tags} description={words.tagsHint} {...field('tags')} />
          {attributes.map((attribute) => (
            <AttributeInput
              key={attribute.key}
              attribute={attribute}
              value={values[attribute.key] ?? ''}
              error={errors[`attributes.${attribute.key}`]}
              onChange={(value) => {
                setValues({ ...values, [attribute.key]: value })
                if (save.isError) save.reset()
              }}
            />
          ))}
        </SimpleGrid>
        {save.error && <Problem error={save.error} marked={Object.keys(errors).length > 0} />}
        <FormActs
          save={person ? words.save : words.add}
          cancel={words.cancel}
          busy={save.isPending}
          onCancel={onDone}
        />
      </form>
    </Card>
  )
}

interface AttributeInputProps {
  attribute: Attribute
  value: string
  error?: string | undefined
  onChange: (value: string) => void
}

function AttributeInput({ attribute, value, error, onChange }: AttributeInputProps) {
  const { t } = useSpeech()
  const words = t.people.form
  const { label, type, choices } = attribute
  const change = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value)
  if (type === 'boolean' || type === 'choice') {
    const options =
      type === 'choice'
        ? choices.map((choice) => ({ value: choice, label: choice }))
        : [
            { value: 'true', label: words.yes },
            { value: 'false', label: words.no },
          ]
    return (
      <NativeSelect
        label={label}
        value={value}
        error={error}
        onChange={change}
        data={[{ value: '', label: words.unknown }, ...options]}
      />
    )
  }
  return (
    <TextInput
      label={label}
      type={type === 'date' ? 'date' : 'text'}
      inputMode={type === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      value={value}
      error={error}
      onChange={change}
    />
  )
}
