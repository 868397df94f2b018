import { createHash } from 'node:crypto'
import type { Tx } from '../../../store/db.ts'
import { type Asking, valuesToAsk } from '../compose.ts'
import type { Service } from '../service.ts'
import type { Fetch, Fetched } from './fetch.ts'
import { type Reading, readAnswer, type SourceProblem } from './read.ts'
import { buildRequest, type SourceRequest } from './request.ts'
import {
  cachedReading,
  keepReading,
  mayProbe,
  noteAnswered,
  noteFailed,
  sourceState,
} from './source.store.ts'

/** What came of asking a source, and by which way. */
export interface Consulted {
  readonly reading?: Reading
  readonly problem?: SourceProblem
  readonly by: 'source' | 'cache' | 'stale' | 'nobody'
}

const strange: SourceProblem = {
  code: 'keyword_unusable_argument',
  sentence: 'What was asked for cannot stand in the address of the source.',
}
const resting: SourceProblem = {
  code: 'keyword_source_rests',
  sentence: 'The source has failed several times in a row and is left alone for a while.',
}

/** Whether a failure says something about the source, and not about what it was asked: words of a phone must not stop it. */
const isItsOwn = (code: string): boolean => !/^http_4(?!08|25|29)/.test(code)

const isProblem = (read: Reading | SourceProblem): read is SourceProblem => 'code' in read

const keyOf = ({ method, url, headers, body }: SourceRequest): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([method, url, headers, body]))
    .digest()

/** Asks a source, or the memory of what it said, as the settings allow. */
export function createConsult(options: {
  db: Tx
  fetch: Fetch
  now: () => Date
}): (asking: Asking) => Promise<Consulted> {
  const { db, fetch, now } = options

  async function ask(service: Service, request: SourceRequest): Promise<Reading | SourceProblem> {
    const owner = { accountId: service.accountId, serviceId: service.id }
    const state = await sourceState(db, owner)
    if (state?.restsUntil && !(state.restsUntil <= now() && (await mayProbe(db, owner, now()))))
      return resting
    const read = readFetched(service, await fetch(request, service.settings.source!.timeout_ms))
    if (!isProblem(read)) await noteAnswered(db, owner, now())
    else if (isItsOwn(read.code)) await noteFailed(db, owner, read, now())
    return read
  }

  return async (asking) => {
    const { service } = asking.entry
    const source = service.settings.source!
    const request = buildRequest(source, service.secrets, valuesToAsk(asking))
    if (!request) return { problem: strange, by: 'nobody' }
    const owner = { accountId: service.accountId, serviceId: service.id }
    const key = keyOf(request)
    const remembers = source.cache_seconds > 0 || source.stale_seconds > 0
    const kept = remembers ? await cachedReading(db, owner, key) : undefined
    const age = kept ? (now().getTime() - kept.readAt.getTime()) / 1_000 : Number.POSITIVE_INFINITY
    if (kept && age <= source.cache_seconds) return { reading: kept.reading, by: 'cache' }
    const read = await ask(service, request)
    if (!isProblem(read)) {
      if (remembers) await keepReading(db, owner, key, read, now())
      return { reading: read, by: 'source' }
    }
    if (kept && age <= source.cache_seconds + source.stale_seconds)
      return { reading: kept.reading, problem: read, by: 'stale' }
    return { problem: read, by: read === resting ? 'nobody' : 'source' }
  }
}

export const readFetched = (service: Service, { answer, problem }: Fetched): Reading | SourceProblem =>
  problem ?? readAnswer(service.settings.source!, answer!)
