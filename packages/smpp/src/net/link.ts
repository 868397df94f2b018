import type { Socket } from 'node:net'
import { SmppError } from '../errors.ts'
import type { PduInput, PduInputOf, RequestPdu, ResponsePdu } from '../pdu/commands.ts'
import { createDecoder } from '../pdu/decoder.ts'
import { layoutOf } from '../pdu/layout.ts'
import { Status } from '../pdu/status.ts'
import type { Action, BindPdu, BindType, CloseReason } from '../session/actions.ts'
import { makeEntry } from '../session/outbox.ts'
import { createSession } from '../session/session.ts'
import type { Entry, Read } from '../session/window.ts'
import { createAborts } from './aborts.ts'
import { createFence } from './fence.ts'
import type { Limits } from './limits.ts'
import type { Handler, LinkHooks, LinkOptions, RequestOptions, ResponseFields } from './link-options.ts'
import { createOutput } from './output.ts'
import { type SubmitFields, type Submitted, submitted } from './submit.ts'
import type { AnswerTo, Sendable } from './verbs.ts'

export type Link = ReturnType<typeof createLink>

// Octets of ours that the peer does not read, beyond which we stop reading its requests. A stranger is not worth much memory.
const writeLimit = 1024 * 1024
const strangersWriteLimit = 16 * 1024
// Reasons to end a link without another octet.
const cut: ReadonlySet<CloseReason> = new Set(['destroyed', 'fenced', 'link_dead', 'write_timeout'])
// How long the last octets may take to leave, before the socket is destroyed.
const lingerMs = 2_000

/** Joins one connected socket and one session: octets in, actions out. The only caller of the session's logic. */
export function createLink(socket: Socket, given: LinkOptions, hooks: LinkHooks) {
  const options = { ...given }
  const { time, writeTimeoutMs } = options
  const session = createSession(options, time.now())
  const decoder = createDecoder({ maxLength: options.maxLength })
  const { mayWrite } = options
  const gate = mayWrite && { mayWrite, refused: () => shut('fenced') }
  const fence = gate && createFence(socket, gate.mayWrite, gate.refused)
  const { write: send = fence ? fence.write : (octets: Buffer) => void socket.write(octets) } = options
  const output = createOutput(
    socket,
    flushed,
    (octets) => {
      send(octets)
      adjustReading()
    },
    gate,
  )
  // No deadline can arise that is nearer than this (but for requests with a timeout of their own), so that the exact one
  // is asked for only when the timer has run.
  let shortest = shortestOf(options)
  let cancelTimer: (() => void) | undefined
  let timerAt = Number.POSITIVE_INFINITY
  let partialSince: number | undefined
  // Since when the peer leaves so much unread that we do not read either.
  let unreadSince: number | undefined
  /** The clock as this turn of the event loop has read it. */
  let turn: number | undefined
  let finished = false
  const aborts = createAborts<Entry>((entries) =>
    run((now, out) => {
      // Those that wait go first, or each place that an abort makes would send one that is about to be aborted.
      for (const entry of entries) if (entry.waiting) session.abort(entry, now, out)
      for (const entry of entries) session.abort(entry, now, out)
    }),
  )
  /** PDUs without an answer, encoded and not yet with the socket. */
  let notices: Entry[] = []

  function perform(actions: Action[]): void {
    for (let i = 0; i < actions.length; i++) {
      const action = actions[i]!
      switch (action.do) {
        case 'write':
          write(action, actions)
          break
        case 'resolve':
          hooks.onAnswer?.(action.pdu, time.now() - action.entry.sentAt)
          settle(action.entry, action.pdu)
          break
        case 'reject':
          action.entry.reject(action.error)
          break
        case 'handle':
          handle(action.pdu)
          break
        case 'bind':
          void bindAsked(action.pdu)
          break
        case 'outbind':
          hooks.onOutbind?.(action.pdu)
          break
        case 'bound':
          hooks.onBound?.(action.pdu)
          break
        case 'refused':
          hooks.onRefused?.(action.pdu)
          break
        case 'note':
          hooks.onNote({ what: action.what, detail: action.detail, ...(action.pdu && { pdu: action.pdu }) })
          break
        case 'close':
          finish(action.reason, action.detail)
          break
      }
    }
  }

  function settle(entry: Entry, answer: ResponsePdu): void {
    entry.resolve(entry.read === undefined ? answer : entry.read(answer, entry.written as never))
  }

  function write(action: Extract<Action, { do: 'write' }>, actions: Action[]): void {
    const { entry } = action
    try {
      output.append(action.pdu, action.sequence)
      if (entry === undefined) return
      if (entry.kind === 'request') output.gate()
      if (entry.read !== undefined) entry.written = output.last()
      if (entry.kind === 'notice') notices.push(entry)
    } catch (cause) {
      const error =
        cause instanceof SmppError ? cause : new SmppError('invalid_pdu', { detail: String(cause) })
      if (entry !== undefined) {
        // What follows from it comes behind the other actions: a queue of thousands that cannot be encoded is no recursion.
        session.unencodable(entry, error, thisTurn(), actions)
        return
      }
      // The handler's answer cannot be encoded: the peer must hear something, or it waits and sends again.
      hooks.onNote({ what: 'handler_failed', detail: error.message })
      output.append({ command: action.pdu.command, status: Status.systemError } as PduInput, action.sequence)
    }
  }

  function run(step: (now: number, out: Action[]) => void): void {
    const out: Action[] = []
    const now = thisTurn()
    step(now, out)
    perform(out)
    wake(now + shortest)
  }

  // Reading the clock costs as much as encoding half a PDU, so what is written in one turn of the event loop shares a
  // reading. Every read of the socket and every timer takes a new one.
  function thisTurn(): number {
    if (turn === undefined || !output.pending) turn = time.now()
    return turn
  }

  function flushed(): void {
    session.flushed()
    if (notices.length === 0) return
    const sent = notices
    notices = []
    for (const entry of sent) entry.resolve(nothing)
  }

  function handle(pdu: RequestPdu): void {
    // A handler has cut the link: what came in the same read can be answered no more, and comes again.
    if (finished) return
    const refusal = hooks.refuse?.(pdu)
    if (refusal !== undefined) {
      answered(pdu, refusal)
      return
    }
    let answer: ReturnType<Handler>
    try {
      answer = hooks.onRequest(pdu)
    } catch (cause) {
      failed(pdu, cause)
      return
    }
    if (isThenable(answer))
      answer.then(
        (fields) => done(pdu, fields),
        (cause) => failed(pdu, cause),
      )
    else done(pdu, answer)
  }

  function failed(pdu: RequestPdu, cause: unknown): void {
    const name = cause instanceof Error ? cause.name : typeof cause
    hooks.onNote({ what: 'handler_failed', detail: `${pdu.command}: ${name}` })
    // A temporary error, so that the peer sends it again.
    done(pdu, { status: options.role === 'client' ? Status.receiverTemporary : Status.systemError })
  }

  function done(pdu: RequestPdu, fields: ResponseFields | undefined): void {
    answered(pdu, hooks.onHandled === undefined ? fields : hooks.onHandled(fields))
  }

  function answered(pdu: RequestPdu, fields: ResponseFields | undefined): void {
    const command = layoutOf(pdu.command)?.answer
    const answer = command === undefined ? undefined : ({ ...fields, command } as PduInput)
    const out: Action[] = []
    const now = thisTurn()
    session.handled(pdu, answer, now, out)
    perform(out)
    wake(now + shortest)
    if (!output.pending) adjustReading()
  }

  async function bindAsked(pdu: BindPdu): Promise<void> {
    const answer = await hooks.onBind!(pdu)
    run((_now, out) => session.bindAnswered(pdu, answer, out))
    if (session.state === 'bound') hooks.onLetIn?.(pdu)
  }

  function onData(chunk: Buffer): void {
    turn = undefined
    run((now, out) => {
      const decoded = decoder.push(chunk)
      for (let i = 0; i < decoded.length; i++) session.receive(decoded[i]!, now, out)
      if (decoder.pending === 0) partialSince = undefined
      else if (decoded.length > 0 || partialSince === undefined) partialSince = now
    })
    adjustReading()
  }

  function adjustReading(): void {
    const limit = session.state === 'open' ? strangersWriteLimit : writeLimit
    const unread = socket.writableLength + (fence?.held ?? 0) > limit
    if (!unread) unreadSince = undefined
    else if (unreadSince === undefined) {
      unreadSince = time.now()
      wake(unreadSince + writeTimeoutMs)
    }
    const pause = session.paused || unread
    if (pause && !socket.isPaused()) socket.pause()
    else if (!pause && socket.isPaused()) {
      // Half a PDU that lay while we did not read is no fault of the peer.
      if (partialSince !== undefined) {
        partialSince = time.now()
        wake(partialSince + options.readTimeoutMs)
      }
      socket.resume()
    }
  }

  /** When half a PDU has lain too long; never while it is we who do not read. */
  const partialBy = (): number =>
    partialSince === undefined || socket.isPaused()
      ? Number.POSITIVE_INFINITY
      : partialSince + options.readTimeoutMs

  /** Sees to it that a timer runs at `at` or before. */
  function wake(at: number): void {
    if (at >= timerAt || session.state === 'closed') return
    cancelTimer?.()
    timerAt = at
    cancelTimer = time.after(Math.max(0, at - time.now()), tick)
  }

  function tick(): void {
    timerAt = Number.POSITIVE_INFINITY
    cancelTimer = undefined
    turn = undefined
    run((now, out) => {
      session.tick(now, out)
      if (now >= partialBy()) session.close(out, 'read_timeout')
      if (unreadSince !== undefined && now >= unreadSince + writeTimeoutMs)
        session.close(out, 'write_timeout')
    })
    adjustReading()
    const unreadBy = unreadSince === undefined ? Number.POSITIVE_INFINITY : unreadSince + writeTimeoutMs
    wake(Math.min(session.nextAt(), partialBy(), unreadBy))
  }

  function finish(reason: CloseReason, detail?: string): void {
    finished = true
    cancelTimer?.()
    cancelTimer = undefined
    timerAt = Number.POSITIVE_INFINITY
    output.finish()
    if (cut.has(reason)) socket.destroy()
    else if (!socket.destroyed) {
      // Reading on and dropping what comes lets the peer see our last answer instead of a reset.
      socket.resume()
      socket.destroySoon()
      const cancel = time.after(lingerMs, () => socket.destroy())
      socket.once('close', cancel)
    }
    const lost = notices
    notices = []
    for (const entry of lost) entry.reject(new SmppError('closed', { detail: reason }))
    hooks.onClose(reason, detail)
  }

  const shut = (reason: CloseReason, detail?: string): void =>
    run((_now, out) => session.close(out, reason, detail))

  socket.setNoDelay(true)
  socket.on('data', onData)
  socket.on('drain', adjustReading)
  socket.on('end', () => shut('socket_closed'))
  socket.on('error', (error: NodeJS.ErrnoException) => shut('socket_error', error.code ?? error.message))
  socket.on('close', () => shut('socket_closed'))
  wake(time.now() + shortest)

  /** Sends a request; resolves with the answer whatever its status, rejects with SmppError. */
  function request<C extends Sendable>(
    pdu: PduInputOf<C>,
    requestOptions?: RequestOptions,
  ): Promise<AnswerTo<C>>
  function request(pdu: PduInput, requestOptions?: RequestOptions): Promise<unknown> {
    return ask(pdu, undefined, requestOptions)
  }

  /** The same for a submit_sm, and its answer read. */
  const submit = (fields: SubmitFields, requestOptions?: RequestOptions): Promise<Submitted> =>
    ask({ ...fields, command: 'submit_sm' }, submitted, requestOptions) as Promise<Submitted>

  function ask(
    pdu: PduInput,
    read: Read | undefined,
    { signal, timeoutMs }: RequestOptions = {},
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new SmppError('aborted'))
      const entry =
        signal === undefined
          ? makeEntry('request', pdu, resolve, reject, read, timeoutMs)
          : abortable(signal, pdu, resolve, reject, read, timeoutMs)
      const out: Action[] = []
      const now = thisTurn()
      session.request(entry, now, out)
      perform(out)
      wake(now + (timeoutMs !== undefined && timeoutMs < shortest ? timeoutMs : shortest))
    })
  }

  function abortable(
    signal: AbortSignal,
    pdu: PduInput,
    resolve: Entry['resolve'],
    reject: Entry['reject'],
    read: Read | undefined,
    timeoutMs: number | undefined,
  ): Entry {
    const entry = makeEntry(
      'request',
      pdu,
      (outcome) => {
        aborts.remove(signal, entry)
        resolve(outcome)
      },
      (error) => {
        aborts.remove(signal, entry)
        reject(error)
      },
      read,
      timeoutMs,
    )
    aborts.add(signal, entry)
    return entry
  }

  /** Sends a PDU that has no answer; resolves when its octets are with the socket: nobody can know more. */
  function notify(pdu: PduInput): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = makeEntry('notice', pdu, () => resolve(), reject)
      run((now, out) => session.notify(entry, now, out))
    })
  }

  return {
    session,
    /** What is under way keeps the deadline that it has. */
    adjust(limits: Partial<Limits>): void {
      Object.assign(options, limits)
      shortest = shortestOf(options)
      run((now, out) => session.adjusted(now, out))
    },
    request,
    submit,
    notify,
    bind: (pdu: PduInput, type: BindType) => run((now, out) => session.bind(pdu, type, now, out)),
    outbind: (pdu: PduInputOf<'outbind'>) => run((now, out) => session.outbind(pdu, now, out)),
    /** Leaves politely; `onClose` tells when it is over. */
    unbind: () => run((now, out) => session.unbind(now, out)),
    destroy: () => shut('destroyed'),
    /** Ends the link and says why. */
    end: shut,
  }
}

const shortestOf = (limits: Limits): number =>
  Math.min(
    limits.responseTimeoutMs,
    limits.enquireLinkMs,
    limits.bindTimeoutMs,
    limits.readTimeoutMs,
    limits.stallMs,
  )

/** Promises of other makes too: taken for fields, they would be an answer before the work is done. */
const isThenable = (answer: ReturnType<Handler>): answer is Promise<ResponseFields | undefined> =>
  typeof (answer as { then?: unknown } | undefined)?.then === 'function'

/** What a PDU without an answer is resolved with, and nobody looks at. */
const nothing = { command: 'generic_nack', status: 0, sequence: 0, tlvs: [] } as ResponsePdu
