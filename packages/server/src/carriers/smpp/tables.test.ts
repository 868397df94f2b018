import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressReader, addressWriter } from './address.ts'
import { answerKey, readingsOf } from './ids.ts'
import { completeSettings, type GivenSmppSettings } from './settings.ts'
import { refusals } from './status.ts'
import { carrierTlvs } from './tlvs.ts'
import { validityPeriod } from './validity.ts'

const settingsWith = (given: Partial<GivenSmppSettings> = {}) =>
  completeSettings({ hosts: [{ host: 'smsc' }], system_id: 'x', ...given })
const settings = settingsWith()
const toSmpp = addressWriter(settings.destination_addresses)
const fromSmpp = addressReader(settings.inbound_addresses)

const outward: readonly [text: string | null, ton: number, npi: number, address: string][] = [
  ['+4915123456789', 1, 1, '4915123456789'],
  ['12345', 3, 0, '12345'],
  ['12345678', 3, 0, '12345678'],
  ['Kurzpost', 5, 0, 'Kurzpost'],
  ['A1', 5, 0, 'A1'],
  [null, 0, 0, ''],
]
for (const [text, ton, npi, address] of outward) {
  test(`${text ?? 'no sender'} goes out as type ${ton}, plan ${npi}`, () =>
    assert.deepEqual(toSmpp(text), { ton, npi, address }))
}

const inward: readonly [ton: number, address: string, expected: string][] = [
  [1, '4915123456789', '+4915123456789'],
  [0, '4915123456789', '+4915123456789'],
  [0, '+4915123456789', '+4915123456789'],
  [1, '004915123456789', '+4915123456789'],
  [2, '015123456789', '015123456789'],
  [0, '12345', '12345'],
  [3, '12345', '12345'],
  [5, 'Bank', 'Bank'],
  [0, ' 12345 ', '12345'],
  [5, 'x'.repeat(100), 'x'.repeat(64)],
]
for (const [ton, address, expected] of inward) {
  test(`type ${ton} "${address.slice(0, 20)}" comes in as ${expected.slice(0, 20)}`, () =>
    assert.equal(fromSmpp({ ton, address }), expected))
}

const periods: readonly [seconds: number, expected: string][] = [
  [1, '000000000001000R'],
  [0, '000000000001000R'],
  [-5, '000000000001000R'],
  [59.9, '000000000059000R'],
  [600, '000000001000000R'],
  [86_399, '000000235959000R'],
  [86_400, '000001000000000R'],
  [72 * 3600, '000003000000000R'],
  [365 * 86_400, '000030235959000R'],
]
for (const [seconds, expected] of periods) {
  test(`${seconds} s of validity are ${expected}`, () =>
    assert.equal(validityPeriod(seconds, settings, new Date()), expected))
}

test('an absolute validity is in UTC, none is empty, and the longest is the carrier’s', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  const absolute = settingsWith({ validity: 'absolute', validity_most_seconds: 3600 })
  assert.equal(validityPeriod(60, absolute, now), '261122120100000+')
  assert.equal(validityPeriod(86_400, absolute, now), '261122130000000+')
  assert.equal(validityPeriod(60, settingsWith({ validity: 'none' }), now), '')
})

test('addresses follow the rules of the carrier, both ways', () => {
  const { source_addresses, inbound_addresses } = settingsWith({
    source_addresses: [
      { match: '^\\+49', ton: 2, npi: 1, strip: '+49', add: '0' },
      { match: '^\\d{5}$', ton: 6, npi: 9 },
    ],
    inbound_addresses: [
      { match: '^0[1-9]', ton: 2, strip: '0', add: '+49' },
      { match: '^sms-', strip: 'sms-' },
    ],
  })
  const write = addressWriter(source_addresses)
  assert.deepEqual(write('+4915123456789'), { ton: 2, npi: 1, address: '015123456789' })
  assert.deepEqual(write('12345'), { ton: 6, npi: 9, address: '12345' })
  assert.deepEqual(write('Kurzpost'), { ton: 0, npi: 0, address: '' }, 'no rule matches')
  const read = addressReader(inbound_addresses)
  assert.equal(read({ ton: 2, address: '015123456789' }), '+4915123456789')
  assert.equal(read({ ton: 1, address: '015123456789' }), '015123456789')
  assert.equal(read({ ton: 5, address: 'sms-Bank' }), 'Bank')
})

const statuses: readonly [status: number, code: string, retry: string, throttled?: true][] = [
  [0x0b, 'ESME_RINVDSTADR', 'never'],
  [0x0a, 'ESME_RINVSRCADR', 'elsewhere'],
  [0x45, 'ESME_RSUBMITFAIL', 'elsewhere'],
  [0x401, '0x00000401', 'elsewhere'],
  [0x500, '0x00000500', 'never'],
  [0x04, 'ESME_RINVBNDSTS', 'later'],
  [0x08, 'ESME_RSYSERR', 'later'],
  [0x14, 'ESME_RMSGQFUL', 'later', true],
  [0x58, 'ESME_RTHROTTLED', 'later', true],
  [0x64, 'ESME_RX_T_APPN', 'later'],
]
for (const [status, code, retry, throttled = false] of statuses) {
  test(`group 26: ${code} means ${retry}, and that nothing went out`, () => {
    const error = refusals(settings).of(status)
    assert.deepEqual([error.code, error.retry, error.sent, error.throttled], [code, retry, 'no', throttled])
    assert.equal(error.afterMs === undefined, retry === 'never')
  })
}

test('group 26: the table of a carrier goes before ours: names, numbers in both bases, ranges, the narrowest first', () => {
  const own = refusals(
    settingsWith({
      errors: {
        '0x400-0x4ff': 'throttle',
        '1025': 'permanent',
        '0x410-0x41f': 'same',
        ESME_RINVDSTADR: 'elsewhere',
        '0x58': 'permanent',
      },
      throttle_pause_seconds: 3,
    }),
  )
  const said = (status: number) => {
    const { retry, throttled, afterMs } = own.of(status)
    return [retry, throttled, afterMs]
  }
  assert.deepEqual(said(0x400), ['later', true, 3_000])
  assert.deepEqual(said(1025), ['never', false, undefined])
  assert.deepEqual(said(0x415), ['later', false, 2_000])
  assert.deepEqual(said(0x0b), ['elsewhere', false, 2_000])
  assert.deepEqual(said(0x58), ['never', false, undefined])
  assert.ok(own.throttles(0x4ff) && !own.throttles(0x58))
  for (const key of ['ESME_RNOSUCH', '0x4ff-0x400', '4294967296'])
    assert.throws(() => refusals(settingsWith({ errors: { [key]: 'same' } })), RangeError, key)
})

test('an id of any length is one key, in the answer and in the receipt', () => {
  const settings = completeSettings({ hosts: [{ host: 'x' }], system_id: 'x', id_base: { text: 'same' } })
  for (const id of ['A1', 'z'.repeat(64), 'z'.repeat(201), '-x'.repeat(30_000)]) {
    const [reading] = readingsOf({ ids: [id], keysource: 'text' }, settings)
    assert.equal(reading?.key, answerKey(id))
    assert.ok(answerKey(id).length <= 200)
  }
})

test('TLVs of submissions that would do nothing, or make another text of it, are refused', () => {
  const tlvs = { trace: { tag: 0x1500, kind: 'octets' as const } }
  for (const value of ['0g', 'abc', 'no hex'])
    assert.throws(() => carrierTlvs(settingsWith({ tlvs, submit_tlvs: { trace: value } })), RangeError, value)
  assert.equal(carrierTlvs(settingsWith({ tlvs, submit_tlvs: { trace: '0aFF' } })).submit[0]?.value.length, 2)
  for (const name of ['message_payload', 'sar_total_segments', 'user_message_reference'])
    assert.throws(() => carrierTlvs(settingsWith({ submit_tlvs: { [name]: 1 } })), RangeError, name)
})
