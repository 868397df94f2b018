import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examine } from '../../cli/doctor.ts'
import { ask } from '../../message/testing.ts'
import { createRegister } from './register.ts'
import { consentBench } from './testing.ts'
import { verifyChains } from './verify.ts'

const { db, url, platform, accountId } = await consentBench()
const register = createRegister(platform)
const number = (n: number) => `+4915${String(n).padStart(8, '0')}`
const write = (from: number, count: number) =>
  platform.transaction((tx) =>
    register.record(
      tx,
      Array.from({ length: count }, (_, n) => ({
        ...{ accountId, number: number(from + n), topic: null, sender: null },
        ...{ act: 'granted' as const, how: 'api' as const, details: { text_shown: 'Ja' } },
      })),
      { bulk: true },
    ),
  )
/** Somebody at the database, who knows how to go round the trigger. */
async function tamper(sql: string) {
  await ask(db, 'alter table consent_ledger disable trigger consent_ledger_stands')
  await ask(db, sql)
  await ask(db, 'alter table consent_ledger enable trigger consent_ledger_stands')
}
const verdict = async () => (await verifyChains(db))[0]!
const says = async () =>
  (await examine({ DATABASE_URL: url, KURZPOST_PORT: '0' }))
    .map(({ level, sentence }) => `${level}: ${sentence}`)
    .find((sentence) => sentence.includes('consent record'))

test('a chain of more than one page is whole, and doctor says how long it is', async () => {
  await write(0, 6_000)
  const { entries, broken, lost } = await verdict()
  assert.deepEqual([entries, broken, lost], [6_000, undefined, undefined])
  assert.match(
    (await says())!,
    /^good: The consent record of Test is whole: 6000 entries, the last with hash [0-9a-f]{64}\./,
  )
})

test('texts that are gone are erasures or losses', async () => {
  await platform.transaction((tx) => register.erase(tx, accountId, [number(7)], platform.now()))
  assert.equal((await verdict()).lost, undefined)
  await ask(db, 'delete from consent_details where seq in (5, 9)')
  assert.deepEqual((await verdict()).lost, { entries: 2, first: 5 })
})

test('an end that was cut off shows, even with the head moved back', async () => {
  await tamper('delete from consent_ledger where seq = 6001')
  assert.deepEqual((await verdict()).broken, {
    seq: 6_001,
    problem: 'entry 6001 is missing, and all up to 6001',
  })
  await ask(db, 'update consent_chains set seq = 6000')
  assert.match((await verdict()).broken!.problem, /not the one that was noted as the last/)
})

test('doctor names the first entry that does not fit', async () => {
  await tamper(`update consent_ledger set act = 'withdrawn' where seq in (42, 4711)`)
  assert.match(
    (await says())!,
    /^bad: The consent record of Test breaks at entry 42: its content is not what/,
  )
})
