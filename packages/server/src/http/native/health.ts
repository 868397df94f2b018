import { Type } from 'typebox'
import type { Metrics } from '../../metrics.ts'
import type { Route } from '../../route.ts'

/** Each thing that must stand before requests are welcome: `ok`, or a sentence that says what is wrong. */
export type Readiness = () => Promise<Record<string, string>>

const Alive = Type.Object({ status: Type.Literal('alive') })
const Ready = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  checks: Type.Record(Type.String(), Type.String()),
})

/** For load balancers, orchestrators and Prometheus. No key: they hold nothing about anybody. */
export function healthRoutes(readiness: Readiness, metrics: Metrics): Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      tag: 'Server',
      summary: 'The process is alive',
      responses: { 200: Alive },
      handler: () => ({ status: 200, body: { status: 'alive' } }),
    },
    {
      method: 'GET',
      path: '/readyz',
      tag: 'Server',
      summary: 'The database answers and its schema is current',
      responses: { 200: Ready, 503: Ready },
      async handler() {
        const checks = await readiness()
        const ready = Object.values(checks).every((check) => check === 'ok')
        return {
          status: ready ? 200 : 503,
          body: { status: ready ? 'ready' : 'not_ready', checks },
          ...(ready ? {} : { headers: { 'retry-after': '2' } }),
        }
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      tag: 'Server',
      summary: 'Figures for Prometheus',
      responses: { 200: { description: 'Prometheus text format' } },
      async handler() {
        const { type, text } = await metrics.render()
        return { status: 200, body: text, headers: { 'content-type': type } }
      },
    },
  ]
}
