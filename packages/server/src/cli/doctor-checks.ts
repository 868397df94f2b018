import { access, constants, statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, resolve } from 'node:path'
import { verifyChains } from '../capabilities/consent/verify.ts'
import { readFleet } from '../carriers/health.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { silentLog } from '../log.ts'
import { type Db, openDb } from '../store/db.ts'
import { oldestPostgres, schemaState } from '../store/migrate.ts'
import { findRunning } from './database.ts'
import { databaseFacts, hasPartition } from './doctor.store.ts'

/** `bad` keeps the server from working; `note` is worth knowing. `sentence` says what it is and what to do. */
export interface Finding {
  level: 'good' | 'note' | 'bad'
  sentence: string
}

export type Check = (config: Config, clock: Clock) => Promise<Finding[]>

const good = (sentence: string): Finding => ({ level: 'good', sentence })
const note = (sentence: string): Finding => ({ level: 'note', sentence })
const bad = (sentence: string): Finding => ({ level: 'bad', sentence })

const gigabyte = 1024 ** 3
/** Less is not worth a line. */
const clockToleranceMs = 5_000

const node: Check = async () => [good(`Node ${process.versions.node} runs.`)]

const folder: Check = async ({ dataDir, databaseUrl, sandbox }) => {
  if (databaseUrl !== undefined && !sandbox) return []
  const path = resolve(dataDir)
  const existing = await firstExisting(path)
  const writable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) {
    return [
      bad(
        `The folder ${existing} may not be written by this user. Change its rights, or name another one in KURZPOST_DATA_DIR.`,
      ),
    ]
  }
  const { bavail, bsize } = await statfs(existing)
  const free = (bavail * bsize) / gigabyte
  const room = `${free.toFixed(1)} GB are free for the data folder ${path}`
  if (free < 0.5) return [bad(`Only ${room}. PostgreSQL stops when the disk is full: make room.`)]
  return [free < 5 ? note(`${room}; a million messages take about one.`) : good(`${room}.`)]
}

async function firstExisting(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  return there || path === dirname(path) ? path : firstExisting(dirname(path))
}

const port: Check = async ({ host, port }) => {
  if (port === 0) return [note('KURZPOST_PORT is 0: the server takes any free port.')]
  const target = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  if (!(await answers(target, port))) return [good(`Port ${port} on ${host} is free.`)]
  const health = await getJson(`http://${target}:${port}/readyz`)
  if (health?.status === 'ready') return [good(`A Kurzpost server answers on port ${port}, and is ready.`)]
  if (health?.checks) {
    return [
      bad(
        `The Kurzpost server on port ${port} is not ready: ${Object.values(health.checks as object).join(' ')}`,
      ),
    ]
  }
  return [
    bad(`Port ${port} is taken by another program. Stop that one, or set KURZPOST_PORT to a free port.`),
  ]
}

const database: Check = async (config, clock) => {
  const url = config.databaseUrl ?? findRunning(config.dataDir)
  if (url === undefined)
    return [good('The embedded PostgreSQL is not running now; `kurzpost serve` starts it.')]
  const which = config.databaseUrl === undefined ? 'The embedded PostgreSQL' : 'The database of DATABASE_URL'
  const db = openDb(url, { max: 1, log: silentLog, name: 'kurzpost doctor' })
  try {
    return [...(await served(db, which, clock)), ...(await schema(url, db, clock))]
  } catch (error) {
    return [bad(`${which} does not answer: ${(error as Error).message || 'no connection'}.`)]
  } finally {
    await db.close()
  }
}

async function served(db: Db, which: string, clock: Clock): Promise<Finding[]> {
  const { version, fsync, now_ms } = await databaseFacts(db)
  const behind = Math.round((Number(now_ms) - clock.now().getTime()) / 1000)
  const findings = [good(`${which} answers (PostgreSQL ${Math.floor(version / 10_000)}).`)]
  if (version < oldestPostgres) findings.push(bad('It is older than PostgreSQL 18. Use 18 or newer.'))
  if (fsync === 'off')
    findings.push(bad('It runs with fsync off, so a power cut can lose accepted messages. Set fsync = on.'))
  if (Math.abs(behind) * 1000 > clockToleranceMs) {
    findings.push(
      note(
        `The clocks of this machine and of the database are ${Math.abs(behind)} s apart. Servers go by the database’s, log lines by this one: synchronise them (NTP).`,
      ),
    )
  }
  return findings
}

async function schema(url: string, db: Db, clock: Clock): Promise<Finding[]> {
  const { current, pending, refusal } = await schemaState(url)
  if (refusal !== undefined) return [bad(refusal)]
  if (pending.length > 0) {
    return [
      note(`${pending.length} migrations are pending; \`kurzpost serve\` or \`kurzpost migrate\` runs them.`),
    ]
  }
  const now = clock.now()
  const months = [0, 1].map((ahead) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead))
      .toISOString()
      .slice(0, 7)
      .replace('-', '_'),
  )
  const [here, next] = await Promise.all(months.map((month) => hasPartition(db, month)))
  if (!here)
    return [
      bad(
        'There is no partition for messages of this month: nothing can be stored. Start the server, which makes them.',
      ),
    ]
  if (!next)
    return [
      bad(
        'There is no partition for messages of next month. A server that runs makes one each day: look into its log.',
      ),
    ]
  return [good(`The schema is current (${current}), with partitions for this month and the next.`)]
}

const carrier: Check = async ({ carrierUrl, sandbox, simulatorHttpPort }) => {
  if (carrierUrl !== undefined) {
    const { hostname, port, protocol } = new URL(carrierUrl)
    const number = Number(port || (protocol === 'smpps:' ? 3550 : 2775))
    if (await answers(hostname, number))
      return [good(`The carrier at ${hostname}:${number} takes connections.`)]
    return [
      bad(
        `The carrier at ${hostname}:${number} cannot be reached. Check the address, the firewall, and whether it knows yours.`,
      ),
    ]
  }
  if (!sandbox) return []
  const health = await getJson(`http://127.0.0.1:${simulatorHttpPort}/health`)
  if (health?.name === 'kurzpost-simulator') return [good('The simulator answers.')]
  if (await answers('127.0.0.1', simulatorHttpPort)) {
    return [
      bad(
        `Port ${simulatorHttpPort}, which the simulator needs, is taken. Set KURZPOST_SIMULATOR_HTTP_PORT.`,
      ),
    ]
  }
  return [good('The simulator is not running now; `kurzpost serve --sandbox` starts it.')]
}

/** Those of the database, as its nodes say that they are. */
const carriers: Check = async ({ carrierUrl, sandbox, databaseUrl, dataDir }) => {
  const url = databaseUrl ?? findRunning(dataDir)
  if (url === undefined) return [note('Which carriers there are is in the database, which does not run now.')]
  const db = openDb(url, { max: 1, log: silentLog, name: 'kurzpost doctor' })
  try {
    const fleet = await readFleet(db)
    if (fleet.length === 0 && carrierUrl === undefined && !sandbox)
      return [note('There is no carrier: messages are accepted and wait. `kurzpost carrier add` makes one.')]
    return fleet.map(({ carrier: { name }, health: { state, sentence } }) =>
      (state === 'up' ? good : note)(`Carrier ${name} is ${sentence}.`),
    )
  } catch {
    // The check of the database has said what is wrong with it.
    return []
  } finally {
    await db.close()
  }
}

/** Whether the record of who agreed to what is as it was written. */
const consent: Check = async ({ databaseUrl, dataDir }) => {
  const url = databaseUrl ?? findRunning(dataDir)
  if (url === undefined) return []
  const db = openDb(url, { max: 1, log: silentLog, name: 'kurzpost doctor' })
  try {
    return (await verifyChains(db)).flatMap(({ account, entries, head, broken, lost }) => {
      const whose = `The consent record of ${account}`
      if (broken) {
        return [
          bad(
            `${whose} breaks at entry ${broken.seq}: ${broken.problem}. From there on it proves nothing. Find out who can write to the database, and compare with a backup.`,
          ),
        ]
      }
      const found = good(`${whose} is whole: ${entries} entries, the last with hash ${head}.`)
      if (!lost) return [found]
      const gone = `The texts of ${lost.entries} of its entries are gone though nobody was erased; the first is ${lost.first}. Take them from a backup.`
      return [found, bad(gone)]
    })
  } catch {
    // No database, or none of this version: its own check says so.
    return []
  } finally {
    await db.close()
  }
}

const exposure: Check = async ({ host, sandbox, bootstrapKey }) => {
  const open = host !== '127.0.0.1' && host !== 'localhost' && host !== '::1'
  if (open && sandbox) {
    return [
      bad(`The sandbox would be open to the network (KURZPOST_HOST is ${host}). Leave it on 127.0.0.1.`),
    ]
  }
  const findings = open ? [note(`The API is open to the network at ${host}: put TLS in front of it.`)] : []
  if (bootstrapKey !== undefined) findings.push(note('KURZPOST_BOOTSTRAP_KEY opens the first account.'))
  return findings
}

/** In this order. */
export const checks: readonly Check[] = [node, folder, port, database, carrier, carriers, consent, exposure]

/** Whether somebody takes a TCP connection there within three seconds. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 3_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      done(answer)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false))
  })
}

async function getJson(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) })
    return (await answer.json()) as Record<string, unknown>
  } catch {
    return undefined
  }
}
