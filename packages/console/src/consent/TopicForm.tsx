import { Checkbox, NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import {
  type TextName,
  type Texts,
  type Topic,
  type TopicKind,
  topicPath,
  topicsQuery,
} from '../api/consent.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { Meter } from '../send/Meter.tsx'
import { measure } from '../send/measure.ts'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { languageName, languageTags } from './language.ts'

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const kinds = ['marketing', 'service', 'alert'] as const
const texts = ['opt_in', 'confirm', 'opt_out', 'help'] as const

/** Of a name as people write it after STOP; the server folds it the same way. */
const keyOf = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().slice(0, 30)

/** A topic to make or to change, with its texts in each language. */
export function TopicForm({ topic, onDone }: { topic?: Topic | undefined; onDone: () => void }) {
  const { t, language: reader } = useSpeech()
  const words = t.consent.form
  const client = useQueryClient()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [typed, setTyped] = useState({
    name: topic?.name ?? '',
    kind: topic?.kind ?? ('marketing' as TopicKind),
    key: topic?.key ?? '',
    sender: topic?.sender ?? '',
    language: topic?.language ?? reader,
  })
  const [mandatory, setMandatory] = useState(topic?.mandatory ?? false)
  const [written, setWritten] = useState<Texts>(topic?.texts ?? {})
  const [textLanguage, setTextLanguage] = useState(topic?.language ?? reader)
  const [missing, setMissing] = useState(false)
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: typed.name.trim(),
        kind: typed.kind,
        ...(typed.key.trim() && { key: typed.key.trim() }),
        sender: typed.sender.trim() || null,
        language: typed.language,
        mandatory: mandatory && typed.kind !== 'marketing',
        texts: filled(written),
      }
      return topic
        ? call<Topic>(topicPath(topic.id), { method: 'PATCH', body })
        : call<Topic>('/v1/topics', { method: 'POST', body })
    },
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: topicsQuery.queryKey })
    },
  })
  const errors = fieldErrors(save.error, t)
  const form = useFaulty(save.error)
  const change = (more: Partial<typeof typed>) => {
    setTyped({ ...typed, ...more })
    setMissing(false)
    if (save.isError) save.reset()
  }
  const field = (name: keyof typeof typed) => ({
    inputWrapperOrder: order,
    autoComplete: 'off',
    spellCheck: false,
    value: typed[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  })
  const languages = [...new Set([...languageTags, typed.language, textLanguage])].map((value) => ({
    value,
    label: languageName(value, reader),
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = !typed.name.trim()
    setMissing(lacks)
    if (lacks) first.current?.focus()
    else if (!save.isPending) save.mutate()
  }
  return (
    <Card title={topic ? words.editTitle(topic.name) : words.addTitle}>
      <form ref={form} className={css.form} onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
          <TextInput
            {...field('name')}
            ref={first}
            label={words.name}
            description={words.nameHint}
            maxLength={60}
            error={missing ? words.noName : errors.name}
          />
          <NativeSelect
            {...field('kind')}
            label={words.kind}
            data={kinds.map((value) => ({ value, label: words.kinds[value] }))}
          />
          <TextInput
            {...field('key')}
            label={words.key}
            description={words.keyHint(keyOf(typed.key || typed.name) || '…')}
            placeholder={typed.name}
            maxLength={30}
          />
          <TextInput
            {...field('sender')}
            label={words.sender}
            description={words.senderHint}
            maxLength={40}
          />
          <NativeSelect
            {...field('language')}
            label={words.language}
            description={words.languageHint}
            data={languages}
          />
        </SimpleGrid>
        {typed.kind !== 'marketing' && (
          <Checkbox
            label={words.mandatory}
            description={words.mandatoryHint}
            checked={mandatory}
            onChange={(event) => setMandatory(event.currentTarget.checked)}
          />
        )}
        <fieldset className={css.texts}>
          <legend>{words.texts}</legend>
          <p className={css.faint} style={{ margin: 0 }}>
            {words.textsNote}
          </p>
          <NativeSelect
            style={{ maxWidth: '22em' }}
            label={words.textLanguage}
            value={textLanguage}
            onChange={(event) => setTextLanguage(event.currentTarget.value)}
            data={languages}
          />
          {texts.map((name) => (
            <Text
              key={`${name} ${textLanguage}`}
              name={name}
              language={textLanguage}
              value={written[name]?.[textLanguage] ?? ''}
              onChange={(text) =>
                setWritten({ ...written, [name]: { ...written[name], [textLanguage]: text } })
              }
            />
          ))}
        </fieldset>
        {save.isError && (
          <Problem error={save.error} marked={Object.keys(errors).length > 0} onRetry={() => save.mutate()} />
        )}
        <FormActs
          save={topic ? words.save : words.create}
          cancel={words.cancel}
          busy={save.isPending}
          onCancel={onDone}
        />
      </form>
    </Card>
  )
}

/** What is empty is not said. */
function filled(written: Texts): Texts {
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, by]) => {
      const said = Object.entries(by).filter(([, text]) => text.trim() !== '')
      return said.length > 0 ? [[name, Object.fromEntries(said)]] : []
    }),
  )
}

/** A text with its segments: what goes out by SMS is counted, what a form shows is not. */
function Text({
  name,
  language,
  value,
  onChange,
}: {
  name: TextName
  language: string
  value: string
  onChange: (text: string) => void
}) {
  const { t } = useSpeech()
  const words = t.consent.form
  const id = useId()
  const bySms = name !== 'opt_in'
  return (
    <div className={css.text}>
      <Textarea
        label={words.text[name]}
        description={words.textHint[name]}
        inputWrapperOrder={order}
        lang={language}
        dir="auto"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1_000}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...(bySms && value && { 'aria-describedby': id })}
      />
      {bySms && value && (
        <Meter id={id} empty={false} measured={measure(value, 'auto')} onReplace={onChange} />
      )}
    </div>
  )
}
