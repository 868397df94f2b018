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
  'inbox:settings': 'Change the hours, teams, promises and automatic answers of the inbox',
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
  /** What the key, or the role of the user, must allow; undefined: anybody may ask. `any` takes every live key and session. */
  scope?: Scope | 'any'
  /**
   * Everything but GET leaves a row in the audit log and is closed to those who only read, unless it changes nothing
   * (`none`: a search or a preview by POST), or leaves a trace of its own (`traced`: messages, who types).
   */
  effect?: 'none' | 'traced'
  /** About whoever asks and nobody else: in full for masked readers, and open to those who only read. */
  own?: true
  /** Fields of the body by which a person is looked up: closed to masked readers, as the same in the query is. */
  looksUp?: readonly string[]
  /** About the installation as a whole: for its first account alone. */
  operator?: true
  /** Its stream hides the addresses of people itself where `masked` says so; others are closed to masked readers. */
  masks?: true
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

/** Who acts: an API key, or a user by a session. `id` is a bare UUID, empty for nobody. */
export interface Actor {
  readonly kind: 'key' | 'user' | 'nobody'
  readonly id: string
  readonly name: string
}

/** From where somebody asks, for signing in. */
export interface Visit {
  /** Of the caller, as far as trusted proxies tell. */
  readonly address: string
  readonly agent: string
  /** Name of the session cookie on this connection; undefined where others could read it on the way. */
  readonly cookie: string | undefined
  /** Whose pages talk to us here, such as `https://sms.example.org`. */
  readonly origin: string
  /** What the browser says of the page that asks: one of ours, a foreign one, or nothing as it is no browser. */
  readonly page: 'own' | 'foreign' | 'none'
}

// biome-ignore lint/suspicious/noExplicitAny: the schema beside the handler says what it is
export interface Call<B = any, Q = any, P = any> {
  /** Account of the API key or session, bare UUID; an empty string where the route has no scope. */
  readonly accountId: string
  /** What the API key or the role of the user allows. */
  readonly scopes: ReadonlySet<Scope>
  readonly actor: Actor
  /** Of a user who is signed in: the session, and the role in the account. */
  readonly session: { readonly id: string; readonly role: string } | undefined
  /** Addresses of people are hidden: `mask.ts`. JSON answers are masked on their way out. */
  readonly masked: boolean
  /** The role reads and changes nothing. */
  readonly readsOnly: boolean
  readonly visit: Visit
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
