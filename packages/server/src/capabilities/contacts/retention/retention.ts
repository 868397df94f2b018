import { uuidFloor } from '../../../ids.ts'
import type { Capability, Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import { endImport, forgetErrors, staleImports } from '../imports/store.ts'
import {
  clearMessages,
  type Retention,
  readAllRetention,
  readChunkSlice,
  readMarks,
  readSlice,
  readThese,
  removeChunks,
  shrinkChunk,
  writeMark,
} from './store.ts'

const day = 86_400_000
const atOnce = 2_000
const chunksAtOnce = 200
const first = '00000000-0000-0000-0000-000000000000'

/** Rows of files that were not taken, and files that nobody went on with, are kept for so long. */
const errorsMs = 30 * day
const abandonedMs = 2 * day

interface Stepped {
  done: number
  to: string
  more: boolean
  /** Messages that have not ended. */
  open: string[]
}
type Step = (accountId: string, after: string, before: string) => Promise<Stepped>

/** What is done about each class; each step takes one batch in one transaction. */
function stepsOf(platform: Platform): Record<'bodies' | 'numbers' | 'events', Step> {
  const messages =
    (what: 'bodies' | 'numbers'): Step =>
    (accountId, after, before) =>
      platform.transaction(async (tx) => {
        const slice = await readSlice(tx, accountId, after, before, atOnce)
        const { done, open } = await clearEnded(tx, accountId, what, slice)
        return { done, open, to: slice.at(-1)?.id ?? after, more: slice.length === atOnce }
      })
  const events: Step = (accountId, after, before) =>
    platform.transaction(async (tx) => {
      const slice = await readChunkSlice(tx, accountId, after, before, chunksAtOnce)
      const own = slice.filter(({ accounts }) => accounts.length === 1)
      await removeChunks(
        tx,
        own.map(({ id }) => id),
      )
      let done = own.reduce((sum, { events }) => sum + events.split('\n').length, 0)
      for (const { id, events, accounts } of slice) {
        if (accounts.length === 1) continue
        // Places in a chunk are numbers of events: a line may be empty, and must not be missing.
        const lines = events.split('\n')
        const left = lines.map((line) => {
          const space = line.indexOf(' ')
          return line.slice(space + 1, space + 37) === accountId ? `${line.slice(0, space + 37)} {}` : line
        })
        done += left.filter((line, at) => line !== lines[at]).length
        await shrinkChunk(tx, id, left.join('\n'), accountId)
      }
      return { done, open: [], to: slice.at(-1)?.id ?? after, more: slice.length === chunksAtOnce }
    })
  return { bodies: messages('bodies'), numbers: messages('numbers'), events }
}

async function clearEnded(
  tx: Tx,
  accountId: string,
  what: 'bodies' | 'numbers',
  messages: readonly { id: string; ended: boolean }[],
): Promise<Pick<Stepped, 'done' | 'open'>> {
  const idsOf = (ended: boolean) => messages.filter((each) => each.ended === ended).map(({ id }) => id)
  return { done: await clearMessages(tx, accountId, what, idsOf(true)), open: idsOf(false) }
}

/** Messages that had not ended in a round before; a text may be planned for a day a year ahead. */
async function lookAgain(
  platform: Platform,
  accountId: string,
  what: 'bodies' | 'numbers',
  ids: readonly string[],
): Promise<Pick<Stepped, 'done' | 'open'>> {
  const all: Pick<Stepped, 'done' | 'open'> = { done: 0, open: [] }
  for (let from = 0; from < ids.length; from += atOnce) {
    const { done, open } = await platform.transaction(async (tx) =>
      clearEnded(tx, accountId, what, await readThese(tx, accountId, ids.slice(from, from + atOnce))),
    )
    all.done += done
    all.open.push(...open)
  }
  return all
}

/**
 * The daily round of one account: what is older than its days goes, batch by batch. It goes on from where the last round
 * ended, and asks again for the messages that had not ended then.
 */
export async function keepRetention(
  platform: Platform,
  accountId: string,
  retention: Retention,
): Promise<void> {
  const steps = stepsOf(platform)
  const marks = new Map((await readMarks(platform.db, accountId)).map((mark) => [mark.class, mark]))
  const now = platform.now()
  for (const name of ['bodies', 'numbers', 'events'] as const) {
    const days = retention[`${name}_days`]
    if (days === null) continue
    const before = uuidFloor(new Date(now.getTime() - days * day))
    const mark = marks.get(name)
    let after = mark?.mark ?? first
    let { done, open } =
      name === 'events' || !mark
        ? { done: 0, open: [] as string[] }
        : await lookAgain(platform, accountId, name, mark.left_over)
    for (let more = after < before; more; ) {
      const step = await steps[name](accountId, after, before)
      done += step.done
      open = [...open, ...step.open]
      after = step.to
      more = step.more
    }
    await writeMark(platform.db, accountId, { class: name, mark: after, left_over: open, done, at: now })
  }
}

export const retentionCrons = (platform: Platform): NonNullable<Capability['crons']> => [
  {
    name: 'retention',
    match: '40 2 * * *',
    async run() {
      for (const { account_id, ...retention } of await readAllRetention(platform.db))
        await keepRetention(platform, account_id, retention)
    },
  },
  {
    name: 'imports',
    match: '50 2 * * *',
    async run() {
      const { db } = platform
      const now = platform.now()
      await forgetErrors(db, new Date(now.getTime() - errorsMs))
      for (const { account_id, id } of await staleImports(db, new Date(now.getTime() - abandonedMs)))
        await endImport(db, account_id, id, { state: 'stopped' }, ['uploading', 'ready'], now)
    },
  },
]
