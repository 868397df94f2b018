import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSettings, createSettings, settingFromText, visibleSettings } from './settings.ts'

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

const wrong: [string, unknown][] = [
  ['receiptDelayMs', -1],
  ['receiptDelayMs', 1.5],
  ['receiptDelayMs', '10'],
  ['receiptDelayMs', null],
  ['receiptsFirst', 'yes'],
  ['receiptState', 'DELIVRD'],
  ['idBase', 'octal'],
  ['window', 0],
  ['rejectEvery', 0],
  ['systemId', 'sixteen letters!'],
  ['rejectStatus', 2 ** 32],
]
for (const [field, value] of wrong) {
  test(`${field} does not take ${JSON.stringify(value)}, and says what it takes`, () => {
    const checked = checkSettings({ [field]: value, noReceipts: true })
    assert.equal(checked.ok, false)
    assert.match(
      checked.problems.map((problem) => `${problem.field} ${problem.message}`).join(),
      new RegExp(`^${field} It takes .+\\.$`),
    )
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

test('the text of a flag becomes a value of the kind that the setting holds', () => {
  assert.equal(settingFromText('receiptDelayMs', '250'), 250)
  assert.equal(settingFromText('receiptsFirst', 'true'), true)
  assert.equal(settingFromText('systemId', '123'), '123')
  assert.equal(checkSettings({ window: settingFromText('window', 'wide') }).ok, false)
})
