import { uuidFloor } from '../../../ids.ts'
import type { Capability, Platform } from '../../../platform.ts'
import { endImport, forgetErrors, staleImports } from '../imports/store.ts'
import {
  clearMessages,
  type Mark,
  type Retention,
  readAllRetention,
  readChunkSlice,
  readMarks,
  readSlice,
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

type Step = (
  accountId: string,
  after: string,
  before: string,
) => Promise<{ done: number; to: string; more: boolean }>

/** What is done about each class; each step takes one batch in one transaction. */
function stepsOf(platform: Platform): Record<'bodies' | 'numbers' | 'events', Step> {
  const messages =
    (what: 'bodies' | 'numbers'): Step =>
    (accountId, after, before) =>
      platform.transaction(async (tx) => {
        const slice = await readSlice(tx, accountId, after, before, atOnce)
        const ended = slice.filter((message) => message.ended).map(({ id }) => id)
        const done = await clearMessages(tx, accountId, what, ended)
        return { done, to: slice.at(-1)?.id ?? after, more: slice.length === atOnce }
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
      return { done, to: slice.at(-1)?.id ?? after, more: slice.length === chunksAtOnce }
    })
  return { bodies: messages('bodies'), numbers: messages('numbers'), events }
}

/**
 * The daily round of one account: what is older than its days goes, batch by batch. It goes on from where the last round
 * ended, less a margin for messages that had not ended then.
 */
export async function keepRetention(
  platform: Platform,
  accountId: string,
  retention: Retention,
): Promise<void> {
  const steps = stepsOf(platform)
  const marks = new Map((await readMarks(platform.db, accountId)).map((mark) => [mark.class, mark]))
  const now = platform.now()
  for (const [name, step] of Object.entries(steps)) {
    const days = retention[`${name}_days` as keyof Retention]
    if (days === null) continue
    const before = uuidFloor(new Date(now.getTime() - days * day))
    let after = marks.get(name)?.mark ?? first
    let done = 0
    let last = after
    for (let more = after < before; more; ) {
      const result = await step(accountId, after, before)
      done += result.done
      after = result.to
      more = result.more
    }
    last = name === 'events' ? after : withMargin(after)
    const mark: Mark = { class: name, mark: last, done, at: now }
    await writeMark(platform.db, accountId, mark)
  }
}

/** A message is final within a year and some days of its birth: those that were not are looked at again. */
const marginMs = 8 * day
function withMargin(id: string): string {
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  return at === 0 ? id : uuidFloor(new Date(Math.max(0, at - marginMs)))
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
