import { Button, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { type Talk, type TalkDetail, talkPath, talkQuery, talksQuery } from '../api/inbox.ts'
import { showNumber } from '../format/phone.ts'
import { Confirm } from '../show/Confirm.tsx'
import { Answer } from '../show/Page.tsx'
import { useRested } from '../show/useRested.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { moveUnsent } from './drafts.ts'
import css from './MergeTalks.module.css'
import { mergedOf } from './merging.ts'
import { whoIs } from './who.ts'

const pauseMs = 300
const shownAtOnce = 6

interface MergeProps {
  talk: TalkDetail
  onMerged: (id: string) => void
  onDone: () => void
}

/** The same person writes in another conversation: it is found, both are seen, and made one. */
export function MergeTalks({ talk, onMerged, onDone }: MergeProps) {
  const { t } = useSpeech()
  const words = t.inbox.merge
  const [typed, setTyped] = useState(talk.person.name ?? '')
  const [other, setOther] = useState<Talk>()
  const [turned, setTurned] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const q = useRested(typed.trim(), pauseMs)
  const query = useQuery({ ...talksQuery(q ? [['q', q]] : []), placeholderData: keepPreviousData })
  useEffect(() => {
    if (!other) field.current?.focus()
  }, [other])
  if (other)
    return (
      <Sure
        stays={turned ? other : talk}
        goes={turned ? talk : other}
        onTurn={() => setTurned(!turned)}
        onMerged={onMerged}
        onBack={() => setOther(undefined)}
      />
    )
  return (
    <div className={css.merge}>
      <p>{words.lead(whoIs(talk))}</p>
      <TextInput
        ref={field}
        type="search"
        label={words.find}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Answer query={query}>
        {({ data }) => {
          const others = data.filter(({ id }) => id !== talk.id).slice(0, shownAtOnce)
          return others.length === 0 ? (
            <p role="status">{words.none}</p>
          ) : (
            <ul className={css.found} aria-label={t.inbox.list}>
              {others.map((each) => (
                <li key={each.id}>
                  <Standing talk={each} />
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={words.chooseName(whoIs(each))}
                    onClick={() => setOther(each)}
                  >
                    {words.choose}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }}
      </Answer>
      <Button variant="default" onClick={onDone}>
        {words.cancel}
      </Button>
    </div>
  )
}

/** Both, what becomes of them, and the word that makes them one. */
function Sure({
  stays,
  goes,
  onTurn,
  onMerged,
  onBack,
}: {
  stays: Talk
  goes: Talk
  onTurn: () => void
  onMerged: (id: string) => void
  onBack: () => void
}) {
  const { t, format } = useSpeech()
  const words = t.inbox.merge
  const client = useQueryClient()
  const { state, assignee, team, unread } = mergedOf(stays, goes)
  const merge = useMutation({
    mutationFn: () =>
      call<TalkDetail>(talkPath(goes.id, '/merge'), { method: 'POST', body: { into: stays.id } }),
    onSuccess: (merged) => {
      moveUnsent(goes.id, stays.id)
      client.setQueryData(talkQuery(merged.id).queryKey, merged)
      onMerged(merged.id)
      void client.invalidateQueries({
        queryKey: ['inbox'],
        predicate: ({ queryKey }) => !queryKey.includes(goes.id),
      })
    },
  })
  return (
    <div className={css.merge}>
      <dl className={css.both}>
        <div>
          <dt>{words.stays}</dt>
          <dd>
            <Standing talk={stays} />
          </dd>
        </div>
        <div>
          <dt>{words.goes}</dt>
          <dd>
            <Standing talk={goes} />
          </dd>
        </div>
      </dl>
      <Button variant="default" size="compact-sm" onClick={onTurn}>
        {words.turn}
      </Button>
      <Confirm
        text={[
          words.after(t.inbox.state[state], assignee?.name ?? null, team?.name ?? null),
          unread > 0 ? words.unread(t.inbox.unread(unread, format.number(unread))) : '',
          words.all(showNumber(goes.address)),
          stays.person.contact_id && goes.person.contact_id ? words.contacts : '',
          words.end,
        ]
          .filter(Boolean)
          .join(' ')}
        word={words.word}
        act={words.act}
        keep={words.back}
        danger
        busy={merge.isPending}
        error={merge.error}
        onAct={() => merge.mutate()}
        onKeep={onBack}
      />
    </div>
  )
}

/** A conversation in three lines. */
function Standing({ talk }: { talk: Talk }) {
  const { t, format } = useSpeech()
  const { person, address, last, state, assignee, unread, last_at } = talk
  return (
    <div className={css.standing}>
      <strong>{whoIs(talk)}</strong>
      {person.name && <span className="mono">{showNumber(address)}</span>}
      {last && <span dir="auto">{last.text}</span>}
      <span className={css.faint}>
        {[t.inbox.state[state], assignee?.name, unread > 0 && t.inbox.unread(unread, format.number(unread))]
          .filter(Boolean)
          .join(' · ')}{' '}
        · <When at={last_at} />
      </span>
    </div>
  )
}
