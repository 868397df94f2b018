import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import pg from 'pg'
import type { KurzpostError } from '../errors.ts'
import { silentLog } from '../log.ts'
import { openDb } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import type { Accepted, Draft } from './draft.ts'
import type { Gate } from './gate.ts'
import { ask, handClock, testAccept, testOwner } from './testing.ts'

const { db, url } = await testDatabase()
const { accountId } = await testOwner(db)
const clock = handClock()
const to = '+4915123456789'

type Cut = 'before it arrives' | 'after it is committed'

/** A way to the database that breaks once, when it is told to. */
async function frailWay() {
  const { host, port } = new pg.Client(url)
  let cut: Cut | undefined
  const server = createServer((client) => {
    const target = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    const end = () => {
      client.destroy()
      target.destroy()
    }
    for (const socket of [client, target] as Socket[]) socket.on('error', end).on('close', end)
    client.on('data', (octets: Buffer) => {
      // Of the statements of a transaction the commit, and of others each one.
      const commits = octets.includes('commit') || octets.includes('insert_messages')
      if (cut === 'before it arrives' && commits) {
        cut = undefined
        end()
      } else target.write(octets)
    })
    target.on('data', (octets: Buffer) => {
      // ReadyForQuery, in no transaction.
      const committed = octets.subarray(-6).equals(Buffer.from('Z\0\0\0\x05I', 'latin1'))
      const something = octets.includes('COMMIT') || octets.includes('INSERT 0 1')
      if (cut === 'after it is committed' && committed && something) {
        cut = undefined
        end()
      } else client.write(octets)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const way = new URL(url)
  way.searchParams.delete('host')
  way.searchParams.delete('port')
  way.hostname = '127.0.0.1'
  way.port = String((server.address() as AddressInfo).port)
  const over = openDb(way.href, { max: 2, log: silentLog })
  after(async () => {
    await over.close()
    server.close()
  })
  return {
    db: over,
    breaks: (when: Cut) => {
      cut = when
    },
    get isWhole() {
      return cut === undefined
    },
  }
}

const way = await frailWay()
const pass: Gate = { concerns: () => true, judge: async (drafts) => drafts.map(() => ({ verdict: 'pass' })) }
const kinds: Record<string, { gates: Gate[]; key?: string }> = {
  'a statement that commits by itself': { gates: [] },
  'a transaction with gates': { gates: [pass] },
  'a transaction with a key': { gates: [], key: 'k' },
}
const storedOf = (text: string) =>
  ask<{ id: string }>(db, 'select id from messages where body = $1', [text]).then((rows) => rows.length)

for (const [kind, { gates, key }] of Object.entries(kinds)) {
  const begin = async (text: string) => {
    const accept = testAccept({ db: way.db, clock, gates })
    // The statement is prepared, and the connection stands.
    await accept.accept(accountId, [{ to, text: `first, ${text}` }])
    const draft: Draft = { to, text }
    const idempotency = key === undefined ? undefined : { key: text, fingerprint: Buffer.alloc(32, 1) }
    return () => accept.accept(accountId, [draft], idempotency)
  }

  test(`${kind}: what was committed when the connection broke is answered as accepted, and stands once`, async () => {
    const text = `committed, ${kind}`
    const send = await begin(text)
    way.breaks('after it is committed')
    const [answer] = await send()
    assert.ok(way.isWhole)
    assert.equal((answer as Accepted).state, 'queued')
    assert.equal(await storedOf(text), 1)
    const [queued] = await ask(
      db,
      'select 1 from queue q join messages m on m.id = q.message_id where m.body = $1',
      [text],
    )
    assert.ok(queued)
  })

  test(`${kind}: what never arrived is refused as retryable, and nothing of it stands`, async () => {
    const text = `lost, ${kind}`
    const send = await begin(text)
    way.breaks('before it arrives')
    await assert.rejects(send(), (error: KurzpostError) => error.code === 'database_unavailable')
    assert.ok(way.isWhole)
    assert.equal(await storedOf(text), 0)
    assert.equal(((await send())[0] as Accepted).state, 'queued')
  })
}
