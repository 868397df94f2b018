import { SmppError } from '../errors.ts'
import type { RequestPdu } from '../pdu/commands.ts'
import { layoutOf } from '../pdu/layout.ts'
import { Status } from '../pdu/status.ts'
import type { Time } from '../time.ts'
import type { Note, ResponseFields } from './link-options.ts'

export type Requests = ReturnType<typeof createRequests>

interface Held {
  readonly pdu: RequestPdu
  /** Whatever brought it. */
  readonly link: object
  readonly answer: (fields: ResponseFields | undefined) => void
  readonly at: number
  told: boolean
}

/**
 * The peer's requests on their way to a `for await` loop, over one link after the other. They wait here unread until
 * the loop takes them and unanswered until `respond`; the session behind each link counts both as being handled, so that
 * a slow loop holds the peer back by TCP. What waits for its answer longer than `stallMs` is told by a note.
 */
export function createRequests(options: {
  role: 'client' | 'server'
  /** Requests go to a handler: there is no loop. */
  handler: boolean
  stallMs: number
  time: Time
  note(note: Note): void
}) {
  const { stallMs, time } = options
  /** In the order in which they came. */
  const open = new Map<RequestPdu, Held>()
  /** Whose link ended before they were answered. */
  const orphans = new WeakSet<RequestPdu>()
  let unread: Held[] = []
  let head = 0
  let readers: ((result: IteratorResult<RequestPdu, undefined>) => void)[] = []
  let looping = false
  let leaving = false
  let ended = false
  /** Which life of the client this is: a loop of an earlier one takes nothing of the next. */
  let life = 0
  let cancelTimer: (() => void) | undefined

  const done = { done: true, value: undefined } as const

  /** Takes a request in and resolves with what `respond` answers it. */
  function offer(pdu: RequestPdu, link: object): Promise<ResponseFields | undefined> {
    return new Promise((answer) => {
      const held: Held = { pdu, link, answer, at: time.now(), told: false }
      if (leaving && !looping) {
        refuse(held)
        return
      }
      open.set(pdu, held)
      cancelTimer ??= time.after(stallMs, watch)
      const reader = readers.shift()
      if (reader !== undefined) reader({ done: false, value: read(held) })
      else unread.push(held)
    })
  }

  function take(): Held | undefined {
    const held = unread[head]
    if (held === undefined) return undefined
    head++
    if (head === unread.length) {
      unread = []
      head = 0
    }
    return held
  }

  /** What has no answer is done when it is read. */
  function read({ pdu, answer }: Held): RequestPdu {
    if (layoutOf(pdu.command)?.answer === undefined) {
      open.delete(pdu)
      answer(undefined)
    }
    return pdu
  }

  function refuse({ pdu, answer }: Held): void {
    open.delete(pdu)
    answer({ status: options.role === 'client' ? Status.receiverTemporary : Status.systemError })
  }

  function refuseUnread(): void {
    for (let held = take(); held !== undefined; held = take()) refuse(held)
  }

  function watch(): void {
    cancelTimer = undefined
    const now = time.now()
    for (const held of open.values()) {
      if (held.told) continue
      if (now < held.at + stallMs) {
        cancelTimer = time.after(held.at + stallMs - now, watch)
        return
      }
      held.told = true
      const { command, sequence } = held.pdu
      options.note({ what: 'unanswered', detail: `${command} ${sequence} waits for respond()` })
    }
  }

  function finishReaders(): void {
    const waiting = readers
    readers = []
    for (const reader of waiting) reader(done)
  }

  return {
    offer,

    /**
     * Answers a request, once. Throws SmppError: `closed` when the link that brought it is gone (the peer sends it
     * again), `already_answered`. What has no answer (alert_notification) needs no respond.
     */
    respond(pdu: RequestPdu, fields?: ResponseFields): void {
      const held = open.get(pdu)
      if (held === undefined) {
        if (layoutOf(pdu.command)?.answer === undefined) return
        throw new SmppError(orphans.has(pdu) ? 'closed' : 'already_answered', { detail: pdu.command })
      }
      open.delete(pdu)
      held.answer(fields)
    },

    /** One loop at a time. Throws SmppError `requests_taken`. */
    iterate(): AsyncIterableIterator<RequestPdu, undefined> {
      if (options.handler || looping) throw new SmppError('requests_taken')
      looping = true
      let over = false
      const begun = life
      const iterator: AsyncIterableIterator<RequestPdu, undefined> = {
        next() {
          if (begun !== life) over = true
          const held = over ? undefined : take()
          if (held !== undefined) return Promise.resolve({ done: false, value: read(held) })
          if (over || ended) return iterator.return!()
          return new Promise((resolve) => readers.push(resolve))
        },
        return() {
          if (!over && begun === life) {
            over = true
            looping = false
            finishReaders()
            if (leaving) refuseUnread()
          }
          return Promise.resolve(done)
        },
        [Symbol.asyncIterator]: () => iterator,
      }
      return iterator
    },

    /** A link has ended: what it brought can be answered no more, and what nobody has read comes again anyway. */
    dropped(link: object): void {
      for (const held of open.values()) {
        if (held.link !== link) continue
        open.delete(held.pdu)
        orphans.add(held.pdu)
        held.answer(undefined)
      }
      unread = unread.slice(head).filter((held) => held.link !== link)
      head = 0
    },

    /** We are about to unbind: nothing may wait for a loop that does not come. */
    leave(): void {
      leaving = true
      if (!looping) refuseUnread()
    },

    begin(): void {
      leaving = false
      ended = false
    },

    /** For good: loops end. */
    end(): void {
      life++
      ended = true
      looping = false
      cancelTimer?.()
      cancelTimer = undefined
      finishReaders()
    },
  }
}
