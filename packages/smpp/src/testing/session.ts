import assert from 'node:assert/strict'
import type { SmppError } from '../errors.ts'
import type { PduInput, ResponsePdu } from '../pdu/commands.ts'
import { decodePdu } from '../pdu/decode.ts'
import { encodePdu } from '../pdu/encode.ts'
import type { Action, BindType, SessionOptions } from '../session/actions.ts'
import { makeEntry } from '../session/outbox.ts'
import { createSession } from '../session/session.ts'

const defaults: SessionOptions = {
  role: 'client',
  interfaceVersion: 0x34,
  window: 3,
  maxWaiting: 5,
  responseTimeoutMs: 1_000,
  enquireLinkMs: 10_000,
  bindTimeoutMs: 2_000,
  maxHandling: 2,
  stallMs: 500,
}

/** A session with its actions gathered, and words short enough to read. */
export function open(options: Partial<SessionOptions> = {}) {
  const session = createSession({ ...defaults, ...options }, 0)
  let now = 0
  let out: Action[] = []
  const perform = (step: (out: Action[]) => void): Action[] => {
    out = []
    step(out)
    for (const action of out) {
      if (action.do === 'resolve') action.entry.resolve(action.pdu)
      if (action.do === 'reject') action.entry.reject(action.error)
    }
    return out
  }
  const feed = (octets: Buffer) => perform((list) => session.receive(decodePdu(octets), now, list))
  return {
    session,
    at: (time: number) => {
      now = time
      return perform((list) => session.tick(now, list))
    },
    feed,
    pdu: (pdu: PduInput) => feed(encodePdu(pdu)),
    perform,
    now: () => now,
    submit(more: { pdu?: PduInput; timeoutMs?: number | undefined } = {}) {
      const outcomes: (ResponsePdu | SmppError)[] = []
      const entry = makeEntry(
        'request',
        more.pdu ?? { command: 'submit_sm' },
        (answer) => outcomes.push(answer as ResponsePdu),
        (error) => outcomes.push(error),
        undefined,
        more.timeoutMs,
      )
      const actions = perform((list) => session.request(entry, now, list))
      return { entry, outcomes, actions }
    },
    notice(pdu: PduInput) {
      const outcomes: SmppError[] = []
      const entry = makeEntry(
        'notice',
        pdu,
        () => {},
        (error) => void outcomes.push(error),
      )
      return { outcomes, actions: perform((list) => session.notify(entry, now, list)) }
    },
  }
}

export function bound(options: Partial<SessionOptions> = {}, type: BindType = 'transceiver') {
  const it = open(options)
  const [write] = it.perform((out) => it.session.bind({ command: `bind_${type}` }, type, 0, out))
  assert.ok(write?.do === 'write')
  it.pdu({ command: `bind_${type}_resp`, sequence: write.sequence, system_id: 'smsc' })
  assert.equal(it.session.state, 'bound')
  return it
}

export function boundServer(options: Partial<SessionOptions> = {}, type: BindType = 'transceiver') {
  const it = open({ role: 'server', ...options })
  const [asked] = it.pdu({ command: `bind_${type}`, sequence: 1 })
  assert.ok(asked?.do === 'bind')
  it.perform((out) => it.session.bindAnswered(asked.pdu, { command: `bind_${type}_resp` }, out))
  assert.equal(it.session.state, 'bound')
  return it
}

export const words = (actions: Action[]): string[] =>
  actions.map((action) => {
    if (action.do === 'write') return `write ${action.pdu.command} ${action.pdu.status ?? 0}`
    if (action.do === 'close') return `close ${action.reason}`
    if (action.do === 'note') return `note ${action.what}`
    return action.do
  })
export const failure = (outcome: unknown): string => {
  const error = outcome as SmppError
  return `${error.code} ${error.sent}`
}
export const answer = (entry: { sequence: number | undefined }, status = 0): PduInput => ({
  command: 'submit_sm_resp',
  sequence: entry.sequence,
  status,
  message_id: 'm',
})
