import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodePdu } from '../pdu/decode.ts'
import { encodePdu } from '../pdu/encode.ts'
import type { Action } from './actions.ts'
import { makeEntry } from './outbox.ts'
import { createSession } from './session.ts'
import type { Entry } from './window.ts'

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: 'submit' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(), status: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('nack' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(700) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'flush' } as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...(['unbind', 'peer_unbind', 'break', 'close'] as const))
      .map((what) => ({ do: what })),
  },
)

test('whatever happens in whatever order, every request settles exactly once and the window is exact', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
      const session = createSession(
        {
          role: 'client',
          interfaceVersion: 0x34,
          window: limit,
          maxWaiting: 4,
          responseTimeoutMs: 1_000,
          enquireLinkMs: 2_500,
          bindTimeoutMs: 1_000,
          maxHandling: 2,
          stallMs: 500,
        },
        0,
      )
      let now = 0
      const settled = new Map<Entry, number>()
      const flushed = new Set<Entry>()
      let written: Entry[] = []
      const perform = (run: (out: Action[]) => void): void => {
        const out: Action[] = []
        run(out)
        for (const action of out) {
          if (action.do === 'write' && action.entry?.kind === 'request') written.push(action.entry)
          if (action.do !== 'resolve' && action.do !== 'reject') continue
          settled.set(action.entry, (settled.get(action.entry) ?? 0) + 1)
          // 'no' is a promise: these octets were never handed to the socket.
          if (action.do === 'reject' && action.error.sent === 'no') assert.ok(!flushed.has(action.entry))
        }
        const unsettled = entries.filter((entry) => !settled.has(entry))
        assert.equal(session.inFlight + session.waiting, unsettled.length)
        assert.ok(session.inFlight <= limit)
      }
      const receive = (pdu: Parameters<typeof encodePdu>[0]): void =>
        perform((out) => session.receive(decodePdu(encodePdu(pdu)), now, out))
      const entries: Entry[] = []
      const pick = (which: number): Entry | undefined => entries[which % Math.max(entries.length, 1)]

      perform((out) => session.bind({ command: 'bind_transceiver' }, 'transceiver', now, out))
      receive({ command: 'bind_transceiver_resp', sequence: 1 })
      for (const one of steps) {
        if (one.do === 'submit') {
          const entry = makeEntry(
            'request',
            { command: 'submit_sm' },
            () => {},
            () => {},
          )
          entries.push(entry)
          perform((out) => session.request(entry, now, out))
        } else if (one.do === 'answer')
          receive({ command: 'submit_sm_resp', sequence: pick(one.which)?.sequence ?? 0, status: one.status })
        else if (one.do === 'nack')
          receive({ command: 'generic_nack', sequence: pick(one.which)?.sequence ?? 0, status: 3 })
        else if (one.do === 'abort') {
          const entry = pick(one.which)
          if (entry !== undefined) perform((out) => session.abort(entry, now, out))
        } else if (one.do === 'wait') {
          now += one.ms
          perform((out) => session.tick(now, out))
        } else if (one.do === 'flush') {
          for (const entry of written) flushed.add(entry)
          written = []
          session.flushed()
        } else if (one.do === 'unbind') perform((out) => session.unbind(now, out))
        else if (one.do === 'peer_unbind') receive({ command: 'unbind', sequence: 9 })
        else if (one.do === 'close') perform((out) => session.close(out, 'socket_closed'))
        else
          perform((out) =>
            session.receive(
              { ok: false, fatal: true, status: 2, reason: '', raw: Buffer.alloc(0) },
              now,
              out,
            ),
          )
      }
      perform((out) => session.close(out, 'destroyed'))
      for (const entry of entries) assert.equal(settled.get(entry), 1)
    }),
    { numRuns: 500 },
  )
})
