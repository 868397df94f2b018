import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { statusName } from '@kurzpost/smpp'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Accept } from '../message/accept.ts'
import type { MessageCore } from '../message/core.ts'
import { createReplace } from '../message/replace.ts'
import type { Metrics } from '../metrics.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { createAdmission } from './admission.ts'
import { expireDeliveries, forgetGivenUp } from './delivery.store.ts'
import { type Directory, startDirectory } from './directory.ts'
import { type Door, type Entrance, openDoor } from './door.ts'
import { startFeed } from './feed.ts'
import { createJoiner } from './joiner.ts'
import { createManaging } from './manage.ts'
import { createVerifier } from './password.ts'
import { startSender } from './sender.ts'
import { createSubmitting } from './submit.ts'

const minute = 60_000
const sweptAtOnce = 5_000
/** How long it is told what was given up. */
const rememberMs = 30 * 24 * 60 * minute

export interface SmppDoor {
  /** Ports that are open, in the order of the entrances. */
  readonly ports: readonly number[]
  readonly directory: Directory
  /** Says goodbye to every ESME, when all that it has asked is answered. Harmless to repeat. */
  stop(): Promise<void>
}

/**
 * The SMPP server for customers' systems on this node. Without entrances nobody can bind here, and the node still reads
 * the events and makes deliveries of them, which other nodes have the binds for.
 */
export async function startSmppDoor(options: {
  entrances: readonly Entrance[]
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  metrics?: Metrics
  node: number
  accept: Accept
  cancel: MessageCore['cancel']
  /** How long a receipt or an inbound message waits for a bind. */
  keepMs: number
  stopGraceMs?: number
}): Promise<SmppDoor> {
  const { entrances, db, clock, bell, log, metrics, node, accept, keepMs, stopGraceMs = 5_000 } = options
  const doors: Door[] = []
  const sender = startSender({ db, clock, bell, log, node, directory: () => directory })
  const directory: Directory = await startDirectory({
    db,
    clock,
    bell,
    log,
    node,
    changed() {
      for (const door of doors) door.review()
      sender.look()
    },
  })
  const admission = createAdmission(clock, () => directory)
  const joiner = createJoiner({ db, clock, bell, log, acceptIn: accept.acceptIn, keepMs })
  const submitting = createSubmitting({ clock, accept: accept.accept, joiner, admission })
  const replace = createReplace({ db, clock, bell, judge: accept.judge })
  const managing = createManaging({ db, clock, cancel: options.cancel, replace })
  const verify = createVerifier(clock)
  let last = 0
  const answers = metrics?.counter('kurzpost_smpp_server_answers_total')
  metrics?.gauge('kurzpost_smpp_server_sessions', (gauge) =>
    gauge.set(doors.reduce((sum, door) => sum + door.server.sessions.size, 0)),
  )
  const feed = startFeed({ db, clock, bell, log, node, directory, sender, keepMs })
  const sweeping = startPulse({
    name: 'the sweep of what waits for SMPP logins',
    async work() {
      const now = clock.now()
      const hours = Math.round(keepMs / (60 * minute))
      const reason = `The system did not bind and take it within ${hours} hours.`
      const given = await expireDeliveries(db, now, sweptAtOnce, reason)
      if (given > 0)
        log.warn({ deliveries: given }, 'receipts or inbound messages for SMPP logins were given up')
      await forgetGivenUp(db, new Date(now.getTime() - rememberMs))
      const joined = await joiner.sweep()
      return given === sweptAtOnce || joined > 0 ? 0 : undefined
    },
    everyMs: minute,
    clock,
    log,
  })
  const renewing = startPulse({
    name: 'the renewal of the certificate of the SMPP server',
    async work() {
      for (const door of doors) await door.renew()
      return undefined
    },
    everyMs: minute,
    clock,
    log,
  })

  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= end())
  async function end(): Promise<void> {
    // Feed first: what it makes from now on is for nodes that stay.
    await feed.stop()
    await Promise.all([sweeping.stop(), renewing.stop()])
    await sender.stop(stopGraceMs)
    await Promise.all(doors.map((door) => door.server.close({ graceMs: stopGraceMs })))
    await joiner.idle()
    await directory.stop()
  }

  try {
    for (const entrance of entrances) {
      doors.push(
        await openDoor({
          entrance,
          log,
          directory,
          verify,
          sender,
          submitting,
          managing,
          nextNumber: () => ++last,
          ...(answers && {
            onAnswer: (command, status) => answers.inc({ command, status: statusName(status) }),
          }),
        }),
      )
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { ports: doors.map((door) => door.port), directory, stop }
}

/** The entrances that the settings name: plain, TLS, both or none. Reads key and certificate. */
export function entrancesOf(config: {
  smppHost: string
  smppPort: number | undefined
  smppTlsPort: number | undefined
  smppTlsKey: string | undefined
  smppTlsCert: string | undefined
  smppProxies: readonly string[]
}): Entrance[] {
  const { smppHost: host, smppPort, smppTlsPort, smppTlsKey, smppTlsCert, smppProxies: proxies } = config
  const plain = smppPort === undefined ? [] : [{ host, port: smppPort, proxies }]
  if (smppTlsPort === undefined) return plain
  if (smppTlsKey === undefined || smppTlsCert === undefined)
    throw new Error('KURZPOST_SMPP_TLS_PORT needs KURZPOST_SMPP_TLS_KEY and KURZPOST_SMPP_TLS_CERT.')
  const tls = { key: readFileSync(smppTlsKey), cert: readFileSync(smppTlsCert) }
  const renew = async () => ({ key: await readFile(smppTlsKey), cert: await readFile(smppTlsCert) })
  return [...plain, { host, port: smppTlsPort, proxies, tls, renew }]
}
