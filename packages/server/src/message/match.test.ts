import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Reading } from '../carriers/carrier.ts'
import { agrees, choose } from './match.ts'
import { keysOf, type LearnedReadings, learn } from './reading.ts'
import type { Candidate } from './receipt.store.ts'

/** The readings of a number in a receipt's text, as the SMPP adapter gives them. */
const readings = (id: string): Reading[] => [
  { name: 'text:same', key: id },
  { name: 'text:hex_to_decimal', key: Number(id).toString(16) },
  { name: 'text:decimal_to_hex', key: String(Number.parseInt(id, 16)) },
]
const candidate = (remote_id: string, recipient: string, more: Partial<Candidate> = {}): Candidate => ({
  n: 0,
  account_id: 'a',
  message_id: `${remote_id}/${recipient}`,
  attempt: 1,
  index: 1,
  remote_id,
  remote_key: remote_id.toLowerCase(),
  open: true,
  segments: 1,
  message_state: 'submitted',
  sender: null,
  recipient,
  lane: 'transactional',
  client_ref: null,
  possible_duplicate: false,
  ...more,
})
const anna = '+4915100000001'
const bert = '+4915100000002'
const receipt = (id: string, parties: string[] = []) => ({
  remote_id: id,
  readings: readings(id),
  parties,
})
const found = (choice: ReturnType<typeof choose>) =>
  typeof choice === 'string' ? choice : choice.found.message_id

function learned(reading: 'same' | 'hex_to_decimal', times = 8): LearnedReadings {
  let known: LearnedReadings = {}
  for (let n = 0; n < times; n++) {
    const all = readings(String(1_000 + n))
    known = learn(known, all, all.find(({ name }) => name === `text:${reading}`)!.key) ?? known
  }
  return known
}

// "16" is the answer "16", or "10" in hex, or "22" in decimal: each of the three may be on its way.
const three = [candidate('16', anna), candidate('10', bert), candidate('22', '+4915100000003')]

test('group 31: before the base is known an id that three segments could have is the recipient’s, and nobody’s without one', () => {
  assert.equal(found(choose(receipt('16', [bert, '12345']), three, {})), '10/+4915100000002')
  assert.equal(found(choose(receipt('16', ['Kurzpost', anna]), three, {})), '16/+4915100000001')
  assert.equal(choose(receipt('16'), three, {}), 'ambiguous')
  assert.equal(choose(receipt('16', ['+4917099999999']), three, {}), 'ambiguous')
  assert.equal(
    choose(receipt('16', [anna]), [candidate('16', anna), candidate('10', anna)], {}),
    'ambiguous',
    'both to one recipient: neither is a guess worth making',
  )
})

test('group 31: once the base is known it alone decides', () => {
  const base = learned('hex_to_decimal')
  assert.equal(found(choose(receipt('16'), three, base)), '10/+4915100000002')
  assert.equal(
    found(choose(receipt('16', [anna]), [candidate('16', anna), candidate('10', anna)], base)),
    '10/+4915100000001',
  )
})

test('group 31: a base that is certain is left only where the recipient says so, and that counts against it', () => {
  const base = learned('same')
  const other = [candidate('10', bert)]
  assert.equal(choose(receipt('16', [anna]), other, base), 'none')
  assert.equal(choose(receipt('16'), other, base), 'none')
  assert.deepEqual(choose(receipt('16', [bert]), other, base), { found: other[0], news: true })
  assert.equal(learn(base, readings('16'), '10')!.text!.reading, null, 'it is no longer certain')
})

test('group 31: alone and spelled alike it is believed without a recipient, but not against one unless the id is long', () => {
  assert.equal(found(choose(receipt('16'), [candidate('16', anna)], {})), '16/+4915100000001')
  assert.equal(choose(receipt('16', [bert]), [candidate('16', anna)], {}), 'ambiguous')
  assert.equal(choose(receipt('16'), [candidate('10', anna)], {}), 'ambiguous')
  const long = '1763793000000001'
  assert.equal(found(choose(receipt(long, [bert]), [candidate(long, anna)], {})), `${long}/${anna}`)
})

test('group 31: eight receipts make a base certain, seven do not; what fits every reading or none tells nothing', () => {
  assert.equal(learned('hex_to_decimal', 7).text?.reading, null)
  assert.equal(learned('hex_to_decimal', 8).text?.reading, 'hex_to_decimal')
  assert.equal(learn({}, readings('7'), '7'), undefined)
  assert.equal(learn({}, readings('16'), 'other'), undefined)
  assert.deepEqual(keysOf(readings('16'), learned('hex_to_decimal')), { keys: ['10'], certain: true })
  assert.deepEqual(keysOf(readings('16'), {}), { keys: ['16', '10', '22'], certain: false })
})

test('group 31: a carrier that changes its base is learned anew', () => {
  let known = learned('hex_to_decimal', 64)
  let receipts = 0
  while (known.text?.reading !== 'same') {
    known = learn(known, readings(String(2_000 + ++receipts)), String(2_000 + receipts))!
    assert.ok(receipts < 1_000)
  }
  assert.ok(receipts > 8, 'not at the first that differs')
})

test('group 32: TLV and text are learned each for itself, and what is certain of one is enough', () => {
  const both = (n: number): Reading[] => [
    { name: 'tlv:same', key: `t${n}` },
    { name: 'tlv:hex_to_decimal', key: `h${n}` },
    { name: 'text:same', key: `x${n}` },
    { name: 'text:hex_to_decimal', key: `t${n}` },
  ]
  let known: LearnedReadings = {}
  for (let n = 0; n < 8; n++) known = learn(known, both(n), `t${n}`)!
  assert.deepEqual([known.tlv?.reading, known.text?.reading], ['same', 'hex_to_decimal'])
  assert.deepEqual(keysOf(both(99), known).keys, ['t99'])
  assert.deepEqual(keysOf(both(99).slice(2), known).keys, ['t99'], 'of a receipt without a TLV')
})

test('group 40: of segments with one id it is the recipient’s, then the one that is open, then the newest', () => {
  const base = learned('same')
  const now = candidate('77', bert, { message_id: 'now' })
  const before = candidate('77', anna, { message_id: 'before' })
  assert.equal(found(choose(receipt('77', [anna]), [now, before], base)), 'before')
  assert.equal(found(choose(receipt('77'), [now, before], base)), 'now')
  const closed = { ...now, open: false }
  assert.equal(found(choose(receipt('77'), [closed, before], base)), 'before')
  assert.equal(
    found(choose(receipt('77', [bert]), [closed, before], base)),
    'now',
    'a second receipt of the newest',
  )
})

const spellings: readonly [party: string, same: boolean][] = [
  ['+4915100000001', true],
  ['4915100000001', true],
  ['004915100000001', true],
  ['015100000001', true],
  ['15100000001', true],
  ['12345', false],
  ['00001', false],
  ['+4915100000002', false],
  ['Bank', false],
]
for (const [party, same] of spellings)
  test(`group 39: ${party} is ${same ? '' : 'not '}the recipient +4915100000001`, () =>
    assert.equal(agrees(['Kurzpost', party], anna), same))

test('group 39: a short code is its own recipient, and a receipt without addresses says nothing', () => {
  assert.equal(agrees(['12345'], '12345'), true)
  assert.equal(agrees([], anna), undefined)
})

test('group 31: whatever is on its way, no receipt whose recipient is known goes to another recipient before the base is certain', () => {
  const id = fc.integer({ min: 10, max: 400 })
  const who = fc.constantFrom(anna, bert, '+4915100000003')
  fc.assert(
    fc.property(fc.array(fc.tuple(id, who), { maxLength: 12 }), id, who, (sent, told, to) => {
      const keys = new Set(readings(String(told)).map(({ key }) => key))
      const candidates = sent
        .map(([n, recipient]) => candidate(String(n), recipient))
        .filter(({ remote_key }) => keys.has(remote_key))
      const choice = choose(receipt(String(told), [to]), candidates, {})
      if (typeof choice !== 'string') assert.equal(choice.found.recipient, to)
    }),
  )
})
