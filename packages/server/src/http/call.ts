import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor, Call, Scope } from '../route.ts'
import type { Identity } from './auth.ts'
import './guard.ts'
import type { Site } from './site.ts'

const nobody: Identity = {
  accountId: '',
  actor: { kind: 'nobody', id: '', name: '' },
  scopes: new Set(),
}

/** What a handler sees of a request. The signal is made only for those who ask for it. */
export class RequestCall implements Call {
  readonly query: unknown
  readonly params: unknown
  readonly #request: FastifyRequest
  readonly #response: ServerResponse
  readonly #identity: Identity
  readonly #site: Site
  #controller: AbortController | undefined

  constructor(request: FastifyRequest, reply: FastifyReply, site: Site, query: unknown, params: unknown) {
    this.#request = request
    this.#response = reply.raw
    this.#identity = request.identity ?? nobody
    this.#site = site
    this.query = query
    this.params = params
  }
  get accountId(): string {
    return this.#identity.accountId
  }
  get scopes(): ReadonlySet<Scope> {
    return this.#identity.scopes
  }
  get actor(): Actor {
    return this.#identity.actor
  }
  get session() {
    return this.#identity.session
  }
  get masked(): boolean {
    return this.#identity.masked === true
  }
  get readsOnly(): boolean {
    return this.#identity.readsOnly === true
  }
  get visit() {
    return this.#site.visit(this.#request)
  }
  get body() {
    return this.#request.body
  }
  get headers() {
    return this.#request.headers as Record<string, string | undefined>
  }
  get requestId() {
    return this.#request.id
  }
  get signal() {
    return this.abort().signal
  }
  abort(): AbortController {
    if (!this.#controller) {
      const controller = new AbortController()
      this.#controller = controller
      this.#response.once('close', () => controller.abort())
      if (this.#response.destroyed) controller.abort()
    }
    return this.#controller
  }
}
