import type { Socket } from 'node:net'
import { SmppError } from '../errors.ts'
import type { PduOf } from '../pdu/commands.ts'
import { statusName } from '../pdu/status.ts'
import { createBackoff } from '../session/backoff.ts'
import { systemTime } from '../time.ts'
import { bindPduOf } from './bind-pdu.ts'
import { guarded } from './callback.ts'
import type {
  Adjustments,
  BindOptions,
  ClientOptions,
  ClientState,
  Peer,
  ReconnectOptions,
  SmppClient,
  StateDetail,
} from './client-options.ts'
import { limitsOf } from './limits.ts'
import { createLink, type Link } from './link.ts'
import type { Note } from './link-options.ts'
import { awaitSocket, openSocket } from './open-socket.ts'
import { createRequests } from './requests.ts'
import type { Verbs } from './verbs.ts'

/**
 * An ESME: connects, binds, keeps the link alive and comes back after it is lost. Nothing happens before `start()` or
 * `connect()`. Throws RangeError for limits that are none, SmppError `invalid_pdu` for a name or
 * password that no bind can hold.
 */
export function createClient(options: ClientOptions): SmppClient {
  const { connectTimeoutMs = 10_000, reconnect = {}, time = systemTime, random, others = [] } = options
  const peers: readonly Peer[] = [options, ...others]
  let turn = 0
  const peer = (): Peer => peers[turn % peers.length]!
  return createClientOver(options, {
    open: () => openSocket(peer()),
    peer: () => `${peer().host}:${peer().port}`,
    failed: () => {
      turn++
    },
    connectTimeoutMs,
    time,
    reconnect,
    random,
  })
}

/** Where the links of a client come from. */
export interface Source {
  open(): { socket: Socket; opened: string | undefined }
  connectTimeoutMs?: number
  time: NonNullable<BindOptions['time']>
  reconnect: ReconnectOptions | false
  random?: (() => number) | undefined
  /** `host:port` of the next attempt, or of the link that stands. */
  peer?(): string
  /** The attempt did not lead to a bind. */
  failed?(): void
  /** The SMSC has called: bind when it has sent an outbind that this finds good. */
  accept?(outbind: PduOf<'outbind'>): boolean | Promise<boolean>
}

/** A client over sockets from wherever. */
export function createClientOver(options: BindOptions, source: Source): SmppClient {
  const { time, reconnect } = source
  let limits = limitsOf(options)
  const bindPdu = bindPduOf(options)
  const log = guarded((note: Note) => options.onLog?.(note))
  const tellState = guarded((now: ClientState, detail: StateDetail) => options.onState?.(now, detail))
  const bindType = options.bindType ?? 'transceiver'
  const backoffOf = ({ minMs = 500, maxMs = 30_000 }: ReconnectOptions) =>
    createBackoff(minMs, maxMs, source.random)
  let backoff = reconnect && backoffOf(reconnect)
  let state: ClientState = 'idle'
  let link: Link | undefined
  /** Ends an attempt or the wait for the next one. */
  let giveUp: (() => void) | undefined
  let boundAt: number | undefined
  let stopping = false
  let attempts = 0
  let ended: (() => void)[] = []
  /** Who waits for the bind. */
  const expectant = new Set<(error?: SmppError) => void>()
  const requests = createRequests({
    role: 'client',
    handler: options.onRequest !== undefined,
    stallMs: limits.stallMs,
    time,
    note: log,
  })

  function enter(next: ClientState, detail: StateDetail = {}): void {
    state = next
    if (next === 'bound') for (const settle of expectant) settle()
    if (next === 'closed') for (const settle of expectant) settle(whyClosed(detail))
    if (next === 'closed') {
      requests.end()
      const callbacks = ended
      ended = []
      for (const callback of callbacks) callback()
    }
    tellState(next, detail)
  }

  function start(): void {
    if (state !== 'idle' && state !== 'closed') return
    stopping = false
    requests.begin()
    attempt()
  }

  function attempt(): void {
    const mine = ++attempts
    enter('connecting')
    // onState may have closed the client, and may have started it once more.
    if (stopping || mine !== attempts) return
    let opening: ReturnType<Source['open']>
    try {
      opening = source.open()
    } catch (cause) {
      // A certificate that cannot be read, a port that is none: thrown out of a timer it would end the process.
      lost({ reason: 'connect_failed', detail: codeOf(cause) })
      return
    }
    const { socket, opened } = opening
    if (opened === undefined) {
      bind(socket)
      return
    }
    giveUp = awaitSocket(
      { socket, opened },
      (run) => time.after(source.connectTimeoutMs ?? 10_000, run),
      () => {
        giveUp = undefined
        bind(socket)
      },
      (code) => lost({ reason: 'connect_failed', detail: code }),
    )
  }

  function bind(connected: Socket): void {
    let refusal: number | undefined
    const created = createLink(
      connected,
      {
        role: 'client',
        interfaceVersion: options.interfaceVersion ?? options.version ?? 0x34,
        version: options.version,
        mayWrite: options.mayWrite && (() => options.mayWrite!()),
        boundOn: options.boundOn,
        ...limits,
        time,
      },
      {
        onRequest: options.onRequest ?? ((pdu) => requests.offer(pdu, created)),
        onAnswer: options.onAnswer && guarded((answer, ms) => options.onAnswer?.(answer, ms)),
        onNote: log,
        onBound(answer) {
          boundAt = time.now()
          const { version } = created.session
          enter('bound', 'system_id' in answer ? { systemId: answer.system_id, version } : { version })
        },
        onRefused(answer) {
          refusal = answer.status
          log({ what: 'bind_refused', detail: statusName(answer.status) })
        },
        onOutbind: (pdu) => void judge(created, pdu),
        onClose(reason, detail) {
          if (link === created) link = undefined
          requests.dropped(created)
          lost({
            reason,
            ...(detail !== undefined && { detail }),
            ...(refusal !== undefined && { status: refusal }),
          })
        },
      },
    )
    link = created
    enter('binding')
    if (source.accept === undefined && link === created) askIn(created)
  }

  function askIn(over: Link): void {
    over.bind(bindPdu, bindType)
  }

  async function judge(over: Link, pdu: PduOf<'outbind'>): Promise<void> {
    let good = false
    try {
      good = (await source.accept?.(pdu)) === true
    } catch {
      log({ what: 'handler_failed', detail: 'outbind' })
    }
    if (good) askIn(over)
    else over.end('outbind_refused')
  }

  function lost(detail: StateDetail): void {
    giveUp = undefined
    if (boundAt === undefined) source.failed?.()
    if (boundAt !== undefined && backoff) backoff.held(time.now() - boundAt)
    boundAt = undefined
    if (stopping || !reconnect || !backoff) {
      enter('closed', detail)
      return
    }
    const least = detail.status === undefined ? undefined : reconnect.minMsByStatus?.[detail.status]
    const retryInMs = backoff.next(least)
    giveUp = time.after(retryInMs, attempt)
    enter('waiting', { ...detail, retryInMs, attempt: backoff.attempt })
  }

  function connect({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (signal?.aborted) return Promise.reject(new SmppError('aborted'))
    const begun = state === 'idle' || state === 'closed'
    if (state === 'bound') return Promise.resolve()
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: SmppError): void => {
        expectant.delete(settle)
        signal?.removeEventListener('abort', onAbort)
        if (error === undefined) resolve()
        else reject(error)
      }
      const onAbort = (): void => {
        settle(new SmppError('aborted'))
        if (begun) destroy()
      }
      expectant.add(settle)
      signal?.addEventListener('abort', onAbort)
      start()
    })
  }

  const request: Verbs['request'] = (pdu, requestOptions) => {
    if (link === undefined) return Promise.reject(new SmppError('not_bound', { detail: state }))
    return link.request(pdu, requestOptions)
  }

  const submit: SmppClient['submit'] = (fields, submitOptions) => {
    if (link === undefined) return Promise.reject(new SmppError('not_bound', { detail: state }))
    return link.submit(fields, submitOptions)
  }

  function close(): Promise<void> {
    if (state === 'idle' || state === 'closed') {
      if (state === 'idle') enter('closed')
      return Promise.resolve()
    }
    stopping = true
    const over = new Promise<void>((resolve) => ended.push(resolve))
    if (link !== undefined) {
      if (state === 'bound') enter('unbinding')
      requests.leave()
      link?.unbind()
    } else abandon()
    return over
  }

  function abandon(): void {
    giveUp?.()
    giveUp = undefined
    enter('closed')
  }

  function adjust(given: Adjustments): void {
    const { reconnect: pauses, ...others } = given
    limits = limitsOf({ ...limits, ...others })
    if (backoff && pauses) backoff = backoffOf(pauses)
    link?.adjust(limits)
  }

  function destroy(): void {
    if (state === 'closed') return
    stopping = true
    if (link !== undefined) link.destroy()
    else abandon()
  }

  return {
    start,
    connect,
    get state() {
      return state
    },
    get version() {
      return state === 'bound' || state === 'unbinding' ? link?.session.version : undefined
    },
    get peer() {
      return source.peer?.()
    },
    get freeWindow() {
      return link?.session.freeWindow ?? 0
    },
    get inFlight() {
      return link?.session.inFlight ?? 0
    },
    adjust,
    request,
    submit,
    respond: requests.respond,
    [Symbol.asyncIterator]: requests.iterate,
    close,
    destroy,
  }
}

const codeOf = (cause: unknown): string =>
  String((cause as NodeJS.ErrnoException).code ?? (cause as Error).message)

function whyClosed({ reason, detail, status }: StateDetail): SmppError {
  const code = reason === 'connect_failed' || reason === 'bind_refused' ? reason : 'closed'
  const told = status === undefined ? (detail ?? reason) : statusName(status)
  return new SmppError(code, {
    ...(told !== undefined && { detail: told }),
    ...(status !== undefined && { status }),
  })
}
