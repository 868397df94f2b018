import { SmppError } from '@kurzpost/smpp'
import { createAssembly } from './handset/assembly.ts'
import { canonicalNumber, wireAddress } from './handset/number.ts'
import { readSegment } from './handset/read.ts'
import { createShelf, type HandsetMessage, presentMessage } from './handset/shelf.ts'
import { writeText } from './handset/write.ts'
import { startHttp } from './http/server.ts'
import { createSchedule } from './schedule.ts'
import { createSettings, type Settings } from './settings.ts'
import { createMessageIds } from './smsc/message-id.ts'
import { createOutbox, type Parcel } from './smsc/outbox.ts'
import { type Smsc, startSmsc, type Taken } from './smsc/smsc.ts'
import { createSubmitLog } from './smsc/submit-log.ts'
import { createStats, resetStats } from './stats.ts'

/** Every setting may be given; those that are not have their defaults (settings.ts). */
export interface SimulatorOptions extends Partial<Settings> {
  /** Port of the SMSC, on loopback. Default 2776; 0 takes any free one. */
  readonly smppPort?: number
  /** Port of the handset interface, on loopback. Default 2777; 0 takes any free one. */
  readonly httpPort?: number
  /** How long a deliver_sm waits for its answer before it is sent again. Default 30 s. */
  readonly responseTimeoutMs?: number
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

/**
 * Starts the SMSC and the handset interface. Throws PortError if a port is taken, and RangeError if a setting is wrong.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { smppPort = 2776, httpPort = 2777, responseTimeoutMs = 30_000, ...given } = options
  const settings = createSettings(given)
  const stats = createStats()
  const schedule = createSchedule()
  const submits = createSubmitLog()
  const shelf = createShelf()
  const assembly = createAssembly(stats)
  const outbox = createOutbox({ schedule, settings, stats })
  let seenAt = performance.now()
  const seen = (): void => {
    seenAt = performance.now()
  }

  const onTaken = (segment: Taken): void => {
    const from = canonicalNumber(segment.from)
    const to = canonicalNumber(segment.to)
    const whole = assembly.add(from, to, readSegment(segment), segment.id)
    if (!whole) return
    const { text, encoding, segments, ids } = whole
    stats.messages += 1
    const at = Date.now()
    if (settings.submitLog) submits.add({ ids, to, from, text, segments, at })
    shelf.add({ direction: 'in', from, to, text, encoding, segments }, at)
  }

  const write = (from: string, to: string, text: string): HandsetMessage | undefined => {
    const written = writeText(text, shelf.nextReference(from), settings)
    const receiver = canonicalNumber(to)
    const parcels = written.parts.map((part) => textParcel(from, receiver, part))
    // All parts or none: a text with a part missing would wait for it at the other end.
    if (!outbox.hasRoomFor(parcels.length)) return undefined
    const { encoding, segments } = written
    const message = { direction: 'out', from, to: receiver, text, encoding, segments } as const
    const shown = presentMessage(shelf.add(message, Date.now()))
    for (const parcel of parcels) outbox.add(parcel)
    return shown
  }

  const smsc = await startSmsc({
    host: HOST,
    port: smppPort,
    responseTimeoutMs,
    settings,
    stats,
    schedule,
    outbox,
    nextId: createMessageIds(Date.now()),
    now: Date.now,
    onTaken,
    onBind: seen,
  }).catch((error: unknown) => {
    throw error instanceof SmppError && error.code === 'listen_failed' ? portError('SMPP', smppPort) : error
  })

  const health = () => ({
    name: 'kurzpost-simulator',
    pid: process.pid,
    smppPort: smsc.port,
    binds: smsc.binds(),
    stats: { ...stats, deliver_waiting: outbox.size, incomplete: assembly.open, scheduled: schedule.size },
  })
  const clear = (): void => {
    schedule.clear()
    outbox.clear()
    assembly.clear()
    shelf.clear()
    submits.clear()
    resetStats(stats)
  }
  const http = await startHttp({
    host: HOST,
    port: httpPort,
    onCall: seen,
    interior: {
      shelf,
      submits,
      settings,
      health,
      write,
      settingsChanged: outbox.pump,
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
    },
  }
}

const isInUse = (smsc: Smsc): boolean => smsc.binds().length > 0

function textParcel(from: string, to: string, part: ReturnType<typeof writeText>['parts'][number]): Parcel {
  const source = wireAddress(from)
  const destination = wireAddress(to)
  const fields = {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
    esm_class: part.esmClass,
    data_coding: part.dataCoding,
    short_message: part.shortMessage,
    tlvs: part.tlvs,
  }
  return { kind: 'text', systemId: undefined, write: () => fields }
}

function isPortTrouble(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function portError(what: string, port: number): PortError {
  return new PortError(
    `Its ${what} port ${port} is taken, or not allowed. Stop what listens there, or choose another port.`,
  )
}
