import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type Contact, contactPath, type Note, notesQuery } from '../api/contacts.ts'
import { remains } from '../format/remains.ts'
import { IconRemove } from '../icons.ts'
import { Problem } from '../show/Problem.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

/** What colleagues should know of somebody. One that is deleted can be put back, though by another hand and of another day. */
export function Notes({ person }: { person: Contact }) {
  const { t } = useSpeech()
  const words = t.people.person
  const client = useQueryClient()
  const { mayChange } = useMay()
  const { data: notes, error } = useQuery(notesQuery(person.id))
  const [typed, setTyped] = useState('')
  const reread = () => client.invalidateQueries({ queryKey: ['contact', person.id, 'notes'] })
  const add = useMutation({
    mutationFn: (note: string) => call(`${contactPath(person.id)}/notes`, { method: 'POST', body: { note } }),
    onSuccess(_, note) {
      // What was typed meanwhile stays.
      setTyped((now) => remains(now, note))
      if (remove.variables?.note === note) remove.reset()
      return reread()
    },
  })
  const remove = useMutation({
    mutationFn: ({ id }: Note) => call(`${contactPath(person.id)}/notes/${id}`, { method: 'DELETE' }),
    onSuccess: reread,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() && !add.isPending) add.mutate(typed.trim())
  }
  return (
    <div className={css.form}>
      {(remove.error ?? error) && <Problem error={remove.error ?? error} />}
      {notes?.length === 0 && <p className={css.words}>{words.noNotes}</p>}
      <ul className={css.rows}>
        {notes?.map((each) => (
          <li key={each.id}>
            <div>
              <div className={css.note}>{each.note}</div>
              <span className={css.faint}>
                <When at={each.created_at} /> {each.author && words.by(each.author)}
              </span>
            </div>
            {mayChange('contacts') && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-xs"
                aria-label={words.removeNote}
                onClick={() => remove.mutate(each)}
              >
                <IconRemove size={15} aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div role="status">
        {remove.isSuccess && (
          <p className={css.words}>
            {words.noteGone}{' '}
            <Button
              variant="default"
              size="compact-sm"
              loading={add.isPending}
              onClick={() => add.mutate(remove.variables.note)}
            >
              {words.noteBack}
            </Button>
          </p>
        )}
      </div>
      {mayChange('contacts') && (
        <form className={css.form} onSubmit={submit}>
          <Textarea
            label={words.writeNote}
            autosize
            minRows={2}
            maxLength={10_000}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {add.error && <Problem error={add.error} />}
          <div className={css.act}>
            <Button type="submit" size="sm" variant="default" loading={add.isPending}>
              {words.keepNote}
            </Button>
          </div>
        </form>
      )}
    </div>
  )
}
