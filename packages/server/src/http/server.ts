import type { AddressInfo, Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Audit } from '../accounts/audit.ts'
import type { Config } from '../config.ts'
import { errorBody, KurzpostError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Route } from '../route.ts'
import type { Tracer } from '../tracing.ts'
import { compile, demand, demandText } from '../validation.ts'
import { type Answering, answerer } from './answer.ts'
import type { Authenticator } from './auth.ts'
import { parseJsonBody, refuseBroken } from './body.ts'
import { RequestCall } from './call.ts'
import { mountConsole } from './console.ts'
import { docsPages } from './docs/pages.ts'
import { failure, toFailure } from './failure.ts'
import { type Doors, guard, stillMay } from './guard.ts'
import { apiHeaders, hostGuard } from './headers.ts'
import { openApiDocument } from './openapi.ts'
import { createRequestIds } from './request-id.ts'
import { createSite } from './site.ts'
import { createStreams } from './streams.ts'
import { traceRequests } from './trace.ts'

export interface HttpServer {
  /** Where it listens, as a caller on this machine writes it. */
  url: string
  port: number
  /** Answers what is under way, ends the streams, then stops. */
  close(): Promise<void>
}

export interface HttpOptions {
  config: Pick<Config, 'host' | 'port' | 'publicUrl'> & Partial<Pick<Config, 'httpProxies'>>
  log: Log
  routes: readonly Route[]
  authenticator: Authenticator
  /** Where changes are written down. */
  audit?: Audit
  /** The account that operates the installation; unless it is named, every account does. */
  operator?: string
  metrics: Metrics
  tracer?: Tracer | undefined
  /** The built console; without it `/` leads to the docs. */
  consoleDir?: string
  /** Whether it has pages at all; a node that serves no API has none. Default true. */
  pages?: boolean
  version: string
  /** How long `close` waits for answers under way; then it cuts the connections. */
  drainMs?: number
}

const mebibyte = 1024 * 1024
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Starts to listen. Rejects with a sentence when it cannot. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { config, log, authenticator, metrics, pages = true, drainMs = 10_000 } = options
  const app = Fastify({
    logger: false,
    bodyLimit: mebibyte,
    // Long enough for a slow line with a large batch, short enough that a silent peer holds nothing for long.
    requestTimeout: 60_000,
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    trustProxy: config.httpProxies?.length ? [...config.httpProxies] : false,
    genReqId: createRequestIds(),
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, request, reply) => void sendFailure(error, request, reply),
  })
  const mayAnswer = hostGuard(config.host, config.publicUrl)
  const streams = createStreams()
  const doors: Doors = { authenticator, site: createSite(config.publicUrl), operator: options.operator }
  const parts: Parts = { doors, streams, answering: { audit: options.audit } }
  const took = metrics.histogram('kurzpost_http_request_seconds')
  let closing = false

  function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { status, body, headers, unforeseen } = toFailure(error)
    const line = { request: request.id, route: request.routeOptions.url }
    if (unforeseen !== undefined) {
      const { stack, message } = unforeseen as Error
      log.error({ ...line, error: stack ?? message ?? String(unforeseen) }, 'a request failed')
    } else if (error instanceof KurzpostError && error.cause !== undefined) {
      // An outage fails thousands of requests a second; whoever noticed it first has said so.
      log.debug({ ...line, code: error.code, error: (error.cause as Error).message }, 'a request was refused')
    }
    // A path that cannot be decoded comes here without having passed the hooks.
    reply.raw.setHeader('x-request-id', request.id)
    return reply
      .code(status)
      .headers({ ...apiHeaders, ...headers })
      .send(body)
  }

  app.decorateRequest('identity', undefined)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      done(null, parseJsonBody(bytes as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply))
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.setHeader('x-request-id', request.id)
    if (closing) reply.raw.setHeader('connection', 'close')
    if (closing) done(new KurzpostError('shutting_down'))
    else if (!mayAnswer(request.headers.host)) done(new KurzpostError('host_not_allowed'))
    else done()
  })
  if (options.tracer) traceRequests(app, options.tracer)
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    took.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })

  const document = openApiDocument(options.routes, { version: options.version })
  const all = [...options.routes, ...(pages ? docsPages(document) : [])]
  for (const route of all.filter(({ raw }) => !raw)) mount(app, route, parts)
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
    for (const route of all.filter(({ raw }) => raw)) mount(scope, route, parts)
  })
  refuseOtherMethods(app, all)
  if (pages) await mountConsole(app, options.consoleDir)
  app.setNotFoundHandler((request, reply) => {
    const page = app.consolePage?.(request)
    if (page) return reply.headers(page.headers).send(page.html)
    return sendFailure(new KurzpostError('not_found'), request, reply)
  })

  await app.listen({ host: config.host, port: config.port }).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(listenSentence(cause, config), { cause })
  })
  const { port } = app.server.address() as AddressInfo

  return {
    port,
    url: `http://${reachable(config.host)}:${port}`,
    async close() {
      closing = true
      streams.end()
      const cut = setTimeout(() => app.server.closeAllConnections(), drainMs)
      // A connection becomes idle when its last answer is out, and nothing tells of it.
      const sweep = setInterval(() => app.server.closeIdleConnections(), 20)
      await app.close()
      clearInterval(sweep)
      clearTimeout(cut)
    },
  }
}

interface Parts {
  doors: Doors
  streams: ReturnType<typeof createStreams>
  answering: Answering
}

function mount(app: FastifyInstance, route: Route, { doors, streams, answering }: Parts): void {
  const body = route.body && compile(route.body)
  const query = route.query && compile(route.query)
  const params = route.params && compile(route.params)
  const answerTo = answerer(route, answering)

  app.route({
    method: route.method,
    url: route.path,
    // Load balancers ask with HEAD.
    exposeHeadRoute: route.method === 'GET' && route.scope === undefined && !route.raw,
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    ...(route.scope === undefined ? {} : { onRequest: guard(route, doors) }),
    async handler(request, reply) {
      // Without a body no parser is asked.
      if (route.raw && request.body === undefined) request.body = Buffer.alloc(0)
      if (body) demand(body, request.body)
      if (query || params) refuseBroken([request.query, request.params], '')
      const call = new RequestCall(
        request,
        reply,
        doors.site,
        query ? demandText(route.query!, query, request.query) : request.query,
        params ? demandText(route.params!, params, request.params) : request.params,
      )
      const answer = await answerTo(call)
      if ('stream' in answer) {
        reply.hijack()
        streams.run(answer.stream, reply.raw, call, () => stillMay(route, doors, request))
        return reply
      }
      reply.code(answer.status).headers(apiHeaders)
      if (answer.headers) reply.headers(answer.headers)
      return reply.send(answer.body)
    },
  })
}

function refuseOtherMethods(app: FastifyInstance, routes: readonly Route[]): void {
  const byPath = Map.groupBy(routes, (route) => route.path)
  for (const [path, known] of byPath) {
    const allowed = new Set<string>(known.map((route) => route.method))
    const others = methods.filter((method) => !allowed.has(method))
    if (others.length === 0) continue
    app.route({
      method: others,
      url: path,
      // Before the body is read: whatever it is, it changes nothing.
      onRequest: (_request, reply, done) => {
        reply.raw.setHeader('allow', [...allowed].join(', '))
        done(new KurzpostError('method_not_allowed'))
      },
      handler: () => undefined,
    })
  }
}

/** Bytes that are no HTTP request never reach a route; the caller still gets a sentence. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy()
  const body = JSON.stringify(errorBody('malformed_http'))
  const { status } = failure('malformed_http')
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

const reachable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host

function listenSentence(cause: NodeJS.ErrnoException, { host, port }: Pick<Config, 'host' | 'port'>): string {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another process. Stop that one, or set KURZPOST_PORT to a free port.`,
    EACCES: `Port ${port} may not be opened by this user. Set KURZPOST_PORT to a port above 1023.`,
    EADDRNOTAVAIL: `${host} is no address of this machine. Set KURZPOST_HOST to one of its own, or to 0.0.0.0 for all.`,
    ENOTFOUND: `${host} is no address of this machine. Set KURZPOST_HOST to one of its own, or to 0.0.0.0 for all.`,
  }
  return sentences[cause.code ?? ''] ?? `Cannot listen on ${host}:${port}: ${cause.message}.`
}
