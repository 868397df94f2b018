import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import { type Attribute, type AttributeType, attributesQuery, attributeTypes } from '../api/contacts.ts'
import { attributePath } from '../api/upkeep.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { Curl } from '../show/Curl.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { KeptCard } from '../show/KeptCard.tsx'
import { Problem } from '../show/Problem.tsx'
import { Removal } from '../show/Removal.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

/** Whatever asks for attributes reads people or counts them. */
const stale = [['contact-attributes'], ['contact'], ['contacts'], ['segment-preview']]

/** What an account wants to know of its people: made here, besides by an import. */
export function Attributes({ may }: { may: boolean }) {
  const { t } = useSpeech()
  const words = t.upkeep.data.attributes
  return (
    <KeptCard
      title={words.title}
      note={words.note}
      may={may}
      query={useQuery(attributesQuery)}
      rowKey={({ key }) => key}
      rowName={({ label }) => label}
      columns={[
        { head: words.columns.label, part: 'title', cell: ({ label }) => <strong>{label}</strong> },
        { head: words.columns.key, cell: ({ key }) => <code className="mono">{`{{${key}}}`}</code> },
        {
          head: words.columns.type,
          cell: ({ type, choices }) => [words.types[type], choices.join(', ')].filter(Boolean).join(': '),
        },
      ]}
      words={{ ...words, actions: words.columns.act }}
      empty={
        <>
          <p>{words.none}</p>
          <Curl
            title={words.curl}
            method="PUT"
            path={attributePath('points')}
            body={{ label: words.types.number, type: 'number' }}
          />
        </>
      }
      form={(attribute, close) => <AttributeForm attribute={attribute} onDone={close} />}
      removal={({ key, label }, close) => (
        <Removal
          text={words.removeSure(label)}
          word={key}
          act={words.removeYes}
          keep={t.upkeep.data.keep}
          path={attributePath(key)}
          stale={stale}
          onDone={close}
        />
      )}
    />
  )
}

/** `Geburtstag` becomes `geburtstag`, `Größe (cm)` becomes `grosse_cm`: what a text can name. */
const keyOf = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 50)

function AttributeForm({ attribute, onDone }: { attribute: Attribute | undefined; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.upkeep.data.attributes
  const client = useQueryClient()
  const [label, setLabel] = useState(attribute?.label ?? '')
  const [key, setKey] = useState<string>()
  const [type, setType] = useState<AttributeType>(attribute?.type ?? 'text')
  const [choices, setChoices] = useState(attribute?.choices.join('\n') ?? '')
  const named = attribute?.key ?? key ?? keyOf(label)
  const save = useMutation({
    mutationFn: () => {
      const lines = choices.split('\n').map((line) => line.trim())
      return call<Attribute>(attributePath(named), {
        method: 'PUT',
        body: {
          ...{ label: label.trim(), type },
          ...(type === 'choice' && { choices: [...new Set(lines.filter(Boolean))] }),
        },
      })
    },
    onSuccess: async () => {
      onDone()
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
  const errors = fieldErrors(save.error, t)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (label.trim() && named && !save.isPending) save.mutate()
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <div className={css.leaf}>
        <TextInput
          label={words.label}
          required
          autoFocus
          maxLength={100}
          autoComplete="off"
          value={label}
          error={errors.label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label={words.key}
          description={words.keyHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          disabled={attribute !== undefined}
          pattern="[a-z][a-z0-9_]*"
          maxLength={50}
          autoComplete="off"
          spellCheck={false}
          value={named}
          error={errors.key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.type}
          description={attribute && words.typeStays}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          disabled={attribute !== undefined}
          value={type}
          error={errors.type}
          onChange={(event) => setType(event.currentTarget.value as AttributeType)}
          data={attributeTypes.map((value) => ({ value, label: words.types[value] }))}
        />
      </div>
      {type === 'choice' && (
        <Textarea
          label={words.choices}
          description={words.choicesHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          autosize
          minRows={3}
          value={choices}
          error={errors.choices}
          onChange={(event) => setChoices(event.currentTarget.value)}
        />
      )}
      {save.error && <Problem error={save.error} marked={Object.keys(errors).length > 0} />}
      <FormActs
        save={t.upkeep.data.save}
        cancel={t.upkeep.data.cancel}
        busy={save.isPending}
        onCancel={onDone}
      />
    </form>
  )
}
