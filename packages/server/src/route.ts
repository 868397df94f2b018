import type { ServerResponse } from 'node:http'
import type { TSchema } from 'typebox'

export type Scope = 'messages:write' | 'messages:read' | 'webhooks' | 'events' | 'keys'

/**
 * A route is a value: `http/server.ts` mounts it, the OpenAPI document is derived from it, and whoever
 * declares it needs to know nothing of the web framework.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  /** Fastify style, with `:id`. */
  path: string
  /** One line for the OpenAPI document. */
  summary: string
  description?: string
  tag: string
  /** What the key must be allowed; undefined means no key is asked for. */
  scope?: Scope
  body?: TSchema
  query?: TSchema
  params?: TSchema
  headers?: TSchema
  responses: Record<number, TSchema | { description: string }>
  handler: (call: Call) => Promise<Reply> | Reply
}

export interface Call<B = any, Q = any, P = any> {
  /** Account of the API key, bare UUID; an empty string where the route has no scope. */
  accountId: string
  body: B
  query: Q
  params: P
  headers: Record<string, string | undefined>
  /** Aborts when the caller hangs up. */
  signal: AbortSignal
}

export type Reply =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** For streams (SSE): the handler writes to the raw response itself. */
  | { stream: (response: ServerResponse) => void }
