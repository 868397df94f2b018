import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mix } from '../chance.ts'
import { readChoice } from './choices.ts'
import { checkSettings, createSettings, settingTable, visibleSettings } from './settings.ts'
import { statusOf } from './status.ts'
import { readTime } from './times.ts'

test('a setting that is not there is refused by name', () => {
  assert.deepEqual(checkSettings({ recieptDelayMs: 5 }), {
    ok: false,
    problems: [{ field: 'recieptDelayMs', message: 'There is no such setting.' }],
  })
  for (const field of ['__proto__', 'constructor', 'toString']) {
    const change = JSON.parse(`{"${field}": 1}`) as Record<string, unknown>
    assert.equal(checkSettings(change).ok, false, field)
  }
})

test('every default is a value that its own setting takes, and reads as itself', () => {
  for (const [name, { read, fallback }] of Object.entries(settingTable)) {
    assert.deepEqual((read as (value: unknown) => unknown)(fallback), fallback, name)
    if (fallback !== '')
      assert.deepEqual((read as (value: unknown) => unknown)(String(fallback)), fallback, name)
  }
})

const wrong: [string, unknown][] = [
  ['receiptDelayMs', -1],
  ['receiptDelayMs', 3_600_001],
  ['receiptDelayMs', '-10'],
  ['receiptDelayMs', null],
  ['receiptDelayMs', 'gamma 5'],
  ['receiptDelayMs', 'uniform 5'],
  ['receiptDelayMs', 'uniform 80..20'],
  ['receiptDelayMs', 'lognormal 0 5'],
  ['receiptDelayMs', 'exponential 50 spike 101% 5'],
  ['receiptsFirst', 'yes'],
  ['receiptsFirst', 1.5],
  ['receiptsFirst', '101%'],
  ['silent', 1],
  ['receiptState', 'DELIVRD'],
  ['receiptState', 'delivered 110%'],
  ['receiptState', 'delivered for everybody'],
  ['refusals', 'RNOSUCH'],
  ['refusals', 'RTHROTTLED every 0'],
  ['malformed', '11'],
  ['malformed', '5.3'],
  ['malformed', '5 10% for 49'],
  ['idInAnswer', 'octal'],
  ['window', 0],
  ['window', 1.5],
  ['limitStatus', 2 ** 32],
  ['unsupported', 'query_sm submit_sm'],
  ['systemId', 'sixteen letters!'],
]
for (const [field, value] of wrong) {
  test(`${field} does not take ${JSON.stringify(value)}, and says what it takes`, () => {
    const checked = checkSettings({ [field]: value, receiptNever: true })
    assert.equal(checked.ok, false)
    assert.match(
      checked.problems.map((problem) => `${problem.field} ${problem.message}`).join(),
      new RegExp(`^${field} It takes .+\\.$`, 's'),
    )
  })
}

const taken: [field: string, given: unknown, kept: unknown][] = [
  ['receiptDelayMs', '250', 250],
  ['receiptDelayMs', ' uniform 20..80 ', 'uniform 20..80'],
  ['answerDelayMs', 'spike 1% 5000', 'spike 1% 5000'],
  ['receiptsFirst', 'true', 1],
  ['receiptsFirst', true, 1],
  ['receiptsFirst', '5%', 0.05],
  ['receiptsFirst', '0.25', 0.25],
  ['silent', 'true', true],
  ['bindStatus', 'RALYBND', 5],
  ['bindStatus', 'ESME_RALYBND', 5],
  ['bindStatus', '0x0d', 13],
  ['refusals', 88, '88'],
  ['systemId', '123', '123'],
  ['unsupported', 'query_sm,  cancel_sm', 'query_sm cancel_sm'],
]
for (const [field, given, kept] of taken) {
  test(`${field} takes ${JSON.stringify(given)} and keeps ${JSON.stringify(kept)}`, () => {
    assert.deepEqual(checkSettings({ [field]: given }), { ok: true, settings: { [field]: kept } })
  })
}

test('settings start from their defaults, and a wrong start names the setting', () => {
  const settings = createSettings({ receiptDelayMs: 5 })
  assert.equal(settings.receiptDelayMs, 5)
  assert.equal(settings.receiptState, 'delivered')
  assert.throws(() => createSettings({ window: 'wide' }), /window: It takes a whole number/)
})

test('a password is never shown', () => {
  assert.equal(visibleSettings(createSettings({ password: 'hush' })).password, 'set')
  assert.equal(visibleSettings(createSettings()).password, 'unset')
})

/** The values of 10,000 keys, in order. */
const drawn = (time: string): number[] => {
  const { sample } = readTime(time)!
  return Array.from({ length: 10_000 }, (_, key) => sample(mix(7, key))).sort((a, b) => a - b)
}
const near = (value: number | undefined, expected: number): void =>
  assert.ok(Math.abs(value! - expected) < expected * 0.1, `${value} is not near ${expected}`)

test('a uniform time lies between its ends', () => {
  const values = drawn('uniform 20..80')
  assert.ok(values[0]! >= 20 && values.at(-1)! <= 80)
  near(values[5000], 50)
})

test('an exponential time has its mean, a lognormal one its median and 99th percentile', () => {
  const exponential = drawn('exponential 50')
  near(exponential.reduce((sum, value) => sum + value, 0) / exponential.length, 50)
  const lognormal = drawn('lognormal 50 400')
  near(lognormal[5000], 50)
  near(lognormal[9900], 400)
})

test('a spike takes its share of all, and the rest are as they were', () => {
  const values = drawn('uniform 20..80 spike 5% 5000')
  near(values.filter((value) => value === 5000).length, 500)
  assert.ok(values.filter((value) => value <= 80).length > 9000)
  assert.deepEqual(new Set(drawn('spike 100% 7')), new Set([7]))
})

test('a choice goes by share, by turn and by recipient, and the first that fits counts', () => {
  const pick = (written: string, recipients: readonly string[]) => {
    const choice = readChoice(written, statusOf)!
    return recipients.map((to, i) => choice.pick(to, mix(3, i), 1) ?? 0)
  }
  const many = Array.from({ length: 10_000 }, () => '491')
  const counts = Map.groupBy(pick('88 10%, 20 5%, 8 for 492, 11 for 4', many), (status) => status)
  near(counts.get(88)?.length, 1000)
  near(counts.get(20)?.length, 500)
  near(counts.get(11)?.length, 8500)
  assert.deepEqual(pick('88 every 3', ['1', '1', '1', '1', '1', '1', '1']), [0, 0, 88, 0, 0, 88, 0])
  assert.deepEqual(pick('88 every 2 for 49, 11 for +43', ['43', '49', '44', '49', '49']), [11, 0, 0, 88, 0])
  assert.deepEqual(pick('RTHROTTLED, 11', ['1']), [88])
})
