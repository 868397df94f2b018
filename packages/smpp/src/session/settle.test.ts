import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PduInput, RequestPdu } from '../pdu/commands.ts'
import { decodePdu } from '../pdu/decode.ts'
import { encodePdu } from '../pdu/encode.ts'
import type { Action, BindPdu } from './actions.ts'
import { makeEntry } from './outbox.ts'
import { createSession, type Session } from './session.ts'
import type { Entry } from './window.ts'

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      own: fc.option(fc.integer({ min: 1, max: 2_000 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(), status: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('nack' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(700) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('respond' as const), which: fc.nat() }) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...(['flush', 'flush', 'notify', 'asked', 'asked', 'wrong'] as const))
      .map((what) => ({ do: what })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...(['unbind', 'peer_unbind', 'break', 'close', 'reconnect'] as const))
      .map((what) => ({ do: what })),
  },
)
const setting = fc.record({
  role: fc.constantFrom('client' as const, 'server' as const),
  window: fc.integer({ min: 1, max: 5 }),
  theirs: fc.constantFrom(0x33, 0x34, 0x50, undefined),
})

const requestOf = { client: 'submit_sm', server: 'deliver_sm' } as const
const askedOf = { client: 'deliver_sm', server: 'submit_sm' } as const

interface Setting {
  role: 'client' | 'server'
  window: number
  theirs: number | undefined
}

function begin(
  { role, window, theirs }: Setting,
  now: number,
  perform: (run: (out: Action[]) => void) => void,
) {
  const session = createSession(
    {
      role,
      interfaceVersion: 0x50,
      window,
      maxWaiting: 4,
      responseTimeoutMs: 1_000,
      enquireLinkMs: 2_500,
      bindTimeoutMs: 1_000,
      maxHandling: 2,
      stallMs: 500,
    },
    now,
  )
  const receive = (pdu: PduInput): void =>
    perform((out) => session.receive(decodePdu(encodePdu(pdu)), now, out))
  if (role === 'client') {
    perform((out) => session.bind({ command: 'bind_transceiver' }, 'transceiver', now, out))
    const tlvs = theirs === undefined ? [] : [{ tag: 0x0210, value: Buffer.of(theirs) }]
    receive({ command: 'bind_transceiver_resp', sequence: 1, tlvs })
  } else {
    const bind = { command: 'bind_transceiver', sequence: 1, interface_version: theirs } as const
    receive(bind)
    const asked = { ...bind, status: 0 } as unknown as BindPdu
    perform((out) => session.bindAnswered(asked, { command: 'bind_transceiver_resp' }, out))
  }
  assert.equal(session.state, 'bound')
  return session
}

test('whatever happens in whatever order, every request settles exactly once and the window is exact', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 70 }), setting, (steps, given) => {
      let session: Session | undefined
      let now = 0
      const settled = new Map<Entry, number>()
      const flushed = new Set<Entry>()
      let written: Entry[] = []
      let noticed = new Set<Entry>()
      /** Requests of the current session. */
      let entries: Entry[] = []
      let held: RequestPdu[] = []
      const answered = new Map<number, number>()
      let number = 100
      const perform = (run: (out: Action[]) => void): void => {
        const out: Action[] = []
        run(out)
        for (const action of out) {
          if (action.do === 'handle') held.push(action.pdu)
          if (action.do === 'write' && action.entry?.kind === 'request') written.push(action.entry)
          if (action.do === 'write' && action.entry?.kind === 'notice') noticed.add(action.entry)
          if (action.do === 'write' && action.pdu.command === `${askedOf[given.role]}_resp`)
            answered.set(action.sequence, (answered.get(action.sequence) ?? 0) + 1)
          if (action.do !== 'resolve' && action.do !== 'reject') continue
          settled.set(action.entry, (settled.get(action.entry) ?? 0) + 1)
          // 'no' is a promise: these octets were never handed to the socket.
          if (action.do === 'reject' && action.error.sent === 'no') assert.ok(!flushed.has(action.entry))
        }
        if (session === undefined) return
        const unsettled = entries.filter((entry) => !settled.has(entry))
        assert.equal(session.inFlight + session.waiting, unsettled.length)
        assert.ok(session.inFlight <= given.window)
        assert.ok(session.state === 'closed' || session.nextAt() > now || held.length > 0)
      }
      const receive = (pdu: PduInput): void =>
        perform((out) => session!.receive(decodePdu(encodePdu(pdu)), now, out))
      const pick = (which: number): Entry | undefined => entries[which % Math.max(entries.length, 1)]
      const finish = (): void => {
        perform((out) => session!.close(out, 'destroyed'))
        for (const entry of entries) assert.equal(settled.get(entry), 1)
        for (const times of answered.values()) assert.equal(times, 1)
        entries = []
        held = []
        written = []
      }
      const send = (pdu: PduInput, timeoutMs?: number): void => {
        const entry = makeEntry('request', pdu, ignore, ignore, undefined, timeoutMs)
        entries.push(entry)
        perform((out) => session!.request(entry, now, out))
      }

      session = begin(given, now, perform)
      for (const one of steps) {
        if (one.do === 'request') send({ command: requestOf[given.role] }, one.own ?? undefined)
        // Not in every version, and not a client's to send: refused or sent, once.
        else if (one.do === 'wrong') send({ command: given.role === 'client' ? 'data_sm' : 'query_sm' })
        else if (one.do === 'answer') {
          const command = `${requestOf[given.role]}_resp` as const
          receive({ command, sequence: pick(one.which)?.sequence ?? 0, status: one.status })
        } else if (one.do === 'nack')
          receive({ command: 'generic_nack', sequence: pick(one.which)?.sequence ?? 0, status: 3 })
        else if (one.do === 'abort') {
          const entry = pick(one.which)
          if (entry !== undefined) perform((out) => session!.abort(entry, now, out))
        } else if (one.do === 'wait') {
          now += one.ms
          perform((out) => session!.tick(now, out))
        } else if (one.do === 'flush') {
          for (const entry of written) flushed.add(entry)
          written = []
          session.flushed()
        } else if (one.do === 'notify') {
          const entry = makeEntry('notice', { command: 'alert_notification' }, ignore, ignore)
          noticed = new Set()
          perform((out) => session!.notify(entry, now, out))
          assert.equal((settled.get(entry) ?? 0) + noticed.size, 1)
        } else if (one.do === 'asked') receive({ command: askedOf[given.role], sequence: number++ })
        else if (one.do === 'respond') {
          const [pdu] = held.splice(one.which % Math.max(held.length, 1), 1)
          const reply = { command: `${askedOf[given.role]}_resp` } as const
          if (pdu !== undefined) perform((out) => session!.handled(pdu, reply, now, out))
        } else if (one.do === 'unbind') perform((out) => session!.unbind(now, out))
        else if (one.do === 'peer_unbind') receive({ command: 'unbind', sequence: 9 })
        else if (one.do === 'close') perform((out) => session!.close(out, 'socket_closed'))
        else if (one.do === 'reconnect') {
          finish()
          session = undefined
          session = begin(given, now, perform)
        } else
          perform((out) =>
            session!.receive(
              { ok: false, fatal: true, status: 2, reason: '', raw: Buffer.alloc(0) },
              now,
              out,
            ),
          )
      }
      finish()
    }),
    { numRuns: 600 },
  )
})

const ignore = (): void => {}
