import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Type } from 'typebox'
import { request } from 'undici'
import { KurzpostError } from '../../errors.ts'
import type { Call, Reply, Route } from '../../route.ts'
import * as schema from './schemas.ts'

const Params = Type.Object({
  number: Type.String({ maxLength: 40, description: 'The handset, by its number' }),
})
const Query = Type.Object(
  { peek: Type.Optional(Type.String({ maxLength: 5, description: 'Given: the messages stay unread' })) },
  schema.closed,
)
const Body = Type.Object(
  {
    to: Type.String({ minLength: 1, maxLength: 40 }),
    text: Type.String({ minLength: 1, maxLength: 10_000 }),
  },
  schema.closed,
)
const passedOn = { description: 'As the simulator answers' }

/**
 * The simulator's handsets for the console. `simulatorUrl` is undefined outside the sandbox: then every
 * address says so, and nothing is asked.
 */
export function sandboxRoutes(simulatorUrl: () => string | undefined): Route[] {
  // The phones are one installation's: whoever sees them sees what all accounts send.
  const common = { tag: 'Sandbox', operator: true, responses: { 200: passedOn } } as const
  const messages = (number: string) => `/handsets/${encodeURIComponent(number)}/messages`

  async function ask(call: Call, path: string, body?: unknown) {
    const base = simulatorUrl()
    if (base === undefined) throw new KurzpostError('sandbox_only')
    return request(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      signal: call.signal,
      bodyTimeout: 0,
      headersTimeout: 5_000,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((cause) => {
      throw new KurzpostError('handset_unavailable', { cause })
    })
  }

  async function relay(call: Call, path: string, body?: unknown): Promise<Reply> {
    const answer = await ask(call, path, body)
    const text = await answer.body.text()
    if (answer.statusCode >= 500) throw new KurzpostError('handset_unavailable')
    if (answer.statusCode >= 400) throw new KurzpostError('invalid_request', { details: said(text) })
    return { status: answer.statusCode, body: text === '' ? undefined : JSON.parse(text) }
  }

  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/sandbox/handsets',
      scope: 'messages:read',
      summary: 'List virtual handsets',
      handler: (call: Call) => relay(call, '/handsets'),
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/sandbox/handsets/:number/messages',
      scope: 'messages:read',
      summary: 'What a handset received and sent',
      params: Params,
      query: Query,
      handler: (call: Call) =>
        relay(call, messages(call.params.number) + (call.query.peek === undefined ? '' : '?peek')),
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/sandbox/handsets/:number/messages',
      scope: 'messages:write',
      effect: 'traced',
      summary: 'Send from a handset',
      params: Params,
      body: Body,
      handler: (call: Call) => relay(call, messages(call.params.number), call.body),
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/sandbox/handsets/:number/events',
      scope: 'messages:read',
      summary: 'Follow a handset (server-sent events)',
      params: Params,
      async handler(call: Call) {
        const path = `/handsets/${encodeURIComponent(call.params.number)}/events`
        const answer = await ask(call, path)
        if (answer.statusCode !== 200) {
          await answer.body.dump()
          throw new KurzpostError('handset_unavailable')
        }
        return { stream: (response) => passOn(answer.body, response, call.signal) }
      },
    },
  ]
}

async function passOn(from: Readable, to: ServerResponse, signal: AbortSignal): Promise<void> {
  to.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
  to.flushHeaders()
  // Either side may leave at any time; the browser opens the stream again by itself.
  await pipeline(from, to, { signal }).catch(() => undefined)
  to.end()
}

function said(text: string): unknown {
  try {
    return JSON.parse(text).error ?? text.slice(0, 500)
  } catch {
    return text.slice(0, 500)
  }
}
