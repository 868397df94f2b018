import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type AnsweringNumber, numbersQuery } from '../api/keywords.ts'
import { showNumber } from '../format/phone.ts'
import { Answer, Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Keywords.module.css'

/** Numbers at which unknown words are answered: nobody reads there. */
export function Numbers() {
  const { t } = useSpeech()
  const words = t.keywords.numbers
  const client = useQueryClient()
  const query = useQuery(numbersQuery)
  const may = useMay().mayChange('keywords')
  const [typed, setTyped] = useState('')
  const refresh = () => client.invalidateQueries({ queryKey: numbersQuery.queryKey })
  const path = (number: string) => `/v1/keyword-numbers/${encodeURIComponent(number.trim())}`
  const add = useMutation({
    mutationFn: () => call(path(typed), { method: 'PUT', body: {} }),
    onSuccess: () => {
      setTyped('')
      return refresh()
    },
  })
  const remove = useMutation({
    mutationFn: ({ number }: AnsweringNumber) => call<void>(path(number), { method: 'DELETE' }),
    onSuccess: refresh,
  })
  const undo = useMutation({
    mutationFn: ({ number, texts }: AnsweringNumber) =>
      call(path(number), { method: 'PUT', body: texts ? { texts } : {} }),
    onSuccess: () => {
      remove.reset()
      return refresh()
    },
  })
  return (
    <Card title={words.title} note={words.note}>
      <div className={css.form}>
        <Answer query={query}>
          {(numbers) =>
            numbers.length === 0 ? (
              <p className={css.quiet}>{words.none}</p>
            ) : (
              <ul className={css.warnings}>
                {numbers.map((each) => (
                  <li key={each.number} style={{ alignItems: 'center' }}>
                    <strong className="number">{showNumber(each.number)}</strong>
                    {may && (
                      <Button
                        variant="default"
                        size="compact-sm"
                        aria-label={words.removeFor(showNumber(each.number))}
                        loading={remove.isPending && remove.variables.number === each.number}
                        onClick={() => remove.mutate(each)}
                      >
                        {words.remove}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
        <div role="status">
          {remove.isSuccess && (
            <p className={css.quiet}>
              {words.removed(showNumber(remove.variables.number))}{' '}
              <Button
                variant="default"
                size="compact-sm"
                loading={undo.isPending}
                onClick={() => undo.mutate(remove.variables)}
              >
                {words.undo}
              </Button>
            </p>
          )}
        </div>
        {may && (
          <form
            className={css.row}
            style={{ alignItems: 'flex-end' }}
            onSubmit={(event) => {
              event.preventDefault()
              if (typed.trim() && !add.isPending) add.mutate()
            }}
          >
            <TextInput
              className={css.middle}
              label={words.number}
              inputMode="tel"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={add.isPending} aria-disabled={!typed.trim()}>
              {words.add}
            </Button>
          </form>
        )}
        {(add.error ?? remove.error ?? undo.error) && (
          <Problem error={add.error ?? remove.error ?? undo.error} />
        )}
      </div>
    </Card>
  )
}
