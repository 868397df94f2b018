import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import { canonical } from '../../canonical.ts'
import { uuidv7 } from '../../ids.ts'
import { silentLog } from '../../log.ts'
import { type Db, openDb } from '../../store/db.ts'
import { testDatabase } from '../../store/testing.ts'
import { checkEntry, contentOf, genesis, type Head } from './chain.ts'
import type { NewEntry } from './entry.ts'
import { readChain, readHistory } from './ledger.store.ts'
import { createConsent } from './ledger.ts'

const { db, url } = await testDatabase()
const other = openDb(url, { max: 4, log: silentLog, name: 'other node' })
after(() => other.close())
const consent = createConsent((number) => createHmac('sha256', 'secret').update(number).digest())
const now = new Date()
const sql = (text: string, values: unknown[] = []) =>
  db.query<Record<string, unknown>>({ name: '', text }, values)

let accountId = ''
beforeEach(async () => {
  accountId = uuidv7(Date.now())
  await sql('insert into accounts (id, name, created_at) values ($1, $2, now())', [accountId, 'Test'])
})

const topic = uuidv7(Date.now())
const word = (number: string, more: Partial<NewEntry> = {}): NewEntry => ({
  accountId,
  number,
  topic: null,
  sender: null,
  act: 'granted',
  how: 'api',
  ...more,
})
const append = (entries: NewEntry[], on: Db = db) => on.transaction((tx) => consent.append(tx, entries, now))
const ask = async (number: string, scope: { topic?: string; sender?: string } = {}) =>
  (
    await db.transaction((tx) =>
      consent.readStates(tx, [
        { accountId, number, topic: scope.topic ?? null, sender: scope.sender ?? null },
      ]),
    )
  )[0]!.standing

/** Everything that is wrong with the chain. */
async function check() {
  let head: Head = { seq: 0, hash: genesis }
  const told = await readChain(db, accountId, 0, 100_000)
  for (const { entry, personal } of told) {
    const broken = checkEntry(head, entry, personal)
    if (broken) return { broken, length: told.length }
    head = { seq: entry.seq, hash: entry.hash }
  }
  return { broken: undefined, length: told.length }
}

test('a thousand entries are appended by five statements, and make one chain with those before', async () => {
  await append([word('+4915100000000')])
  let statements = 0
  const entries = await db.transaction((tx) =>
    consent.append(
      {
        query: (statement, values) => {
          statements++
          return tx.query(statement, values)
        },
      },
      Array.from({ length: 1_000 }, (_, n) =>
        word(`+49151${n}`, { topic, details: { text_shown: `"${n}"\n\\` } }),
      ),
      now,
    ),
  )
  assert.equal(statements, 5)
  assert.deepEqual([entries[0]!.seq, entries[999]!.seq], [2, 1_001])
  assert.deepEqual(await check(), { broken: undefined, length: 1_001 })
})

test('what is hashed is canonical JSON', async () => {
  const [entry] = await append([word('+49151', { topic, via: '"', messageIds: [topic] })])
  const content = contentOf(entry!)
  assert.equal(content, canonical(JSON.parse(content)))
  assert.equal(canonical({ b: [1, { z: null, a: 'ü' }], a: undefined }), '{"b":[1,{"a":"ü","z":null}]}')
})

test('two nodes that append at once keep one chain without a gap', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => append([word(`+4915${n}`), word(`+4916${n}`)], n % 2 ? db : other)),
  )
  assert.deepEqual(await check(), { broken: undefined, length: 80 })
})

test('nobody changes, deletes or empties the ledger', async () => {
  await append([word('+491')])
  for (const text of [
    `update consent_ledger set act = 'withdrawn'`,
    'delete from consent_ledger',
    'truncate consent_ledger',
  ])
    await assert.rejects(sql(text), /append-only/)
})

test('each change of what is written down shows, and where', async () => {
  await append(Array.from({ length: 5 }, (_, n) => word(`+4915${n}`, { details: { text_shown: 'Ja' } })))
  await sql('alter table consent_ledger disable trigger consent_ledger_stands')
  const changed = async (text: string) => {
    await sql(text, [accountId])
    return (await check()).broken?.seq
  }
  const revert = `update consent_ledger set act = 'granted' where account_id = $1 and seq = 3`
  assert.equal(
    await changed(`update consent_ledger set act = 'withdrawn' where account_id = $1 and seq = 3`),
    3,
  )
  assert.equal(await changed(revert), undefined)
  assert.equal(
    await changed(`update consent_details set details = '{}' where account_id = $1 and seq = 2`),
    2,
  )
  await sql(`update consent_details set details = '{"text_shown":"Ja"}' where account_id = $1 and seq = 2`, [
    accountId,
  ])
  assert.equal(
    await changed('update consent_details set number = $$+49$$ where account_id = $1 and seq = 4'),
    4,
  )
  await sql('update consent_details set number = $$+49153$$ where account_id = $1 and seq = 4', [accountId])
  assert.equal((await check()).broken, undefined)
  assert.equal(await changed('delete from consent_ledger where account_id = $1 and seq = 2'), 2)
  await sql('alter table consent_ledger enable trigger consent_ledger_stands')
})

test('erasure takes number and texts away, ends what was agreed to, and leaves the chain whole', async () => {
  const number = '+4915112345678'
  await append([
    word(number, { topic, details: { text_shown: 'Ja, bitte' } }),
    word('+4915187654321', { topic }),
  ])
  assert.equal(await ask(number, { topic }), 'granted')
  await db.transaction((tx) => consent.erase(tx, accountId, [number], now))
  assert.equal(await ask(number, { topic }), 'withdrawn')
  assert.equal(await ask('+4915187654321', { topic }), 'granted')
  const history = await readHistory(db, accountId, consent.keyOf(number), { limit: 10 })
  assert.deepEqual(
    history.map(({ entry, personal }) => [entry.act, personal]),
    [
      ['erased', undefined],
      ['granted', undefined],
    ],
  )
  assert.deepEqual(await check(), { broken: undefined, length: 3 })
  assert.equal(
    JSON.stringify(await sql('select * from consent_ledger where account_id = $1', [accountId])).includes(
      '5112345678',
    ),
    false,
  )
})

test('a START gives back what the STOP took, and no more', async () => {
  const [sender, stop, start] = [
    '12345',
    { act: 'withdrawn', how: 'sms_keyword', sender: '12345', via: '12345' },
    { act: 'restored', how: 'sms_keyword', sender: '12345', via: '12345' },
  ] as const
  const asked = { topic, sender }
  await append([word('+491', { topic })])
  await append([word('+491', stop)])
  await append([word('+491', stop)])
  assert.equal(await ask('+491', asked), 'withdrawn')
  await append([word('+491', start)])
  assert.equal(await ask('+491', asked), 'granted')
  assert.equal(await ask('+491', { sender }), 'none', 'what was never granted is not granted now')

  await append([word('+492', { topic })])
  await append([word('+492', { act: 'withdrawn', how: 'import', sender })])
  await append([word('+492', stop), word('+492', start)])
  assert.equal(await ask('+492', asked), 'withdrawn', 'what an import took is not the person’s to give back')
})

test('answers come in the order of the questions, over several accounts', async () => {
  const second = uuidv7(Date.now())
  await sql('insert into accounts (id, name, created_at) values ($1, $2, now())', [second, 'Other'])
  await append([word('+491', { topic }), { ...word('+492', { act: 'withdrawn' }), accountId: second }])
  const answers = await db.transaction((tx) =>
    consent.readStates(
      tx,
      ['+491', '+492', '+493'].flatMap((number) =>
        [accountId, second].map((account) => ({ accountId: account, number, topic, sender: null })),
      ),
    ),
  )
  assert.deepEqual(
    answers.map(({ standing }) => standing),
    ['granted', 'none', 'none', 'withdrawn', 'none', 'none'],
  )
})
