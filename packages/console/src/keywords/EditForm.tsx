import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { call } from '../api/client.ts'
import { type Service, servicePath, serviceQuery } from '../api/keywords.ts'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import { bodyOf, type Draft, draftOf } from './draft.ts'
import { errorsOf } from './errors.ts'
import { Fields } from './Fields.tsx'
import css from './Keywords.module.css'
import { useTrying } from './useTrying.tsx'

/** A service to change, with the phone that tries what is written and not what is stored. */
export function EditForm({ service, table }: { service: Service; table: ReactNode }) {
  const { t } = useSpeech()
  const words = t.keywords.form
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => draftOf(service))
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(service))
  const save = useMutation({
    mutationFn: async () => call<Service>(servicePath(service.id), { method: 'PATCH', body: bodyOf(draft) }),
    onSuccess: (saved) => {
      client.setQueryData(serviceQuery(service.id).queryKey, saved)
      setDraft(draftOf(saved))
      return client.invalidateQueries({ queryKey: ['keyword-services'] })
    },
  })
  const errors = errorsOf(save.error, t)
  const form = useFaulty(save.error)
  const change = (next: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...next }))
    if (!save.isIdle) save.reset()
  }
  const { phone, answered } = useTrying({
    draft,
    trying: () => ({ id: service.id, service: bodyOf(draft) }),
    onChange: change,
  })
  return (
    <div className={css.room}>
      <div className={css.main}>
        <form
          ref={form}
          className={css.main}
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            if (!save.isPending) save.mutate()
          }}
        >
          <Fields
            draft={draft}
            columns={service.table?.columns.map(({ name }) => name) ?? []}
            errors={errors}
            onChange={change}
          />
          {answered}
          {save.isError && (
            <Problem
              error={save.error}
              marked={Object.keys(errors).length > 0}
              onRetry={() => save.mutate()}
            />
          )}
          <div className={css.act}>
            <Button type="submit" loading={save.isPending} aria-disabled={!changed} data-disabled={!changed}>
              {words.save}
            </Button>
            {changed && (
              <Button variant="default" onClick={() => change(draftOf(service))}>
                {words.undo}
              </Button>
            )}
            <span role="status" className={css.quiet}>
              {save.isSuccess && !changed && words.saved}
            </span>
          </div>
        </form>
        {table}
      </div>
      <div className={css.side}>{phone}</div>
    </div>
  )
}
