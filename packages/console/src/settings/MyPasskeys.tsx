import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { passkeysQuery } from '../api/access.ts'
import { ApiError, call } from '../api/client.ts'
import { canPasskeys, makePasskey, thoughtBetter } from '../api/passkey.ts'
import { IconKey } from '../icons.ts'
import { DoorProblem } from '../shell/SignIn.tsx'
import { Answer, Card } from '../show/Page.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import type { Guarded } from './guarded.ts'
import css from './Settings.module.css'

/** The devices that open one's access by finger, face or PIN. */
export function MyPasskeys({ guarded }: { guarded: Guarded }) {
  const { t } = useSpeech()
  const words = t.access.me
  const client = useQueryClient()
  const query = useQuery(passkeysQuery)
  const [name, setName] = useState('')
  const again = () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey })
  const add = useMutation({
    mutationFn: () => guarded(() => makePasskey(name.trim() || words.passkeyExample)),
    onSuccess: () => {
      setName('')
      return again()
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => guarded(() => call<void>(`/v1/me/passkeys/${id}`, { method: 'DELETE' })),
    onSuccess: again,
  })
  const error = [add.error, remove.error].find(
    (each) => each && !thoughtBetter(each) && !(each instanceof ApiError && each.code === 'proof_needed'),
  )
  return (
    <Card title={words.passkeys} note={words.passkeysText}>
      <Answer query={query}>
        {(passkeys) =>
          passkeys.length === 0 ? (
            <p className={css.text}>{words.passkeysNone}</p>
          ) : (
            <ul className={css.rows}>
              {passkeys.map(({ id, name: each, used_at }) => (
                <li key={id}>
                  <span>
                    <strong>{each}</strong>
                    <small>
                      {used_at ? (
                        <>
                          {words.passkeyUsed} <When at={used_at} />
                        </>
                      ) : (
                        words.passkeyUnused
                      )}
                    </small>
                  </span>
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={words.passkeyRemoveName(each)}
                    loading={remove.isPending && remove.variables === id}
                    onClick={() => remove.mutate(id)}
                  >
                    {words.passkeyRemove}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {error && <DoorProblem error={error} t={t} />}
      {canPasskeys() ? (
        <form
          className={css.form}
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            if (!add.isPending) add.mutate()
          }}
        >
          <TextInput
            label={words.passkeyName}
            placeholder={words.passkeyExample}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            style={{ justifySelf: 'start' }}
            leftSection={<IconKey size={18} aria-hidden />}
            loading={add.isPending}
          >
            {words.passkeyAdd}
          </Button>
        </form>
      ) : (
        <p className={css.text}>{words.passkeysImpossible}</p>
      )}
    </Card>
  )
}
