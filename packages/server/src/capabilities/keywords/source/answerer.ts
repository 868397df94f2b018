import type { Platform } from '../../../platform.ts'
import { type Asking, say, sayReading } from '../compose.ts'
import { findPeople } from '../person.store.ts'
import { sendReplies } from '../reply.ts'
import { findService } from '../service.store.ts'
import type { Service } from '../service.ts'
import { fold } from '../words.ts'
import { finishAsk, type TakenAsk, takeAsks } from './ask.store.ts'
import type { Consulted } from './consult.ts'
import type { SourceProblem } from './read.ts'

/** Questions that one process asks at a time; the others wait in their table. */
const mostUnderWay = 32
/** What an answer takes beside its source: after that, whoever had the question is taken for dead. */
const spareMs = 5_000
/** A question that has outlived so many processes is not asked again: it may be what ended them. */
const mostAttempts = 3

const gaveUp: SourceProblem = {
  code: 'keyword_gave_up',
  sentence: 'The source was asked three times, and each time the server stopped before it had answered.',
}

/**
 * Works through the questions to sources: outside of the transaction of the message, and outside of the job, which only
 * starts it, so that a slow source holds up nobody's jobs. A question is leased in a commit and deleted in that of its
 * answer: after a kill it is asked again, and whoever comes late answers nothing.
 */
export function createAnswerer(options: {
  platform: Platform
  consult: (asking: Asking) => Promise<Consulted>
}): { pump(): Promise<void>; idle(): Promise<void> } {
  const { platform, consult } = options
  const underWay = new Set<Promise<void>>()
  let more = false

  async function pump(): Promise<void> {
    const free = mostUnderWay - underWay.size
    if (free <= 0) {
      more = true
      return
    }
    const now = platform.now()
    const taken = await platform.transaction(async (tx) => {
      const asks = await takeAsks(tx, now, spareMs, free)
      const last = asks.reduce((latest, { due_at }) => Math.max(latest, due_at.getTime()), 0)
      // Whoever lives then looks whether all of them were answered.
      if (asks.length > 0) await platform.later('answer', {}, new Date(last + 100), tx, 'lapsed')
      return asks
    })
    more = taken.length === free
    for (const ask of taken) {
      const work = answer(ask)
        .catch((error: Error) =>
          platform.log.warn(
            { error: error.message },
            'a keyword question could not be answered; it is tried again',
          ),
        )
        .finally(() => {
          underWay.delete(work)
          if (more) void pump().catch(() => {}) // what is left is taken when its lease ends
        })
      underWay.add(work)
    }
  }

  async function answer(ask: TakenAsk): Promise<void> {
    const service = await findService(platform.db, ask.account_id, ask.service_id)
    if (!service?.settings.source) {
      // It was deleted meanwhile: there is nobody whose words could be used.
      await platform.transaction((tx) => finishAsk(tx, ask))
      return
    }
    const asking = await askingOf(ask, service)
    const consulted: Consulted =
      ask.attempt > mostAttempts ? { problem: gaveUp, by: 'nobody' } : await consult(asking)
    const { reading, problem } = consulted
    const said = reading ? sayReading(asking, reading) : say(asking, 'failed')
    await platform.transaction(async (tx) => {
      if (!(await finishAsk(tx, ask))) return
      const { to, from, how } = ask.asking
      const reply = {
        ...{ accountId: ask.account_id, messageId: ask.message_id, from: to, to: from, at: asking.at, said },
        ...{ service, keyword: asking.entry.keyword.word, how, problem },
      }
      await sendReplies(platform, [reply], tx)
    })
  }

  async function askingOf(ask: TakenAsk, service: Service): Promise<Asking> {
    const { from, to, given, at, keyword: word } = ask.asking
    const [person] = await findPeople(platform.db, [{ accountId: ask.account_id, from }])
    const keyword = service.keywords.find((each) => fold(each.word) === fold(word)) ?? { word }
    const entry = { service, keyword, arguments: service.settings.arguments, columns: [] }
    return { entry, given, from, to, at: new Date(at), person }
  }

  return {
    pump,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
