import { errors, KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Accepted, Draft, Refused } from '../../../message/draft.ts'
import type { Platform } from '../../../platform.ts'
import { analytic } from '../../../store/analytic.store.ts'
import type { Tx } from '../../../store/db.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import type { Definitions } from '../people/attributes.ts'
import { understand } from '../segments/segments.ts'
import {
  type AudienceRow,
  advanceAudience,
  beginAudience,
  claimPage,
  countWithdrawn,
  dropPage,
  dropPages,
  endAudience,
  lockAudience,
  lockSentPage,
  type PersonToWrite,
  type RefusedCounts,
  readAudience,
  readPage,
  readTopic,
  settleAudience,
} from './store.ts'
import { readTemplate, render, type Template } from './template.ts'

/** People of one commit: the events of the whole house wait for the oldest transaction, so it has to be short. */
export const pageSize = 2_000
/** Pages under way in one process: while PostgreSQL writes one, the next is read, judged and made ready. */
const pagesAtOnce = 2
/** After this a job makes room for others and is called again. */
const turnMs = 5_000
/** Somebody looks after an audience that has not moved for so long: its node is gone. */
const deadMs = 10_000

export interface AudienceJob {
  accountId: string
  id: string
}
export const audienceKey = (id: string): string => `audience-${id}`

/**
 * Sends to an audience once its hold is over: settles who is meant, then page by page through every gate, some pages at a
 * time. That a page is sent, and its counts, commit with its messages, so a process that dies in the middle writes to nobody
 * twice and leaves nobody out.
 */
export async function expandAudience(platform: Platform, payload: unknown): Promise<void> {
  const job = payload as AudienceJob
  const { accountId, id } = job
  const { db } = platform
  const until = performance.now() + turnMs
  const row = await readAudience(db, accountId, id)
  if (!row || !['held', 'running'].includes(row.state)) return
  if (row.state === 'held' && !(await settle(platform, job))) return
  const definitions = await readDefinitions(db, accountId)
  const topic = row.topic === null ? undefined : await readTopic(db, accountId, row.topic)
  const read = readTemplate(row.text, definitions)
  // An attribute of the text was deleted since: nobody should get half a sentence.
  if ('problem' in read) return end(platform, job, 'failed')
  const sender = row.sender ?? topic?.sender ?? null
  const letter: Letter = {
    ...{ template: read.template, definitions, language: topic?.language ?? 'de' },
    same: {
      lane: row.lane,
      clientRef: publicId('audience', id),
      ...(sender !== null && { from: sender }),
      ...(row.topic !== null && { topic: row.topic }),
    },
  }
  const over = () => performance.now() > until
  const pages = async () => {
    while (await sendPage(platform, job, letter, over));
  }
  // All of them have ended when the job has.
  const ends = await Promise.allSettled(Array.from({ length: pagesAtOnce }, pages))
  for (const ended of ends) if (ended.status === 'rejected') throw ended.reason
}

/** Writes down who is meant. False when it was stopped, or what it asks for is gone. */
async function settle(platform: Platform, { accountId, id }: AudienceJob): Promise<boolean> {
  return platform.transaction(async (tx) => {
    const row = await lockAudience(tx, accountId, id)
    if (row?.state !== 'held') return row?.state === 'running'
    const now = platform.now()
    if (row.starts_at > now) {
      await platform.later('audience', { accountId, id }, row.starts_at, tx, audienceKey(id))
      return false
    }
    try {
      const { compiled } = await understand(tx, platform, accountId, row.definition)
      await analytic(tx)
      const settled = await settleAudience(tx, compiled, id, pageSize)
      await beginAudience(tx, accountId, id, settled, now)
      const audience_id = publicId('audience', id)
      await platform.emit(accountId, 'audience.started', [{ audience_id, people: settled.people }], tx)
      await platform.later(
        'audience',
        { accountId, id },
        new Date(now.getTime() + deadMs),
        tx,
        audienceKey(id),
      )
      return true
    } catch (error) {
      // A list or an attribute that it speaks of is gone.
      if (!(error instanceof KurzpostError)) throw error
      await endAudience(tx, accountId, id, 'failed', now)
      return false
    }
  })
}

interface Letter {
  template: Template
  definitions: Definitions
  language: string
  /** Of every draft. The sender of the topic is said here, so that no gate has to amend each by it. */
  same: Omit<Draft, 'to' | 'text'>
}

/** Undoes a page of an audience that was stopped meanwhile. */
const stopped = new Error('the audience was stopped')

/**
 * Sends to a page that nobody else is at; false when there is none, or it is time for others. The page is held from its
 * beginning, the audience from its last statements on: a stop waits for these alone, and after it no page commits.
 */
async function sendPage(
  platform: Platform,
  job: AudienceJob,
  letter: Letter,
  over: () => boolean,
): Promise<boolean> {
  const { accountId, id } = job
  try {
    return await platform.transaction(async (tx) => {
      const page = await claimPage(tx, accountId, id)
      if (page === undefined) return finish(tx, platform, job)
      const people = await readPage(tx, accountId, id, page)
      const { drafts, refused } = write(people, letter)
      const counts = count(await platform.send(accountId, drafts, tx), refused)
      const row = await lockAudience(tx, accountId, id)
      if (row?.state !== 'running') throw stopped
      const now = platform.now()
      const all = { looked_at: people.length, ...counts, refused: added(row.refused, counts.refused) }
      await advanceAudience(tx, accountId, id, page, all, now)
      const goesOn = !over()
      const next = new Date(now.getTime() + (goesOn ? deadMs : 0))
      await platform.later('audience', { accountId, id }, next, tx, audienceKey(id))
      return goesOn
    })
  } catch (error) {
    if (error === stopped) return false
    throw error
  }
}

/** Ends an audience of which every page is sent: whoever still is at one comes by here after it. */
async function finish(tx: Tx, platform: Platform, { accountId, id }: AudienceJob): Promise<false> {
  const row = await lockAudience(tx, accountId, id)
  if (row?.state !== 'running' || row.pages_sent < (row.pages ?? 0)) return false
  await endAudience(tx, accountId, id, 'finished', platform.now())
  await dropPages(tx, accountId, id)
  await platform.emit(accountId, 'audience.finished', [finishedPayload({ ...row, state: 'finished' })], tx)
  return false
}

/** Why a person of the audience gets no draft at all. */
export const ownRefusals = {
  audience_no_number: 'These people have no phone number.',
  audience_variable_missing:
    'A variable of the text is not known of these people, and has nothing to stand in for it.',
} as const

function refuse(counts: RefusedCounts, code: string, sentence: string, by = 1): void {
  const before = counts[code]
  counts[code] = { count: (before?.count ?? 0) + by, sentence: before?.sentence ?? sentence }
}

function added(before: RefusedCounts, more: RefusedCounts): RefusedCounts {
  const sum = { ...before }
  for (const [code, { count, sentence }] of Object.entries(more)) refuse(sum, code, sentence, count)
  return sum
}

function write(
  people: readonly PersonToWrite[],
  { template, definitions, language, same }: Letter,
): { drafts: Draft[]; refused: RefusedCounts } {
  const refused: RefusedCounts = {}
  const drafts: Draft[] = []
  for (const person of people) {
    if (person.address === null) {
      refuse(refused, 'audience_no_number', ownRefusals.audience_no_number)
      continue
    }
    const rendered = render(template, person, definitions, language)
    if ('missing' in rendered)
      refuse(refused, 'audience_variable_missing', ownRefusals.audience_variable_missing)
    else drafts.push({ to: person.address, text: rendered.text, timeZone: person.time_zone, ...same })
  }
  return { drafts, refused }
}

function count(results: readonly (Accepted | Refused)[], refused: RefusedCounts) {
  const counts = { queued: 0, deferred: 0, segments: 0, refused }
  for (const result of results) {
    if (!result.ok) refuse(refused, result.code, result.message)
    else {
      counts.queued++
      counts.segments += result.segments
      if (result.state === 'scheduled') counts.deferred++
    }
  }
  return counts
}

const finishedPayload = ({ id, state, people, queued, deferred, refused }: AudienceRow) => ({
  audience_id: publicId('audience', id),
  state,
  people,
  queued,
  deferred,
  refused: Object.fromEntries(Object.entries(refused).map(([code, { count }]) => [code, count])),
})

async function end(
  platform: Platform,
  { accountId, id }: AudienceJob,
  state: 'stopped' | 'failed',
): Promise<void> {
  await platform.transaction(async (tx) => {
    const row = await lockAudience(tx, accountId, id)
    if (!row || !(await endAudience(tx, accountId, id, state, platform.now()))) return
    await platform.emit(accountId, 'audience.finished', [finishedPayload({ ...row, state })], tx)
    await platform.later('recall', { accountId, id }, platform.now(), tx, `recall-${id}`)
  })
}

/** Stops an audience: nothing more goes out, and a job withdraws what still waits. False when it had ended. */
export async function stopAudience(platform: Platform, job: AudienceJob): Promise<boolean> {
  const before = await readAudience(platform.db, job.accountId, job.id)
  await end(platform, job, 'stopped')
  return before?.state === 'held' || before?.state === 'running'
}

/** The job behind a stop: withdraws the messages that still wait, a page a transaction. */
export async function recallAudience(platform: Platform, payload: unknown): Promise<void> {
  const { accountId, id } = payload as AudienceJob
  const reason = { code: 'audience_stopped', sentence: errors.audience_stopped.sentence }
  const clientRef = publicId('audience', id)
  for (;;) {
    const more = await platform.transaction(async (tx) => {
      // As whoever sends: first the page, then the audience.
      const page = await lockSentPage(tx, accountId, id)
      if (page !== undefined) {
        const people = await readPage(tx, accountId, id, page)
        const recipients = people.flatMap(({ address }) => address ?? [])
        const count = await platform.withdraw(accountId, { recipients, clientRef }, reason, tx)
        await countWithdrawn(tx, accountId, id, count, platform.now())
        await dropPage(tx, accountId, id, page)
      } else await dropPages(tx, accountId, id)
      return page !== undefined
    })
    if (!more) return
  }
}
