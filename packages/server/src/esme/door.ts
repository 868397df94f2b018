import {
  createAddressList,
  createServer,
  type RequestPdu,
  type ResponseFields,
  type ServerNote,
  type ServerSession,
  type SmppServer,
  Status,
} from '@kurzpost/smpp'
import type { Log } from '../log.ts'
import type { Directory } from './directory.ts'
import type { Login } from './login.store.ts'
import type { Managing } from './manage.ts'
import type { createVerifier } from './password.ts'
import type { Sender } from './sender.ts'
import type { Submitting } from './submit.ts'

/** Of our deliver_sm on a session, whatever the login's own window is: see sender.ts. */
export const widestWindow = 1_000
/** Requests with the core at a time, of one login in all its sessions on this node; more are answered RTHROTTLED. */
const mostUnderWay = 5_000

/** Where one door is. */
export interface Entrance {
  host: string
  port: number
  tls?: { key: Buffer; cert: Buffer }
  /** Reads key and certificate again. */
  renew?(): Promise<{ key: Buffer; cert: Buffer }>
  /** Addresses of proxies that say for whom they stand; none: connections come straight. */
  proxies?: readonly string[]
}

export interface Door {
  readonly port: number
  readonly server: SmppServer
  /** Closes the sessions that may not be any more. */
  review(): void
  /** Takes a renewed certificate for the handshakes from now on; one that cannot be read leaves the old. */
  renew(): Promise<void>
}

interface Guest {
  session: ServerSession
  number: number
  loginId: string
  /** Hash of the password that it was let in with. */
  password: string
}

/** One listener for ESMEs. `number` gives each session of this node its own. */
export async function openDoor(options: {
  entrance: Entrance
  log: Log
  directory: Directory
  verify: ReturnType<typeof createVerifier>
  sender: Sender
  submitting: Submitting
  managing: Managing
  nextNumber: () => number
  /** Told with the name of each answer's command and its status, for figures. */
  onAnswer?: (command: string, status: number) => void
}): Promise<Door> {
  const { entrance, log, directory, verify, sender, submitting, managing, nextNumber } = options
  const { host, port, tls, proxies = [] } = entrance
  const guests = new Map<ServerSession, Guest>()

  const enabled = (systemId: string) => {
    const login = directory.bySystemId(systemId)
    return login?.enabled && !(login.tls_only && !tls) ? login : undefined
  }

  async function account(systemId: string) {
    if (!enabled(systemId)) await directory.lookAgain()
    const login = enabled(systemId)
    if (!login) return undefined
    return {
      systemId,
      async password(given: string) {
        if (await verify(given, login.password)) return true
        await directory.lookAgain()
        const now = enabled(systemId)
        return now !== undefined && now.password !== login.password && verify(given, now.password)
      },
      ...(login.allowed_ips.length > 0 && { allow: login.allowed_ips }),
      bindTypes: login.bind_types,
      maxBinds: Math.max(0, login.max_binds - directory.elsewhere(login.id)),
      maxHandling: mostUnderWay,
    }
  }

  function handle(session: ServerSession, pdu: RequestPdu): ResponseFields | Promise<ResponseFields> {
    const guest = guests.get(session)
    const login = guest && directory.byId(guest.loginId)
    // Its end is under way: nothing more is taken, and what comes is sent again over the next bind.
    if (!login?.enabled) return { status: Status.systemError }
    switch (pdu.command) {
      case 'submit_sm':
      case 'data_sm':
        if (session.bindType === 'receiver') return { status: Status.invalidBindStatus }
        return submitting.submit(login, pdu)
      case 'submit_multi':
        return submitting.submitMulti(login, pdu)
      case 'query_sm':
        return managing.query(login, pdu, session.version)
      case 'cancel_sm':
        return managing.cancel(login, pdu)
      case 'replace_sm':
        return managing.replace(login, pdu)
      default:
        return { status: Status.invalidCommandId }
    }
  }

  function opened(session: ServerSession): void {
    const login = directory.bySystemId(session.systemId)
    if (!login) {
      session.destroy()
      return
    }
    const guest: Guest = { session, number: nextNumber(), loginId: login.id, password: login.password }
    guests.set(session, guest)
    directory.came({
      session: guest.number,
      account_id: login.account_id,
      login_id: login.id,
      bind_type: session.bindType,
      address: session.address,
      version: session.version,
      tls: tls !== undefined,
      since: session.since,
    })
    if (session.bindType !== 'transmitter') sender.join(login.id, session)
  }

  function closed(session: ServerSession): void {
    const guest = guests.get(session)
    if (!guest) return
    guests.delete(session)
    directory.left(guest.number)
    if (session.bindType !== 'transmitter') sender.leave(guest.loginId, session)
  }

  /** Disabled, removed, with another password, no longer allowed in this way, or too many with those of other nodes. */
  function mayStay({ session, number, loginId, password }: Guest, allowed: Allowed): boolean {
    const login = directory.byId(loginId)
    if (!login?.enabled || login.password !== password) return false
    if ((login.tls_only && !tls) || !login.bind_types.includes(session.bindType)) return false
    if (!allowed(login, session.address)) return false
    // Two nodes may each have let the last one in at the same moment: the oldest stay.
    return (directory.older(number) ?? 0) < login.max_binds
  }

  const server = await createServer({
    host,
    port,
    ...(tls && { tls }),
    ...(proxies.length > 0 && { proxyProtocol: 'require' as const, trustedProxies: proxies }),
    window: widestWindow,
    accounts: account,
    onRequest(session, pdu) {
      const answer = handle(session, pdu)
      if (!options.onAnswer) return answer
      const tell = (fields: ResponseFields): ResponseFields => {
        options.onAnswer!(pdu.command, fields.status ?? 0)
        return fields
      }
      return answer instanceof Promise ? answer.then(tell) : tell(answer)
    },
    onSession: opened,
    onClose: closed,
    onLog: (note) => noted(log, note),
  })

  let shown = tls
  return {
    port: server.port,
    server,
    async renew() {
      if (!entrance.renew || !shown) return
      const fresh = await entrance.renew()
      if (fresh.cert.equals(shown.cert) && fresh.key.equals(shown.key)) return
      server.setSecureContext(fresh)
      shown = fresh
      log.info({ port: server.port }, 'the SMPP server has a new certificate')
    },
    review() {
      const allowed = allowedIn()
      for (const guest of [...guests.values()]) {
        if (mayStay(guest, allowed)) continue
        log.info({ login: guest.loginId }, 'an SMPP session is closed: its login has changed')
        void guest.session.close()
      }
    },
  }
}

type Allowed = (login: Login, address: string) => boolean

/** Reads the blocks of each login once, for all its sessions. */
function allowedIn(): Allowed {
  const lists = new Map<string, (address: string) => boolean>()
  return ({ id, allowed_ips }, address) => {
    if (allowed_ips.length === 0) return true
    const list = lists.get(id) ?? createAddressList(allowed_ips)
    lists.set(id, list)
    return list(address)
  }
}

/** Notes never hold texts, passwords or numbers. */
function noted(log: Log, { what, detail, address, systemId, count }: ServerNote): void {
  log.info({ what, detail, address, systemId, count }, 'SMPP door')
}
