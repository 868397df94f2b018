import type { Lane } from './lane.ts'
import type { State } from './state.ts'

/** An outbound message as somebody asks for it. Addresses are as typed; `accept` normalises them. */
export interface Draft {
  /** Bare UUIDv7, where it was told before the message was whole; a new one otherwise. */
  id?: string
  to: string
  text: string
  from?: string
  lane?: Lane
  sendAt?: Date
  expiresAt?: Date
  clientRef?: string
  encoding?: 'auto' | 'gsm7' | 'ucs2'
  /**
   * One segment that its sender has made itself, user data header first: it goes out octet by octet, in the `encoding`
   * that must be given with it, and `text` is what people read of it.
   */
  userData?: Uint8Array
  /** Bare UUID of the topic that it is about: consent, sender and lane may follow from it. */
  topic?: string
  /** IANA: where the recipient is, null where that is not known. Left out, whoever needs it looks it up. */
  timeZone?: string | null
  /** Why a gate has put it off, for whoever asks why it waits. */
  hold?: Hold
  /** By which door it came and what that door must know again when its fate is told; gates do not see it. */
  origin?: object
}

/** Why a message is kept back: a code for programs, a sentence for people. */
export interface Hold {
  code: string
  sentence: string
}

export interface Accepted {
  ok: true
  /** Public id, msg_… */
  id: string
  state: Extract<State, 'queued' | 'scheduled'>
  encoding: 'gsm7' | 'ucs2'
  segments: number
  to: string
}

/** Nothing was stored for this draft. `code` is from errors.ts, or `<capability>_…` when a gate refused. */
export interface Refused {
  ok: false
  code: string
  message: string
  details?: unknown
}
