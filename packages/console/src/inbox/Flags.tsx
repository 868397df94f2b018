import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { type TalkDetail, talkPath, talkQuery } from '../api/inbox.ts'
import { IconUncertain } from '../icons.ts'
import { Confirm } from '../show/Confirm.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Flags.module.css'

/** Flags that ask whether somebody wants nothing any more. */
const doubts = ['maybe_stop', 'soft_stop']

/** What others saw in a message and left to people: decided here, with one press. */
export function Flags({ talk, may }: { talk: TalkDetail; may: boolean }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const keep = (next: TalkDetail) => {
    client.setQueryData(talkQuery(talk.id).queryKey, next)
    void client.invalidateQueries({ queryKey: ['inbox'] })
  }
  const dismiss = useMutation({
    mutationFn: (flag: string) =>
      call<TalkDetail>(talkPath(talk.id, `/flags/${encodeURIComponent(flag)}`), { method: 'DELETE' }),
    onSuccess: keep,
  })
  const said = talk.entries
    .flatMap(({ message }) => message ?? [])
    .filter(({ flags }) => flags.some((flag) => doubts.includes(flag)))
  const optOut = useMutation({
    mutationFn: () =>
      call<TalkDetail>(talkPath(talk.id, '/opt-out'), {
        method: 'POST',
        body: { message_ids: said.slice(-20).map(({ id }) => id) },
      }),
    onSuccess: (next) => {
      setAsking(false)
      keep(next)
    },
  })
  if (talk.flags.length === 0) return null
  const words = t.inbox.flag
  return (
    <section className={css.flags} aria-label={words.title}>
      {talk.flags.map((flag) => {
        const doubt = doubts.includes(flag)
        return (
          <div key={flag} className={css.flag}>
            <p>
              <IconUncertain size={17} aria-hidden />
              <span>
                {flag === 'maybe_stop' || flag === 'soft_stop' ? words[flag] : words.other(flag)}
                {doubt && said.length > 0 && <q>{said.at(-1)!.text}</q>}
              </span>
            </p>
            {!may ? null : asking && doubt ? (
              <Confirm
                text={words.optOutSure}
                act={words.optOutYes}
                keep={words.keep}
                busy={optOut.isPending}
                error={optOut.error}
                onAct={() => optOut.mutate()}
                onKeep={() => setAsking(false)}
              />
            ) : (
              <div className={css.buttons}>
                {doubt && (
                  <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
                    {words.optOut}
                  </Button>
                )}
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="gray"
                  loading={dismiss.isPending}
                  onClick={() => dismiss.mutate(flag)}
                >
                  {words.dismiss}
                </Button>
              </div>
            )}
          </div>
        )
      })}
      {dismiss.error && <Problem error={dismiss.error} />}
    </section>
  )
}
