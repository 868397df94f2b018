import type { ServerResponse } from 'node:http'
import type { TSchema } from 'typebox'

export const scopes = {
  'messages:write': 'Send and cancel messages',
  'messages:read': 'Read messages, both ways',
  webhooks: 'Manage webhook endpoints',
  events: 'Follow the event stream',
  keys: 'Make, list and revoke API keys',
  contacts: 'Manage people, lists and segments, and send to them',
  consent: 'Manage topics and consent, with their proof',
  keywords: 'Manage keyword services',
  inbox: 'Read and answer conversations',
  users: 'Manage users and their roles; read the audit log',
  operate: 'Manage carriers, routes and SMPP logins; see the queue and the nodes',
} as const
export type Scope = keyof typeof scopes
export const scopeNames = Object.keys(scopes) as Scope[]

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
  /** What the key must be allowed; undefined means no key is asked for. `any` takes every live key. */
  scope?: Scope | 'any'
  /** Schemas refuse with 422 `invalid_request` and name each field. Give objects `additionalProperties: false`. */
  body?: TSchema
  /** Text is turned into the numbers, booleans and lists that the schema asks for. */
  query?: TSchema
  params?: TSchema
  /** Headers that mean something here, for the OpenAPI document. */
  headers?: TSchema
  /** The handler gets the bytes of the body as they came, of whatever type: what a signature is over. */
  raw?: true
  /** Bytes of body taken; 1 MiB unless said. */
  bodyLimit?: number
  /** Schemas with a `title` become named components of the OpenAPI document. */
  responses: Record<number, TSchema | { description: string }>
  handler: (call: Call) => Promise<Reply> | Reply
}

// biome-ignore lint/suspicious/noExplicitAny: the schema beside the handler says what it is
export interface Call<B = any, Q = any, P = any> {
  /** Account of the API key, bare UUID; an empty string where the route has no scope. */
  readonly accountId: string
  /** Scopes of the API key. */
  readonly scopes: ReadonlySet<Scope>
  readonly body: B
  readonly query: Q
  readonly params: P
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Aborts when the caller hangs up, and for streams when the server stops. */
  readonly signal: AbortSignal
  readonly requestId: string
}

export type Reply =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** For streams (SSE): the handler writes to the raw response itself and ends it when `signal` aborts. */
  | { stream: (response: ServerResponse) => void | Promise<void> }

/** Nothing to send back but "done". */
export const noContent: Reply = { status: 204 }
