import type { FastifyInstance } from 'fastify'
import { newSpanId, newTraceId, readTraceparent, type SpanContext, type Tracer } from '../tracing.ts'

/** A span for each request, in the caller's trace where it sent one (W3C Trace Context), by route and never by path. */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<object, SpanContext & { parentId: string | undefined; start: number }>()

  app.addHook('onRequest', (request, _reply, done) => {
    const header = request.headers.traceparent
    const parent = readTraceparent(typeof header === 'string' ? header : undefined)
    const traceId = parent?.traceId ?? newTraceId()
    if (!(parent ? parent.sampled : tracer.samples(traceId))) return done()
    const context = { traceId, spanId: newSpanId() }
    const start = performance.timeOrigin + performance.now()
    spans.set(request, { ...context, parentId: parent?.spanId, start })
    tracer.current.run(context, done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)
    const route = request.routeOptions.url ?? 'none'
    if (span)
      tracer.record({
        ...span,
        name: `${request.method} ${route}`,
        kind: 'server',
        end: performance.timeOrigin + performance.now(),
        attributes: {
          'http.request.method': request.method,
          'http.route': route,
          'http.response.status_code': reply.statusCode,
        },
        failed: reply.statusCode >= 500,
      })
    done()
  })
}
