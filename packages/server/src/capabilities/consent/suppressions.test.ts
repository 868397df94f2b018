import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../message/testing.ts'
import { createRegister } from './register.ts'
import { importSuppressions } from './suppressions.ts'
import { consentBench } from './testing.ts'

const { db, platform, accountId, accept } = await consentBench()
const register = createRegister(platform)
const all = { topic: null, sender: null }
const take = (
  text: string,
  type = 'text/csv',
  scope: { topic: string | null; sender: string | null } = all,
) =>
  importSuppressions(platform, register, {
    ...{ accountId, scope, type, bytes: Buffer.from(text), actor: null },
    signal: new AbortController().signal,
    details: { source_address: 'old system' },
  })
const counts = ({ read, added, already, refused }: Awaited<ReturnType<typeof take>>) => [
  read,
  added,
  already,
  refused,
]

test('a bare column of numbers in any spelling is read, and each is told once', async () => {
  const result = await take('+4915120000001\n0049 151 20000002\n0151/20000003\n\n+4915120000001\nnobody\n')
  assert.deepEqual(counts(result), [5, 3, 1, 1])
  assert.deepEqual(result.problems, [{ line: 6, value: 'nobody', problem: 'is no phone number' }])
})

test('the same list again writes nothing: what broke off is finished by sending it again', async () => {
  const text =
    '\ufeffMobilnummer;Grund;Datum\r\n+4915130000001;"Beschwerde; schriftlich";2024-05-01\r\n+4915130000002;;\r\n'
  assert.deepEqual(counts(await take(text)), [2, 2, 0, 0])
  assert.deepEqual(counts(await take(text)), [2, 0, 2, 0])
  const [{ details }] = (await ask<{ details: object }>(
    db,
    'select details from consent_details where number = $1',
    ['+4915130000001'],
  )) as [{ details: object }]
  assert.deepEqual(details, {
    note: 'Beschwerde; schriftlich',
    said_at: '2024-05-01T00:00:00.000Z',
    source_address: 'old system',
  })
  assert.deepEqual(counts(await take(text, 'text/csv', { topic: null, sender: '12345' })), [2, 2, 0, 0])
})

test('JSON is a list of numbers, or of objects', async () => {
  const list = ['+4915140000001', { number: '+4915140000002', note: 'x' }, { phone: 'y' }, 7]
  assert.deepEqual(counts(await take(JSON.stringify(list), 'application/json')), [4, 2, 0, 2])
  await assert.rejects(take('{}', 'application/json'), /wrong type/)
  await assert.rejects(take('[', 'application/json'), /not valid JSON/)
})

test('a note with half a character, a NUL or one too many is kept as far as it can be', async () => {
  const long = `${'x'.repeat(499)}😀`
  const list = ['a\0b', '\ud83d', long].map((note, n) => ({ number: `+491516000000${n}`, note }))
  assert.deepEqual(counts(await take(JSON.stringify(list), 'application/json')), [3, 3, 0, 0])
  const rows = await ask<{ note: string }>(
    db,
    `select details ->> 'note' as note from consent_details where number like '+491516000000%' order by number`,
  )
  assert.deepEqual(
    rows.map(({ note }) => note),
    ['ab', '\ufffd', `${'x'.repeat(499)}\ufffd`],
  )
})

test('a file of anything is refused line by line, or with the line from which it cannot be read', async () => {
  assert.deepEqual(counts(await take('')), [0, 0, 0, 0])
  assert.deepEqual(counts(await take('\0\0"\u0001\n\ud83d,,,')), [2, 0, 0, 2])
  await assert.rejects(take('+4915100000001\n"unclosed'), ({ details }: { details: { problem: string }[] }) =>
    /at line 2/.test(details[0]!.problem),
  )
})

test('what waits for those on the list is cancelled, and a long list costs a few statements for each two thousand', async () => {
  await accept.accept(accountId, [{ to: '+4917000000042', text: 'advert', lane: 'marketing' }])
  const list = Array.from({ length: 20_000 }, (_, n) => `+49170${String(n).padStart(8, '0')}`)
  assert.deepEqual(counts(await take(list.join('\n'))), [20_000, 20_000, 0, 0])
  assert.deepEqual(await ask(db, 'select state from messages where recipient = $1', ['+4917000000042']), [
    { state: 'cancelled' },
  ])
})
