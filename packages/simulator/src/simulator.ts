import { SmppError, systemTime, type Time } from '@kurzpost/smpp'
import { createBehaviour } from './behaviour.ts'
import { createFlood } from './flood.ts'
import { createAssembly } from './handset/assembly.ts'
import { canonicalNumber } from './handset/number.ts'
import { readSegment } from './handset/read.ts'
import { createSender, textParcel } from './handset/send.ts'
import { createShelf, type HandsetMessage, presentMessage } from './handset/shelf.ts'
import { startHttp } from './http/server.ts'
import { type ProfileName, profileSettings } from './profiles.ts'
import { createSchedule } from './schedule.ts'
import { createSettings, type SettingsInput } from './settings/settings.ts'
import { openJournal } from './smsc/journal.ts'
import { createMessageIds } from './smsc/message-id.ts'
import { createOutbox } from './smsc/outbox.ts'
import { type Smsc, startSmsc } from './smsc/smsc.ts'
import type { Taken } from './smsc/submissions.ts'
import { createSubmitLog } from './smsc/submit-log.ts'
import { createStats, resetStats } from './stats.ts'
import { createTrace } from './trace.ts'

/** Every setting may be given; those that are not have their defaults, or what the profile says. */
export interface SimulatorOptions extends SettingsInput {
  readonly profile?: ProfileName
  /** Port of the SMSC, on loopback. Default 2776; 0 takes any free one. */
  readonly smppPort?: number
  /** Port of the handset interface, on loopback. Default 2777; 0 takes any free one. */
  readonly httpPort?: number
  /** Certificate and key in PEM: then the SMSC speaks TLS alone. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer }
  /** A file that keeps what was taken and what is owed, so that a simulator that was killed goes on. Default: none. */
  readonly journal?: string
  /** How long a deliver_sm waits for its answer before it is sent again. Default 30 s. */
  readonly responseTimeoutMs?: number
  /** A clock of the caller's own; message ids, dates and the trace follow it too. */
  readonly time?: Time
}

export interface Simulator {
  readonly smppPort: number
  readonly httpPort: number
  /** Milliseconds since a bind was up or asked for, or an HTTP call came. */
  idleMs(): number
  close(): Promise<void>
}

/** A port is taken or not allowed; the message says which, and what to do. */
export class PortError extends Error {}

const HOST = '127.0.0.1'
const LOGICAL_EPOCH = Date.UTC(2026, 0, 1)

/**
 * Starts the SMSC and the handset interface. Throws PortError if a port is taken, and RangeError if a setting is wrong.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    smppPort = 2776,
    httpPort = 2777,
    responseTimeoutMs = 30_000,
    tls,
    journal: journalPath,
    time = systemTime,
    ...rest
  } = options
  const { profile, ...given } = rest
  const behaviour = createBehaviour(createSettings({ ...(profile && profileSettings(profile)), ...given }))
  const { settings } = behaviour
  // A clock that was handed in says no date: any will do, as long as it is the same again.
  const wallClock = time === systemTime ? Date.now : () => LOGICAL_EPOCH + time.now()
  const { journal, left } = journalPath === undefined ? NO_JOURNAL : openJournal(journalPath)
  const stats = createStats()
  const trace = createTrace(settings, time.now)
  const schedule = createSchedule(time)
  const submits = createSubmitLog()
  const shelf = createShelf({ startedAtMs: wallClock() })
  const assembly = createAssembly(stats)
  const outbox = createOutbox({ schedule, settings, stats })
  const sendText = createSender({ behaviour, outbox, schedule, trace, journal })
  const flood = createFlood({ schedule, outbox, time })
  let seenAt = performance.now()
  const seen = (): void => {
    seenAt = performance.now()
  }

  const show = (segment: Taken): readonly string[] | undefined => {
    const from = canonicalNumber(segment.from)
    const to = canonicalNumber(segment.to)
    const whole = assembly.add(from, to, readSegment(segment), segment.id)
    if (!whole) return undefined
    const { text, encoding, segments, ids } = whole
    stats.messages += 1
    const at = wallClock()
    if (settings.submitLog) submits.add({ ids, to, from, text, segments, at })
    shelf.add({ direction: 'in', from, to, text, encoding, segments }, at)
    return ids
  }

  const write = (from: string, to: string, text: string): HandsetMessage | undefined => {
    const sent = sendText(from, to, text, () => shelf.nextReference(from))
    if (!sent) return undefined
    const { encoding, segments } = sent
    const message = { direction: 'out', from, to: canonicalNumber(to), text, encoding, segments } as const
    return presentMessage(shelf.add(message, wallClock()))
  }

  const smsc = await startSmsc({
    host: HOST,
    port: smppPort,
    tls,
    responseTimeoutMs,
    behaviour,
    stats,
    schedule,
    outbox,
    trace,
    journal,
    time,
    wallClock,
    nextId: createMessageIds(wallClock()),
    onTaken: show,
    onReplaced({ id, source, destination }, { short_message: octets }) {
      show({ octets, esmClass: 0, dataCoding: 0, from: source, to: destination, id: String(id) })
    },
    onBind: seen,
  }).catch((error: unknown) => {
    throw error instanceof SmppError && error.code === 'listen_failed' ? portError('SMPP', smppPort) : error
  })

  smsc.resume(left.submits)
  for (const { n, fields } of left.texts) outbox.add(textParcel(fields, () => journal?.delivered(n)))

  const health = () => ({
    name: 'kurzpost-simulator',
    pid: process.pid,
    smppPort: smsc.port,
    binds: smsc.binds(),
    stats: { ...stats, deliver_waiting: outbox.size, incomplete: assembly.open, scheduled: schedule.size },
  })
  const clear = (): void => {
    flood.stop()
    smsc.clear()
    schedule.clear()
    outbox.clear()
    assembly.clear()
    shelf.clear()
    submits.clear()
    resetStats(stats)
    behaviour.restart()
    trace.clear()
  }
  const http = await startHttp({
    host: HOST,
    port: httpPort,
    onCall: seen,
    interior: {
      shelf,
      submits,
      settings,
      trace,
      flood,
      health,
      write,
      change(change) {
        behaviour.change(change)
        outbox.pump()
      },
      spoil: smsc.spoil,
      dropBinds: smsc.dropBinds,
      clear,
    },
  }).catch(async (error: unknown) => {
    await smsc.close()
    throw isPortTrouble(error) ? portError('HTTP', httpPort) : error
  })

  return {
    smppPort: smsc.port,
    httpPort: http.port,
    idleMs: () => (isInUse(smsc) ? 0 : performance.now() - seenAt),
    async close() {
      schedule.clear()
      await Promise.all([http.close(), smsc.close()])
      journal?.close()
    },
  }
}

const NO_JOURNAL = { journal: undefined, left: { submits: [], texts: [] } }

const isInUse = (smsc: Smsc): boolean => smsc.binds().length > 0

function isPortTrouble(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function portError(what: string, port: number): PortError {
  return new PortError(
    `Its ${what} port ${port} is taken, or not allowed. Stop what listens there, or choose another port.`,
  )
}
