import { Anchor, Button, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { type Contact, contactPath, contactsQuery } from '../api/contacts.ts'
import { showNumber } from '../format/phone.ts'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

/** Finds who is the same person, and takes them in. */
export function Merge({ person, onDone }: { person: Contact; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.people.merge
  const client = useQueryClient()
  const [find, setFind] = useState(person.name ?? '')
  const { data } = useQuery({
    ...contactsQuery(find.trim() ? { find: find.trim() } : {}),
    placeholderData: keepPreviousData,
  })
  const others = (data?.data ?? []).filter(({ id }) => id !== person.id).slice(0, 8)
  const take = useMutation({
    mutationFn: (other: string) =>
      call<Contact>(`${contactPath(person.id)}/merge`, { method: 'POST', body: { others: [other] } }),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['contact'] })
      await client.invalidateQueries({ queryKey: ['contacts'] })
      onDone()
    },
  })
  return (
    <Card title={words.title} note={words.note}>
      <div className={css.form}>
        <TextInput
          type="search"
          label={words.find}
          autoComplete="off"
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        {others.length === 0 ? (
          <p className={css.words}>{words.none}</p>
        ) : (
          <ul className={css.rows}>
            {others.map(({ id, name, external_id, addresses }) => {
              const called = name ?? external_id ?? t.people.nameless
              return (
                <li key={id}>
                  <span>
                    {called}{' '}
                    <span className={css.faint}>
                      {addresses.map(({ address }) => showNumber(address)).join(', ')}
                    </span>
                  </span>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={words.takeName(called)}
                    loading={take.isPending && take.variables === id}
                    onClick={() => take.mutate(id)}
                  >
                    {words.take}
                  </Button>
                </li>
              )
            })}
          </ul>
        )}
        {take.error && <Problem error={take.error} />}
        <div className={css.act}>
          <Anchor component={Link} to="/people/duplicates">
            {t.upkeep.duplicates.title}
          </Anchor>
          <Button variant="default" onClick={onDone}>
            {words.cancel}
          </Button>
        </div>
      </div>
    </Card>
  )
}
