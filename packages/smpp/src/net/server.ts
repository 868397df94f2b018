import { createServer as createTcpServer } from 'node:net'
import type { Account } from '../door/accounts.ts'
import { plainAddress } from '../door/address.ts'
import { createBindJudge } from '../door/bind.ts'
import { createStrangerLog } from '../door/notes.ts'
import { SmppError } from '../errors.ts'
import { encodePdu } from '../pdu/encode.ts'
import { Status } from '../pdu/status.ts'
import type { BindType } from '../session/actions.ts'
import { systemTime } from '../time.ts'
import { guarded } from './callback.ts'
import { createDoor } from './door.ts'
import { type Host, serveGuest } from './guest.ts'
import { limitsOf, requirePositive } from './limits.ts'
import { callOut } from './outbind.ts'
import type { ServerNote, ServerOptions, ServerSession, SmppServer } from './server-options.ts'
import { createSystems } from './systems.ts'

// Lines about strangers in one interval, whatever they do.
const maxStrangerLines = 100
const defaultGraceMs = 10_000

const asksForCertificate = (account: Account): boolean => account.certificates !== undefined

const positive = [
  'maxBinds',
  'maxConnections',
  'maxUnbound',
  'maxPerAddress',
  'maxRatePerAddress',
  'handshakeTimeoutMs',
  'logIntervalMs',
] as const

/**
 * Listens for ESMEs. Resolves when the port is open; rejects with SmppError 'listen_failed', with TypeError where neither
 * `accounts` nor `onBind` is given, `proxyProtocol` has no `trustedProxies`, or an account wants certificates that no `requestCert` asks for; with RangeError for addresses that cannot be read and for
 * limits that are none, with SmppError 'invalid_pdu' for a systemId that no answer can hold.
 */
export async function createServer(options: ServerOptions): Promise<SmppServer> {
  if (options.accounts === undefined && options.onBind === undefined)
    throw new TypeError('createServer needs accounts or onBind')
  const limits = limitsOf(options, { bindTimeoutMs: 10_000 })
  requirePositive(options, positive)
  if (options.proxyProtocol === 'require' && !options.trustedProxies?.length)
    throw new TypeError('proxyProtocol needs trustedProxies: nobody else may connect')
  // Found out in an answer it would be a system error to every peer.
  encodePdu({ command: 'bind_transceiver_resp', system_id: options.systemId })
  if (
    Array.isArray(options.accounts) &&
    !options.tls?.requestCert &&
    options.accounts.some(asksForCertificate)
  )
    throw new TypeError('an account with certificates needs tls.requestCert: nobody else can show one')
  const time = options.time ?? systemTime
  const sessions = new Set<ServerSession>()
  const calls = new Set<() => void>()
  // Answers to binds that wait. When the server is closed nobody is left to hear them, and no timer may stay.
  const waits = new Set<() => void>()
  let closed = false
  const { bindTimeoutMs } = limits
  const log = guarded((note: ServerNote) => options.onLog?.(note))
  let lastId = 0

  const strangers = createStrangerLog<ServerNote['what']>(
    { time, intervalMs: options.logIntervalMs ?? 60_000, maxLines: maxStrangerLines },
    log,
  )
  const judge = createBindJudge({
    accounts: options.accounts,
    onBind: options.onBind && ((bind) => options.onBind!(bind)),
    revealUnknown: options.revealUnknown ?? false,
    lockout: options.lockout ?? {},
    now: () => time.now(),
    wait,
  })
  function wait(ms: number): Promise<void> {
    if (closed) return Promise.resolve()
    return new Promise((resolve) => {
      const over = (): void => {
        cancel()
        waits.delete(over)
        resolve()
      }
      const cancel = time.after(Math.min(ms, bindTimeoutMs / 2), over)
      waits.add(over)
    })
  }

  const host: Host = {
    options,
    limits,
    time,
    systems: createSystems(options.maxBinds),
    async judge(pdu, { address, certificate }) {
      const verdict = await judge({
        systemId: pdu.system_id,
        password: pdu.password,
        systemType: pdu.system_type,
        interfaceVersion: pdu.interface_version,
        bindType: pdu.command.slice('bind_'.length) as BindType,
        addressRange: pdu.address_range,
        address,
        certificate,
      })
      return closed ? { ...verdict, status: Status.bindFailed, why: 'the server closes' } : verdict
    },
    log(note) {
      if (note.systemId === undefined) strangers.add(note.what, note.detail, note.address)
      else log(note)
    },
    opened: guarded((session) => {
      sessions.add(session)
      options.onSession?.(session)
    }),
    closed: guarded((session, reason) => {
      sessions.delete(session)
      options.onClose?.(session, reason)
    }),
  }
  const door = createDoor(options, time, strangers.add, (guest) => serveGuest(guest, ++lastId, host))
  const server = createTcpServer(door.accept)
  server.maxConnections = options.maxConnections ?? 10_000
  server.on('drop', (data) =>
    strangers.add('connection_refused', 'too many connections', plainAddress(data?.remoteAddress ?? '')),
  )

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new SmppError('listen_failed', { detail: error.code ?? error.message })),
    )
    server.listen(options.port, options.host ?? '127.0.0.1', resolve)
  })
  // It goes on listening: out of descriptors (EMFILE), say. Nobody knows who it was that could not come in.
  server.on('error', (error: NodeJS.ErrnoException) =>
    strangers.add('connection_refused', error.code ?? error.message, ''),
  )
  const address = server.address()

  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    sessions,
    get unbound() {
      return door.unbound
    },
    setSecureContext: door.setSecureContext,
    async outbind(target) {
      if (closed) throw new SmppError('closed', { detail: 'the server is closed' })
      return callOut(target, { time, timeoutMs: bindTimeoutMs, calls }, (guest, call) =>
        serveGuest(guest, ++lastId, host, call),
      )
    },
    async close({ graceMs = defaultGraceMs } = {}) {
      closed = true
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      door.cut()
      for (const cut of calls) cut()
      const cancel = time.after(graceMs, () => {
        for (const session of [...sessions]) session.destroy()
      })
      await Promise.all([...sessions].map((session) => session.close()))
      await stopped
      cancel()
      for (const over of [...waits]) over()
      strangers.close()
    },
  }
}
