import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createAudit } from './accounts/audit.ts'
import { findByHashes } from './accounts/holders.ts'
import { ensureFirstAccount, revokeSandboxKey, sandboxKeyName } from './accounts/keys.ts'
import {
  forgetSandboxAccess,
  readSandboxAccess,
  sandboxKey,
  writeSandboxAccess,
} from './accounts/sandbox-access.ts'
import { createSenders } from './accounts/senders.ts'
import { accessCrons, createAccess } from './accounts/start.ts'
import { accountName } from './accounts/store.ts'
import { createBell } from './bell.ts'
import { capabilityFactories } from './capabilities/index.ts'
import { carrierRoutes } from './carriers/api.ts'
import { ensureConfigCarrier } from './carriers/config-carrier.ts'
import { describeSubmission } from './carriers/describe.ts'
import { callbackUrl } from './carriers/http/routes.ts'
import { measureCarriers } from './carriers/measured.ts'
import { routeRoutes } from './carriers/route-api.ts'
import { type Clock, createSharedClock } from './clock.ts'
import type { Config } from './config.ts'
import { drain } from './drain.ts'
import { createGuard } from './egress.ts'
import { createLogins } from './esme/logins.ts'
import { loginRoutes } from './esme/routes.ts'
import { entrancesOf, startSmppDoor } from './esme/start.ts'
import { startBoard } from './fleet/board.ts'
import { providerRoutes } from './fleet/callbacks.ts'
import { startCrew } from './fleet/crew.ts'
import { fleetCrons } from './fleet/crons.ts'
import { measureDatabase } from './fleet/figures.ts'
import { startFleet } from './fleet/fleet.ts'
import { startNode } from './fleet/node.ts'
import { nodeRoutes } from './fleet/nodes-api.ts'
import { queueRoutes } from './fleet/queue-api.ts'
import { startRerouting } from './fleet/rerouting.ts'
import { createWaiting } from './fleet/waiting.ts'
import { createAuthenticator } from './http/auth.ts'
import { accessRoutes } from './http/native/access.ts'
import { healthRoutes } from './http/native/health.ts'
import { infoRoutes } from './http/native/info.ts'
import { messageRoutes } from './http/native/messages.ts'
import { priceRoutes } from './http/native/price.ts'
import { sandboxRoutes } from './http/native/sandbox.ts'
import { textRoutes } from './http/native/text.ts'
import { createHttpServer } from './http/server.ts'
import { createInbound } from './inbound/receive.ts'
import { startInboundSweeper } from './inbound/sweeper.ts'
import { housekeeping } from './jobs/housekeeping.ts'
import { prepareJobs, startJobs } from './jobs/start.ts'
import { createLog, type Log } from './log.ts'
import { createAccept } from './message/accept.ts'
import { normalizeSender } from './message/address.ts'
import { messageCrons } from './message/crons.ts'
import { createLedger } from './message/ledger.ts'
import { countOutcomes, measureMessages } from './message/measure.ts'
import { createMessages } from './message/messages.ts'
import { createPrices } from './message/price.ts'
import { createReferences } from './message/reference.ts'
import { startSweeper } from './message/sweeper.ts'
import { traceMessages } from './message/trace.ts'
import { createMetrics } from './metrics.ts'
import { createEmit } from './outbox/emit.ts'
import { startFollowers } from './outbox/follower.ts'
import { eventRoutes } from './outbox/stream.ts'
import { startOutbox } from './outbox/tail.ts'
import { type Capability, createPlatform, cronsOf, followersOf, listenersOf, tasksOf } from './platform.ts'
import { createReadiness } from './readiness.ts'
import type { Role } from './roles.ts'
import type { Route } from './route.ts'
import { createRouter } from './routing/router.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { startDatabase } from './store/database.ts'
import { type Db, openDb } from './store/db.ts'
import { keyring } from './store/installation.store.ts'
import { measureStore } from './store/measure.ts'
import { migrate } from './store/migrate.ts'
import { bridgeBell } from './store/notify.ts'
import { startTracer } from './tracing.ts'
import { version } from './version.ts'
import { webhookCrons } from './webhooks/crons.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { startWebhooks } from './webhooks/start.ts'

export interface Running {
  /** Where the API and the console are. */
  readonly url: string
  /** Sandbox: the key that opens both. */
  readonly key: string | undefined
  /** Sandbox: the simulator's handset interface. */
  readonly handsetUrl: string | undefined
  /** Where customers' systems bind by SMPP: without TLS, with it, both or neither. */
  readonly smppPorts: readonly number[]
  /** Drains and stops, last started first. Harmless to repeat. */
  stop(): Promise<void>
}

const connections = 16
const consoleDir = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** Starts the whole house in the order below, and gives back how to stop it. What fails on the way stops what stood. */
export async function serve(config: Config, log: Log = createLog(config.logLevel)): Promise<Running> {
  const stops: (() => Promise<unknown>)[] = []
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= stopAll(stops, log))
  try {
    return { ...(await start(config, log, (each) => stops.push(each))), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  config: Config,
  log: Log,
  atStop: (stop: () => Promise<unknown>) => void,
): Promise<Omit<Running, 'stop'>> {
  const clock = createSharedClock()
  const does = (role: Role): boolean => config.roles.includes(role)
  const bell = createBell()
  const metrics = createMetrics({ process: true })
  const tracer = startTracer({ config, version, log })
  if (tracer) atStop(tracer.close)
  const traces = tracer && traceMessages(tracer)
  metrics.gauge('kurzpost_info').set({ version, roles: config.roles.join() }, 1)

  // The store.
  const database = await startDatabase(config, log)
  atStop(database.stop)
  await migrate(database.url, log)
  const storeMeasures = measureStore(metrics)
  const db = openDb(database.url, { max: connections, log, timed: storeMeasures.timed })
  atStop(db.close)
  storeMeasures.watch(db)
  measureDatabase(metrics, { db, clock, log })
  const bridge = bridgeBell({ db, bell, clock, log })
  atStop(bridge.stop)
  const node = await startNode({
    db,
    clock,
    log,
    version,
    roles: config.roles,
    alone: config.databaseUrl === undefined,
    heard: clock.heard,
  })
  atStop(node.stop)

  // Whose messages.
  const token = config.bootstrapKey ?? (config.sandbox ? await sandboxKey(config.dataDir) : undefined)
  const account = await ensureFirstAccount(
    db,
    clock,
    token === undefined ? undefined : { token, name: config.bootstrapKey ? 'Bootstrap' : sandboxKeyName },
  )
  if (!config.sandbox) await endSandbox(config, db, clock, log)
  const authenticator = createAuthenticator((hashes) => findByHashes(db, clock, hashes), clock)

  // By which carriers messages may go.
  const router = await createRouter({ db, bell })
  const moves = does('carriers') || does('jobs')
  const rerouting = startRerouting({ db, bell, clock, log, router, moves })
  atStop(rerouting.stop)

  // The life of a message.
  let capabilities: readonly Capability[] = []
  const outcomes = countOutcomes(metrics)
  const emit = createEmit(
    () => listenersOf(capabilities),
    (name, rows) => {
      outcomes.event(name, rows)
      traces?.event(name, rows)
    },
  )
  const senders = await createSenders({
    ...{ db, bell, clock, log, operator: account.id, open: config.openSenders },
    defaultSender: config.defaultSender && normalizeSender(config.defaultSender, config.country),
  })
  atStop(senders.stop)
  const plainAccept = createAccept({
    db,
    clock,
    bell,
    emit,
    rules: {
      country: config.country,
      lenient: config.sandbox,
      defaultSender: config.defaultSender ?? null,
      maxSegments: config.maxSegments,
    },
    gates: () => capabilities.flatMap((capability) => capability.gate ?? []),
    mayUse: senders.mayUse,
    reference: createReferences(),
    paths: router.paths,
    maxWaiting: config.maxWaiting,
    timed: (ms) => measures.onAccept(ms),
  })
  const accept = traces?.accept(plainAccept) ?? plainAccept
  const uncertain = { graceMs: config.uncertainSeconds * 1000 }
  const ledger = createLedger({ db, clock, bell, log, emit, uncertain, counted: outcomes.receipt })
  const measures = measureMessages(metrics, { accept: () => accept.load, ledger: () => ledger.load })
  const inbound = createInbound({ db, clock, bell, log, emit, claimers: () => capabilities })
  // What came through the door or over a link, once both are shut and before the database goes. Answers and
  // receipts are the bind's: it waits for the ledger before it gives its lease back.
  atStop(() =>
    drain(Promise.all([accept.idle(), inbound.idle()]), {
      log,
      left: () => accept.load + inbound.load,
      what: 'the database did not take what was under way; it was acknowledged to nobody',
    }),
  )
  const messages = createMessages({ db, clock, bell, emit, accept })

  // What follows from events, later and on time.
  const outbox = startOutbox({ db, bell, clock, log })
  atStop(outbox.stop)
  const guard = createGuard({ sandbox: config.sandbox })
  // Webhooks go where accounts say, carriers where the operator says.
  const carrierGuard = createGuard({ sandbox: config.sandbox, networks: config.carrierNetworks })
  const managed = { db, bell, clock, guard: carrierGuard, country: config.country, reread: router.refresh }
  const keyed = await keyring(db, config.secret)
  const { forget } = authenticator
  const access = createAccess({
    ...{ db, clock, keyed, forget },
    ...{ publicUrl: config.publicUrl, operator: account.id },
  })
  let listening = `http://${config.host}:${config.port}`
  const baseUrl = () => config.publicUrl ?? listening
  const numbers = { country: config.country, lenient: config.sandbox }
  const priceOf = createPrices(router, config)
  const house = { db, clock, bell, log, accept, emit, keyed, numbers, priceOf, outbound: guard, baseUrl }
  capabilities = capabilityFactories.map(({ name, create }) => create(createPlatform(name, house)))
  if (does('jobs')) {
    const webhooks = await startWebhooks({
      ...{ db, bell, clock, log, guard, metrics },
      traceparent: traces?.traceparent,
    })
    atStop(webhooks.stop)
    const jobs = await startJobs({
      db,
      log,
      tasks: tasksOf(capabilities),
      crons: [
        ...housekeeping({ db, clock }),
        ...accessCrons({ db, clock }),
        ...fleetCrons({ db }),
        ...messageCrons({ db, clock, orphanHours: config.orphanHours }),
        ...webhookCrons({ db, clock }),
        ...cronsOf(capabilities),
      ],
    })
    atStop(jobs.stop)
    const followers = await startFollowers({ db, bell, clock, log, followers: followersOf(capabilities) })
    atStop(followers.stop)
    const sweeper = startSweeper({
      ...{ db, clock, bell, log, emit, ledger, uncertain },
      elsewhere: router.elsewhere,
    })
    atStop(sweeper.stop)
    const inboundSweeper = startInboundSweeper({
      clock,
      log,
      inbound,
      waitMs: config.reassemblyHours * 3_600_000,
    })
    atStop(inboundSweeper.stop)
  } else await prepareJobs(db)

  // The door: before the links, so that a taken port shows before a carrier hears of us.
  let sandbox: Sandbox | undefined
  const api: Route[] = [
    ...messageRoutes(messages, describeSubmission, createWaiting(db)),
    ...textRoutes(),
    ...priceRoutes({ priceOf, ...numbers }),
    ...webhookRoutes({ db, clock, bell, guard }),
    ...eventRoutes({ db, outbox }),
    ...accessRoutes(access, { bell, country: config.country, reread: senders.refresh }),
    ...carrierRoutes(managed),
    ...providerRoutes({ db, bell, clock, log, ledger, inbound, metrics }),
    ...routeRoutes({ ...managed, lenient: config.sandbox, defaultSender: config.defaultSender ?? null }),
    ...loginRoutes(createLogins({ db, clock, bell })),
    ...infoRoutes({ config, version, accountName: async (id) => (await accountName(db, id)) ?? '' }),
    ...nodeRoutes(db),
    ...queueRoutes({ db, clock }),
    ...sandboxRoutes(() => sandbox?.handsetUrl),
    ...capabilities.flatMap((capability) => capability.routes ?? []),
  ]
  const http = await createHttpServer({
    config,
    log,
    metrics,
    authenticator,
    audit: createAudit({ db, clock, log }),
    operator: account.id,
    tracer,
    version,
    ...(existsSync(consoleDir) ? { consoleDir } : {}),
    pages: does('api'),
    routes: [...healthRoutes(createReadiness(database.url, clock), metrics), ...(does('api') ? api : [])],
  })
  listening = http.url
  node.at(http.url)
  let shut: Promise<void> | undefined
  const shutDoor = () => (shut ??= http.close())
  atStop(shutDoor)
  const smpp = does('api')
    ? await startSmppDoor({
        entrances: entrancesOf(config),
        ...{ db, clock, bell, log, metrics, accept },
        node: node.number,
        cancel: messages.cancel,
        keepMs: config.smppKeepHours * 3_600_000,
      })
    : undefined
  atStop(async () => smpp?.stop())

  // The way out, and in.
  if (config.sandbox && config.carrierUrl === undefined) {
    sandbox = await startSandbox(config, log)
    atStop(sandbox.stop)
  }
  const carrierUrl = config.carrierUrl ?? sandbox?.carrierUrl
  const name = sandbox ? 'simulator' : 'main'
  const carrier = await ensureConfigCarrier({
    db,
    bell,
    clock,
    accountId: account.id,
    sandbox: config.sandbox,
    carrier: carrierUrl === undefined ? undefined : { name, url: carrierUrl, window: config.carrierWindow },
  })
  if (!does('carriers')) log.info({ roles: config.roles }, 'this node holds no links to carriers')
  else {
    if (!carrier)
      log.warn({}, 'no carrier is configured by KURZPOST_CARRIER_URL: those that were added are used')
    const crew = startCrew({ db, bell, clock, log, node: () => node.number })
    atStop(crew.stop)
    const board = startBoard({ db, bell, clock, log })
    atStop(board.stop)
    // Nobody outside reaches a server by the address that it listens on, but for trials on one machine.
    const outside = config.publicUrl ?? (config.sandbox ? http.url : undefined)
    const fleet = startFleet({
      db,
      clock,
      bell,
      log,
      emit,
      ledger,
      node: () => node.number,
      crew,
      board,
      router,
      uncertain,
      tracePdus: config.tracePdus,
      ...measures,
      onWire(message, now) {
        measures.onWire(message, now)
        traces?.onWire(message, now)
      },
      measured: measureCarriers(metrics, tracer),
      house: {
        ...{ clock, log, guard: carrierGuard },
        callbackUrl: (id, secrets) =>
          outside === undefined ? null : callbackUrl(outside, id, secrets as Record<string, string>),
      },
      incoming: (owner) => (part) => inbound.receive(owner, part),
    })
    atStop(fleet.stop)
  }
  // Once more: what stands is stopped from here backwards, and the door is shut first of all.
  atStop(shutDoor)
  atStop(async () => smpp?.stop())
  atStop(node.drain)

  const key = config.sandbox && account.key !== 'revoked' ? token : undefined
  if (key !== undefined) await writeSandboxAccess(config.dataDir, { url: http.url, key })
  return { url: http.url, key, handsetUrl: sandbox?.handsetUrl, smppPorts: smpp?.ports ?? [] }
}

/** Last started, first stopped; one that fails does not keep the others. */
async function stopAll(stops: (() => Promise<unknown>)[], log: Log): Promise<void> {
  for (const stop of stops.reverse()) {
    await stop().catch((error: Error) => log.error({ error: error.message }, 'a part did not stop cleanly'))
  }
}

/** A key that may do anything lies readable beside the data of a sandbox; a real server must not honour it. */
async function endSandbox({ dataDir }: Config, db: Db, clock: Clock, log: Log): Promise<void> {
  const access = await readSandboxAccess(dataDir)
  if (!access || !(await revokeSandboxKey(db, clock, access.key))) return
  await forgetSandboxAccess(dataDir)
  log.warn({}, 'this data was a sandbox before: its key is revoked')
}
