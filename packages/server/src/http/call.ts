import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Call } from '../route.ts'
import type { Identity } from './auth.ts'
import './guard.ts'

const nobody: Identity = { accountId: '', keyId: '', scopes: new Set() }

/** What a handler sees of a request. The signal is made only for those who ask for it. */
export class RequestCall implements Call {
  readonly query: unknown
  readonly params: unknown
  readonly #request: FastifyRequest
  readonly #response: ServerResponse
  #controller: AbortController | undefined

  constructor(request: FastifyRequest, reply: FastifyReply, query: unknown, params: unknown) {
    this.#request = request
    this.#response = reply.raw
    this.query = query
    this.params = params
  }
  get accountId() {
    return (this.#request.identity ?? nobody).accountId
  }
  get scopes() {
    return (this.#request.identity ?? nobody).scopes
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
