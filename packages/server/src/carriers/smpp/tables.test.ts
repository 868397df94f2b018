import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromSmpp, toSmpp } from './address.ts'
import { refusal } from './status.ts'
import { validityPeriod } from './validity.ts'

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
  test(`${seconds} s of validity are ${expected}`, () => assert.equal(validityPeriod(seconds), expected))
}

const statuses: readonly [status: number, code: string, retry: string][] = [
  [0x0b, 'ESME_RINVDSTADR', 'never'],
  [0x0a, 'ESME_RINVSRCADR', 'never'],
  [0x04, 'ESME_RINVBNDSTS', 'later'],
  [0x08, 'ESME_RSYSERR', 'later'],
  [0x14, 'ESME_RMSGQFUL', 'later'],
  [0x58, 'ESME_RTHROTTLED', 'later'],
  [0x64, 'ESME_RX_T_APPN', 'later'],
]
for (const [status, code, retry] of statuses) {
  test(`${code} means ${retry}, and that nothing went out`, () => {
    const error = refusal(status)
    assert.deepEqual([error.code, error.retry, error.sent], [code, retry, 'no'])
    assert.equal(error.afterMs === undefined, retry === 'never')
  })
}
