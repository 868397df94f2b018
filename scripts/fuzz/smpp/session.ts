import { createDecoder, encodePdu, type PduInput, type RequestPdu } from '@kurzpost/smpp'
import type { Action, SessionOptions } from '../../../packages/smpp/src/session/actions.ts'
import { makeEntry } from '../../../packages/smpp/src/session/outbox.ts'
import { createSession } from '../../../packages/smpp/src/session/session.ts'
import { createRandom, hashOf, type Random } from '../../random.ts'
import { hold } from '../target.ts'

/**
 * The session's logic under a peer that says anything, an owner that asks for anything, and a clock that runs: every request
 * of ours is settled exactly once, bounds are kept, and nothing is done after the end.
 */

const limits = { window: 4, maxWaiting: 6, maxHandling: 3 }
const options: Omit<SessionOptions, 'role'> = {
  ...limits,
  interfaceVersion: 0x34,
  responseTimeoutMs: 1_000,
  enquireLinkMs: 5_000,
  bindTimeoutMs: 2_000,
  stallMs: 500,
}
const requests: readonly PduInput[] = [
  { command: 'submit_sm', destination_addr: '49170' },
  { command: 'deliver_sm' },
  { command: 'data_sm' },
  { command: 'query_sm', message_id: '1' },
  { command: 'enquire_link' },
  { command: 'submit_sm_resp' },
]
const random = createRandom()

type Entry = ReturnType<typeof makeEntry>

function open(role: SessionOptions['role']) {
  const session = createSession({ ...options, role }, 0)
  const entries: Entry[] = []
  const handling: RequestPdu[] = []
  let settled = 0
  let closed = false

  function perform(step: (out: Action[]) => void): void {
    const out: Action[] = []
    const was = closed
    step(out)
    for (const action of out) {
      hold(!was || action.do === 'reject', `After its end the session wants to ${action.do}.`)
      if (action.do === 'write') {
        hold(!closed, 'The session writes after its end.')
        encodePdu({ ...action.pdu, sequence: action.sequence } as PduInput)
      } else if (action.do === 'handle') handling.push(action.pdu)
      else if (action.do === 'resolve') action.entry.resolve(action.pdu)
      else if (action.do === 'reject') action.entry.reject(action.error)
      else if (action.do === 'close') {
        hold(!closed, 'The session ends twice.')
        closed = true
      }
    }
    hold(closed === (session.state === 'closed'), 'The session ends without saying so.')
    hold(
      session.inFlight <= limits.window,
      `${session.inFlight} requests are in a window of ${limits.window}.`,
    )
    hold(session.waiting <= limits.maxWaiting, `${session.waiting} requests wait.`)
    hold(handling.length <= limits.maxHandling, `${handling.length} requests are with their handlers.`)
    hold(!Number.isNaN(session.nextAt()), 'The session does not know its next time.')
    for (const action of out) if (action.do === 'bind') answerBind(action)
  }

  function answerBind({ pdu }: Extract<Action, { do: 'bind' }>): void {
    const reply = { command: `${pdu.command}_resp`, status: random.oneIn(8) ? 0x0e : 0 } as PduInput
    perform((out) => session.bindAnswered(pdu, reply, out))
  }

  return {
    session,
    entries,
    handling,
    perform,
    get settled() {
      return settled
    },
    request(pdu: PduInput, now: number): void {
      let times = 0
      const settle = (): void => {
        hold(++times === 1, 'A request is settled twice.')
        settled++
      }
      const entry = makeEntry('request', pdu, settle, settle)
      entries.push(entry)
      perform((out) => session.request(entry, now, out))
    },
  }
}

type Run = ReturnType<typeof open>
type Step = (run: Run, now: number, random: Random) => void

const steps: readonly Step[] = [
  (run, now, random) => run.request(random.pick(requests), now),
  (run, now) => run.request(requests[0]!, now),
  ({ perform, session, entries }, now, random) => {
    if (entries.length > 0) perform((out) => session.abort(random.pick(entries), now, out))
  },
  ({ perform, session, handling }, now, random) => {
    const pdu = handling.splice(random.below(handling.length), 1)[0]
    const answer = random.oneIn(4) ? undefined : ({ command: 'deliver_sm_resp' } as const)
    if (pdu !== undefined) perform((out) => session.handled(pdu, answer, now, out))
  },
  ({ perform, session }, now) => perform((out) => session.tick(now, out)),
  ({ session }) => session.flushed(),
  ({ perform, session }, now, random) => {
    if (random.oneIn(16)) perform((out) => session.unbind(now, out))
  },
]

export function checkSession(octets: Buffer): number {
  random.seed(hashOf(octets), 2)
  const role = random.oneIn(2) ? 'client' : 'server'
  const run = open(role)
  const { session, perform } = run
  if (role === 'client')
    perform((out) => session.bind({ command: 'bind_transceiver' }, 'transceiver', 0, out))
  // Else most streams would end at a session that is not bound.
  if (!random.oneIn(4)) {
    const bind: PduInput =
      role === 'client'
        ? { command: 'bind_transceiver_resp', sequence: 1 }
        : { command: 'bind_transceiver', sequence: 1, interface_version: random.pick([0x33, 0x34, 0x50, 0]) }
    for (const decoded of createDecoder().push(encodePdu(bind)))
      perform((out) => session.receive(decoded, 0, out))
  }
  let now = 0
  const all = createDecoder().push(octets)
  for (const decoded of all) {
    perform((out) => session.receive(decoded, now, out))
    for (let left = random.below(4); left > 0; left--) random.pick(steps)(run, now, random)
    if (random.oneIn(4)) now += random.pick([1, 100, 600, 1_100])
  }
  // The clock alone settles everything, so half of the sessions end without it.
  if (random.oneIn(2)) checkClock(run, now)
  perform((out) => session.close(out, 'socket_closed'))
  hold(session.inFlight === 0, 'Requests are in flight after the end.')
  hold(run.settled === run.entries.length, `${run.entries.length - run.settled} requests were never settled.`)
  return Math.max(1, all.length)
}

/** Left alone, the session comes to rest: each tick moves its next time on. */
function checkClock({ session, perform }: Run, from: number): void {
  let now = from
  for (let left = 20; left > 0 && session.state !== 'closed'; left--) {
    const next = session.nextAt()
    if (next === Number.POSITIVE_INFINITY) return
    now = Math.max(now, next)
    perform((out) => session.tick(now, out))
    // A closed session has no next time.
    hold(session.nextAt() > now, 'A tick leaves the next one due at once.')
  }
}
