import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { call } from '../api/client.ts'
import { type Service, servicePath, serviceQuery } from '../api/keywords.ts'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { Writable } from '../show/Writable.tsx'
import { useSpeech } from '../strings/language.tsx'
import { bodyOf, type Draft, draftOf } from './draft.ts'
import { errorsOf } from './errors.ts'
import { Fields } from './Fields.tsx'
import css from './Keywords.module.css'
import { useTrying } from './useTrying.tsx'

interface EditProps {
  service: Service
  may: boolean
  table: ReactNode
}

/** A service to change, with the phone that tries what is written and not what is stored. */
export function EditForm({ service, may, table }: EditProps) {
  const { t } = useSpeech()
  const words = t.keywords.form
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => draftOf(service))
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(service))
  const save = useMutation({
    mutationFn: async (sent: Draft) =>
      call<Service>(servicePath(service.id), { method: 'PATCH', body: bodyOf(sent) }),
    onSuccess: (saved, sent) => {
      client.setQueryData(serviceQuery(service.id).queryKey, saved)
      // What was typed while it was on its way stays.
      setDraft((now) => (now === sent ? draftOf(saved) : now))
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
            if (!save.isPending) save.mutate(draft)
          }}
        >
          <Writable may={may}>
            <Fields
              draft={draft}
              columns={service.table?.columns.map(({ name }) => name) ?? []}
              errors={errors}
              onChange={change}
            />
          </Writable>
          {answered}
          {save.isError && (
            <Problem
              error={save.error}
              marked={Object.keys(errors).length > 0}
              onRetry={() => save.mutate(draft)}
            />
          )}
          {may && (
            <div className={css.act}>
              <Button
                type="submit"
                loading={save.isPending}
                aria-disabled={!changed}
                data-disabled={!changed}
              >
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
          )}
        </form>
        {table}
      </div>
      <div className={css.side}>{phone}</div>
    </div>
  )
}
