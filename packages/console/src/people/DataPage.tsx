import { Button, FileButton, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import {
  type Kept,
  placesPath,
  placesQuery,
  putPlaces,
  type Retention,
  retentionFields,
  retentionPath,
  retentionQuery,
} from '../api/upkeep.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { IconUpload } from '../icons.ts'
import { Confirm, useFocusBack } from '../show/Confirm.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Answer, Back, Card, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Attributes } from './Attributes.tsx'
import css from './People.module.css'

/** What is known of people, where they are, and how long it stays. */
export default function DataPage() {
  const { t } = useSpeech()
  const words = t.upkeep.data
  const may = useMay().mayChange('contacts')
  return (
    <Page title={words.title} lead={words.lead} back={<Back to="/people">{words.back}</Back>}>
      <Attributes may={may} />
      <Places may={may} />
      <HowLong may={may} />
    </Page>
  )
}

function Places({ may }: { may: boolean }) {
  const { t, format } = useSpeech()
  const words = t.upkeep.data.places
  const client = useQueryClient()
  const query = useQuery(placesQuery)
  const [asked, setAsked] = useState(false)
  const opener = useFocusBack(asked)
  const know = (known: { places: number }) => {
    client.setQueryData(placesQuery.queryKey, known)
    // Segments around a place select others now.
    return client.invalidateQueries({ queryKey: ['segment-preview'] })
  }
  const upload = useMutation({
    mutationFn: putPlaces,
    onSuccess: (known) => know(known),
  })
  const forget = useMutation({
    mutationFn: () => call<void>(placesPath, { method: 'DELETE' }),
    onSuccess: () => {
      setAsked(false)
      return know({ places: 0 })
    },
  })
  return (
    <Card title={words.title} note={words.note}>
      <Answer query={query}>
        {({ places }) => (
          <div className={css.form}>
            <p className={css.words} role="status">
              {places === 0 ? words.none : words.known(places, format.number(places))}
            </p>
            {upload.error && <Problem error={upload.error} />}
            {asked ? (
              <Confirm
                danger
                text={words.forgetSure}
                act={words.forgetYes}
                keep={t.upkeep.data.keep}
                busy={forget.isPending}
                error={forget.error}
                onAct={() => forget.mutate()}
                onKeep={() => setAsked(false)}
              />
            ) : (
              may && (
                <div className={css.act}>
                  <FileButton
                    accept=".csv,text/csv,text/plain"
                    onChange={(file) => file && upload.mutate(file)}
                  >
                    {(props) => (
                      <Button
                        {...props}
                        variant="default"
                        leftSection={<IconUpload size={16} />}
                        loading={upload.isPending}
                      >
                        {words.upload}
                      </Button>
                    )}
                  </FileButton>
                  {places > 0 && (
                    <Button ref={opener} variant="subtle" color="gray" onClick={() => setAsked(true)}>
                      {words.forget}
                    </Button>
                  )}
                </div>
              )
            )}
          </div>
        )}
      </Answer>
    </Card>
  )
}

function HowLong({ may }: { may: boolean }) {
  const { t, format } = useSpeech()
  const words = t.upkeep.data.retention
  const query = useQuery(retentionQuery)
  const [open, setOpen] = useState(false)
  const opener = useFocusBack(open)
  return (
    <Card
      title={words.title}
      note={words.note}
      action={
        may &&
        !open && (
          <Button ref={opener} variant="default" size="compact-sm" onClick={() => setOpen(true)}>
            {words.change}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {(kept) =>
          open ? (
            <RetentionForm kept={kept} onDone={() => setOpen(false)} />
          ) : (
            <dl className={css.facts}>
              {retentionFields.map((field) => {
                const days = kept[field]
                const round = kept.rounds.find((each) => field === `${each.class}_days`)
                return (
                  <div key={field} style={{ display: 'contents' }}>
                    <dt>{words.fields[field]}</dt>
                    <dd>
                      {days === null ? words.forever : words.days(format.number(days))}
                      {round && (
                        <span className={css.faint}>
                          {' '}
                          · {words.last} <When at={round.at} />: {words.lastAt(format.number(round.done))}
                        </span>
                      )}
                    </dd>
                  </div>
                )
              })}
            </dl>
          )
        }
      </Answer>
    </Card>
  )
}

/** A day less takes what will not come back: that asks for a word. */
const takesMore = (before: Kept, after: Kept): boolean =>
  retentionFields.some(
    (field) => (after[field] ?? Number.POSITIVE_INFINITY) < (before[field] ?? Number.POSITIVE_INFINITY),
  )

function RetentionForm({ kept, onDone }: { kept: Retention; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.upkeep.data.retention
  const client = useQueryClient()
  const [typed, setTyped] = useState(
    () => Object.fromEntries(retentionFields.map((field) => [field, String(kept[field] ?? '')])) as Typed,
  )
  const [asked, setAsked] = useState(false)
  const wish = Object.fromEntries(
    retentionFields.map((field) => [field, typed[field].trim() === '' ? null : Number(typed[field])]),
  ) as Kept
  const wrong = (field: keyof Kept) => {
    const days = wish[field]
    return days !== null && !(Number.isInteger(days) && days >= 1 && days <= 3_650)
  }
  const save = useMutation({
    mutationFn: () => call<Retention>(retentionPath, { method: 'PUT', body: wish }),
    onSuccess: (saved) => {
      client.setQueryData(retentionQuery.queryKey, saved)
      onDone()
    },
  })
  const errors = fieldErrors(save.error, t)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (retentionFields.some(wrong)) return
    if (takesMore(kept, wish)) setAsked(true)
    else save.mutate()
  }
  if (asked)
    return (
      <Confirm
        danger
        text={words.sure}
        word={words.word}
        act={words.save}
        keep={t.upkeep.data.cancel}
        busy={save.isPending}
        error={save.error}
        onAct={() => save.mutate()}
        onKeep={() => setAsked(false)}
      />
    )
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <p className={`${css.words} ${css.faint}`}>{words.hint}</p>
      <div className={css.leaf}>
        {retentionFields.map((field) => (
          <TextInput
            key={field}
            label={words.fields[field]}
            placeholder={words.placeholder}
            inputMode="numeric"
            autoComplete="off"
            value={typed[field]}
            error={errors[field] ?? (wrong(field) && words.hint)}
            onChange={(event) => setTyped({ ...typed, [field]: event.currentTarget.value })}
          />
        ))}
      </div>
      {save.error && <Problem error={save.error} />}
      <FormActs save={words.save} cancel={t.upkeep.data.cancel} busy={save.isPending} onCancel={onDone} />
    </form>
  )
}
type Typed = Record<keyof Kept, string>
