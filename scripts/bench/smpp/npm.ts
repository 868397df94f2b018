import { createRequire } from 'node:module'
import type { Server, Socket } from 'node:net'

/** As much of npm's `smpp` as the bench uses; the package brings no types. */
export interface NpmPdu {
  readonly command: string
  readonly command_status: number
  readonly sequence_number: number
  readonly message_id: string
  readonly short_message: { readonly message: string | Buffer }
  toBuffer(): Buffer
  response(fields?: object): NpmPdu
}

export interface NpmSession {
  readonly socket: Socket
  bind_transceiver(fields: object, answered: (pdu: NpmPdu) => void): void
  submit_sm(fields: object, answered: (pdu: NpmPdu) => void): void
  unbind(answered: (pdu: NpmPdu) => void): void
  send(pdu: NpmPdu): boolean
  on(event: string, heard: (pdu: NpmPdu) => void): void
  close(): void
}

interface NpmSmpp {
  readonly PDU: new (command: string | Buffer, fields?: object) => NpmPdu
  connect(options: object, connected: () => void): NpmSession
  createServer(opened: (session: NpmSession) => void): Server
}

const load = createRequire(import.meta.url)

export const npmSmpp = load('smpp') as NpmSmpp
export const npmVersion = (load('smpp/package.json') as { version: string }).version
