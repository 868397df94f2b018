import { capabilityFactories } from '../../packages/server/src/capabilities/index.ts'
import { carrierRoutes } from '../../packages/server/src/carriers/api.ts'
import { callbackRoutes } from '../../packages/server/src/carriers/http/routes.ts'
import { routeRoutes } from '../../packages/server/src/carriers/route-api.ts'
import { loginRoutes } from '../../packages/server/src/esme/routes.ts'
import { nodeRoutes } from '../../packages/server/src/fleet/nodes-api.ts'
import { queueRoutes } from '../../packages/server/src/fleet/queue-api.ts'
import { accessRoutes } from '../../packages/server/src/http/native/access.ts'
import { healthRoutes } from '../../packages/server/src/http/native/health.ts'
import { infoRoutes } from '../../packages/server/src/http/native/info.ts'
import { messageRoutes } from '../../packages/server/src/http/native/messages.ts'
import { priceRoutes } from '../../packages/server/src/http/native/price.ts'
import { sandboxRoutes } from '../../packages/server/src/http/native/sandbox.ts'
import { textRoutes } from '../../packages/server/src/http/native/text.ts'
import { openApiDocument } from '../../packages/server/src/http/openapi.ts'
import { eventRoutes } from '../../packages/server/src/outbox/stream.ts'
import { version } from '../../packages/server/src/version.ts'
import { webhookRoutes } from '../../packages/server/src/webhooks/routes.ts'

/**
 * Routes are values, and describing them asks nothing of what they work with. The list is that of main.ts;
 * `http/openapi.test.ts` compares the page with what a server says.
 */
export function openApiPage(): string {
  const nothing = {} as never
  // Capabilities are made before their routes are asked for; some ask for a key at once.
  const described = { keyed: () => Buffer.alloc(32) } as never
  const routes = [
    ...healthRoutes(nothing, nothing),
    ...messageRoutes(nothing, nothing),
    ...textRoutes(),
    ...priceRoutes(nothing),
    ...webhookRoutes(nothing),
    ...eventRoutes(nothing),
    ...accessRoutes(nothing, nothing),
    ...carrierRoutes(nothing),
    ...callbackRoutes(nothing),
    ...routeRoutes(nothing),
    ...loginRoutes(nothing),
    ...infoRoutes(nothing),
    ...nodeRoutes(nothing),
    ...queueRoutes(nothing),
    ...sandboxRoutes(nothing),
    ...capabilityFactories.flatMap(({ create }) => create(described).routes ?? []),
  ]
  return `${JSON.stringify(openApiDocument(routes, { version }), null, 2)}\n`
}
