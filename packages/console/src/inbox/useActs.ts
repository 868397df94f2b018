import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/client.ts'
import {
  countsQuery,
  type Person,
  type TalkDetail,
  type TalkState,
  talkPath,
  talkQuery,
} from '../api/inbox.ts'
import { useSpeech } from '../strings/language.tsx'

/** What was done, said for a moment, with the way back. */
export interface Done {
  text: string
  undo?: () => Promise<unknown>
  error?: unknown
}

interface Step {
  rest: string
  body?: unknown
}

const back: Record<TalkState, readonly Step[]> = {
  open: [{ rest: '/reopen' }],
  waiting: [{ rest: '/reopen' }, { rest: '/wait' }],
  snoozed: [{ rest: '/reopen' }],
  closed: [{ rest: '/close?rate=false' }],
}

/**
 * What can be done with the open conversation. Each act says what it did and can be taken back; `onFailed` brings back
 * what has left the list already.
 */
export function useActs(onFailed: () => void) {
  const { t, format } = useSpeech()
  const client = useQueryClient()
  const [done, setDone] = useState<Done>()

  const ask = async (id: string, { rest, body }: Step): Promise<TalkDetail> => {
    const talk = await call<TalkDetail>(talkPath(id, rest), {
      method: 'POST',
      ...(body === undefined ? {} : { body }),
    })
    client.setQueryData(talkQuery(id).queryKey, talk)
    void client.invalidateQueries({ queryKey: ['inbox', 'list'] })
    void client.invalidateQueries({ queryKey: countsQuery.queryKey })
    return talk
  }
  const walk = async (id: string, steps: readonly Step[]) => {
    for (const step of steps) await ask(id, step)
  }

  const act = useMutation({
    mutationFn: async ({
      talk,
      step,
    }: {
      talk: TalkDetail
      step: Step
      text: string
      undo: readonly Step[]
    }) => ask(talk.id, step),
    onSuccess: (_, { talk, text, undo }) => setDone({ text, undo: () => walk(talk.id, undo) }),
    onError: (error) => {
      setDone({ text: t.inbox.done.failed, error })
      onFailed()
    },
  })

  const assign = (
    talk: TalkDetail,
    body: { assignee?: string | null; team?: string | null },
    who: string | null,
  ) => {
    const before = {
      ...('assignee' in body && { assignee: talk.assignee?.id ?? null }),
      ...('team' in body && { team: talk.team?.id ?? null }),
    }
    const text = who === null ? t.inbox.done.unassigned : t.inbox.done.assigned(who)
    act.mutate({ talk, step: { rest: '/assign', body }, text, undo: [{ rest: '/assign', body: before }] })
  }

  return {
    busy: act.isPending,
    done,
    dismiss: () => setDone(undefined),
    say: (next: Done) => setDone(next),
    async undo() {
      const { undo } = done ?? {}
      if (!undo) return
      setDone(undefined)
      try {
        await undo()
        setDone({ text: t.inbox.done.undone })
      } catch (error) {
        setDone({ text: t.inbox.done.failed, error })
      }
    },
    close: (talk: TalkDetail) =>
      act.mutate({ talk, step: { rest: '/close' }, text: t.inbox.done.closed, undo: back[talk.state] }),
    reopen: (talk: TalkDetail) =>
      act.mutate({ talk, step: { rest: '/reopen' }, text: t.inbox.done.reopened, undo: back.closed }),
    snooze: (talk: TalkDetail, until: Date) =>
      act.mutate({
        talk,
        step: { rest: '/snooze', body: { until: until.toISOString() } },
        text: t.inbox.done.snoozed(format.moment(until.toISOString())),
        undo: back[talk.state],
      }),
    giveTo: (talk: TalkDetail, person: Person | 'me' | null) =>
      person === 'me'
        ? assign(talk, { assignee: 'me' }, t.inbox.you)
        : assign(talk, { assignee: person?.id ?? null }, person?.name ?? null),
    giveToTeam: (talk: TalkDetail, team: Person | null) =>
      assign(talk, { team: team?.id ?? null }, team?.name ?? null),
  }
}

export type Acts = ReturnType<typeof useActs>
