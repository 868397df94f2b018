import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog } from '../../packages/server/src/log.ts'
import { freePort } from '../../packages/server/src/store/cluster.ts'
import { startEmbedded } from '../../packages/server/src/store/embedded.ts'
import type { Cleanup } from '../children.ts'
import { type ChaosLink, openLink } from './link.ts'
import { createMortal, type Mortal } from './process.ts'

const atRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const apiKey = 'kp_chaos_0123456789abcdef0123456789abcdef'

export interface ChaosNode extends Mortal {
  readonly url: string
  /** To its SMPP door. */
  readonly door: ChaosLink
}

export interface ChaosCarrier {
  readonly name: string
  readonly smsc: Mortal
  readonly link: ChaosLink
  /** The simulator's HTTP interface. */
  readonly url: string
  readonly journal: string
  /** Segments a second that its contract grants; undefined: none. */
  readonly perSecond: number | undefined
}

/** PostgreSQL, some nodes on it, and some SMSCs behind links that can be cut: each a process of its own. */
export interface ChaosHouse {
  readonly databaseUrl: string
  readonly nodes: readonly ChaosNode[]
  readonly carriers: readonly ChaosCarrier[]
  killDatabase(): void
}

export interface HouseOptions {
  readonly nodes: number
  /** One entry a carrier: its rate by contract, or undefined. */
  readonly carriers: readonly (number | undefined)[]
  readonly window: number
  readonly cleanup: Cleanup
}

export async function openHouse({ nodes, carriers, window, cleanup }: HouseOptions): Promise<ChaosHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-chaos-'))
  chmodSync(folder, 0o711) // root's PostgreSQL runs as another user, who passes through
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o711 })

  let ending = false
  const database = await startEmbedded({
    dataDir,
    log: silentLog,
    parameters: { max_connections: '200' },
    onExit: () => {
      if (!ending) void database.restart().catch(() => {})
    },
  })
  cleanup.add(async () => {
    ending = true
    await database.stop()
  })

  const running: ChaosNode[] = []
  for (let n = 1; n <= nodes; n++) {
    const node = await makeNode({ n, folder, databaseUrl: database.url, cleanup })
    await node.start()
    running.push(node)
  }
  const made: ChaosCarrier[] = []
  for (const [at, perSecond] of carriers.entries()) {
    made.push(
      await makeCarrier({ name: `smsc-${at + 1}`, folder, perSecond, window, cleanup, node: running[0]! }),
    )
  }
  return {
    databaseUrl: database.url,
    nodes: running,
    carriers: made,
    killDatabase: () => process.kill(database.pid, 'SIGKILL'),
  }
}

async function makeNode(options: {
  n: number
  folder: string
  databaseUrl: string
  cleanup: Cleanup
}): Promise<ChaosNode> {
  const { n, folder, databaseUrl, cleanup } = options
  const port = await freePort()
  const smppPort = await freePort()
  const mortal = createMortal({
    name: `node-${n}`,
    args: [atRoot('packages/server/bin/kurzpost.js'), 'serve'],
    env: {
      DATABASE_URL: databaseUrl,
      KURZPOST_DATA_DIR: join(folder, `node-${n}`),
      KURZPOST_PORT: String(port),
      KURZPOST_SMPP_PORT: String(smppPort),
      KURZPOST_BOOTSTRAP_KEY: apiKey,
      KURZPOST_UNCERTAIN_SECONDS: '5',
      KURZPOST_LOG: 'warn',
    },
    logFile: join(folder, `node-${n}.log`),
    isReady: (line) => /runs at http:/.test(line),
    cleanup,
  })
  const door = await openLink(() => smppPort)
  cleanup.add(() => door.close())
  return Object.assign(mortal, { url: `http://127.0.0.1:${port}`, door })
}

async function makeCarrier(options: {
  name: string
  folder: string
  perSecond: number | undefined
  window: number
  cleanup: Cleanup
  node: ChaosNode
}): Promise<ChaosCarrier> {
  const { name, folder, perSecond, window, cleanup, node } = options
  const journal = join(folder, `${name}.jsonl`)
  const [smppPort, httpPort] = [await freePort(), await freePort()]
  const smsc = createMortal({
    name,
    args: [
      atRoot('packages/simulator/src/main.ts'),
      ...['--smpp-port', String(smppPort), '--http-port', String(httpPort), '--journal', journal],
      ...[
        '--receipt-delay-ms',
        'exponential 150',
        '--answer-delay-ms',
        'exponential 5',
        '--orphan-exit-s',
        '10',
      ],
    ],
    env: {},
    logFile: join(folder, `${name}.log`),
    isReady: (line) => line.startsWith('{"ready":true'),
    cleanup,
  })
  await smsc.start()
  const link = await openLink(() => smppPort)
  cleanup.add(() => link.close())
  await call(node.url, 'POST', '/v1/carriers', {
    name,
    kind: 'smpp',
    settings: {
      system_id: name,
      hosts: [{ host: '127.0.0.1', port: link.port }],
      binds: [{ type: 'transceiver', count: 2 }],
      window,
      ...(perSecond === undefined ? {} : { segments_per_second: perSecond }),
    },
    secrets: { password: 'chaos' },
  })
  return { name, smsc, link, url: `http://127.0.0.1:${httpPort}`, journal, perSecond }
}

/** Throws for every answer but a 2xx. */
export async function call<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
