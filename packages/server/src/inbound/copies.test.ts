import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createBell } from '../bell.ts'
import { createSmppSlot } from '../carriers/smpp/kind.ts'
import { smsc } from '../carriers/smpp/wire.testing.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { ask, testOwner } from '../message/testing.ts'
import { createEmit } from '../outbox/emit.ts'
import { testDatabase } from '../store/testing.ts'
import { createInbound } from './receive.ts'

const { db } = await testDatabase()

test('over the wire: a text whose link breaks before the answer is stored once when it comes over the link beside it, and said twice it is two', async (t) => {
  const { carrierId } = await testOwner(db)
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const { promise: free, resolve: go } = Promise.withResolvers<void>()
  const inbound = createInbound({
    ...{ db, clock: systemClock, bell: createBell(), log: silentLog, emit: createEmit(() => ({})) },
    claimers: () => [
      {
        name: 'slow',
        claims: {
          async stop(incoming) {
            reach()
            await free
            return incoming.map(() => undefined)
          },
        },
      },
    ],
  })
  const { port, session } = await smsc(t)
  /** One bind; resolves once it stands, `lost` once it has been lost. */
  const bind = async (slot: number) => {
    const up = Promise.withResolvers<void>()
    const lost = Promise.withResolvers<void>()
    let stood = false
    const binds = [{ type: 'transceiver' as const, count: 2 }]
    const settings = {
      hosts: [{ host: '127.0.0.1', port }],
      system_id: 'post',
      binds,
      bind_pause_seconds: 60,
    }
    const secrets = { password: 'secret' }
    const carrier = createSmppSlot({ settings, secrets, slot, clock: systemClock, log: silentLog })
    const close = await carrier.open({
      changed() {
        const stands = carrier.report!().state === 'bound'
        if (stands) up.resolve()
        else if (stood) lost.resolve()
        stood = stands
      },
      late() {},
      async receipt() {},
      incoming: (part) => inbound.receive({ carrierId }, part),
    })
    t.after(close)
    await up.promise
    return { lost: lost.promise }
  }
  const { lost } = await bind(0)
  const breaking = session()
  await bind(1)
  const says = {
    command: 'deliver_sm',
    source_addr: '4915112345678',
    short_message: Buffer.from('Ja'),
  } as const
  const unheard = breaking.request(says).catch(() => 'no answer')
  await reached
  breaking.destroy()
  await lost
  go()
  assert.equal(await unheard, 'no answer')
  await inbound.idle()
  while (session() === breaking) await nextTurn()
  const stored = async () => (await ask(db, `select 1 from messages where body = 'Ja'`)).length
  assert.equal(await stored(), 1)
  assert.equal((await session().request(says)).status, 0)
  assert.equal(await stored(), 1, 'the copy is acknowledged')
  assert.equal((await session().request(says)).status, 0)
  assert.equal(await stored(), 2, 'what is said once more is another message')
})
