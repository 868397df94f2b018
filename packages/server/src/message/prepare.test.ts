import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Draft } from './draft.ts'
import { type Prepared, prepare } from './prepare.ts'

const now = new Date('2030-06-01T12:00:00Z')
const rules = { country: 'DE', lenient: true, defaultSender: null, maxSegments: 10 }
const plain: Draft = { to: '+4915123456789', text: 'Hello' }
const day = 86_400_000
const inDays = (days: number) => new Date(now.getTime() + days * day)

const refusals: readonly [what: string, draft: Partial<Draft>, code: string][] = [
  ['no number', { to: 'nobody' }, 'invalid_number'],
  ['a sender that no network carries', { from: 'Grüße aus Köln' }, 'invalid_sender'],
  ['no text', { text: '' }, 'text_empty'],
  ['a NUL', { text: 'a\0b' }, 'text_malformed'],
  ['half a character', { text: 'a\ud83d' }, 'text_malformed'],
  ['the other half', { text: '\ude00a' }, 'text_malformed'],
  ['a text that the wanted alphabet lacks', { text: 'Ж', encoding: 'gsm7' }, 'text_not_encodable'],
  ['one septet more than ten segments hold', { text: 'x'.repeat(1531) }, 'text_too_long'],
  ['one unit more than ten segments of UCS-2 hold', { text: 'Ж'.repeat(671) }, 'text_too_long'],
  ['a text that no header can count', { text: 'x'.repeat(60_000) }, 'text_too_long'],
  ['a moment more than a year away', { sendAt: inDays(366) }, 'send_at_out_of_range'],
  ['an expiry that is now', { expiresAt: now }, 'expires_before_send'],
  ['an expiry before the sending', { sendAt: inDays(2), expiresAt: inDays(1) }, 'expires_before_send'],
  ['an expiry beyond a year', { expiresAt: inDays(366) }, 'expires_at_out_of_range'],
  ['an expiry beyond all calendars', { expiresAt: new Date(8.64e15) }, 'expires_at_out_of_range'],
]
for (const [what, draft, code] of refusals) {
  test(`${what} is refused as ${code}`, () => {
    const answer = prepare({ ...plain, ...draft }, rules, now)
    assert.equal(answer.ok ? 'accepted' : answer.code, code)
    if (!answer.ok) assert.ok(answer.message.length > 0)
  })
}

const taken: readonly [what: string, draft: Partial<Draft>, expected: Partial<Prepared>][] = [
  [
    'a plain text goes out at once as transactional',
    {},
    { lane: 'transactional', sendAt: null, segments: 1, encoding: 'gsm7', sender: null },
  ],
  ['ten full segments fit', { text: 'x'.repeat(1530) }, { segments: 10 }],
  ['ten full segments of UCS-2 fit', { text: 'Ж'.repeat(670) }, { segments: 10, encoding: 'ucs2' }],
  ['the euro sign costs two septets', { text: '€'.repeat(80) }, { segments: 1, encoding: 'gsm7' }],
  ['and then it is two segments', { text: '€'.repeat(81) }, { segments: 2, encoding: 'gsm7' }],
  ['UCS-2 may be asked for', { encoding: 'ucs2' }, { encoding: 'ucs2' }],
  ['a time that has passed is now', { sendAt: inDays(-1) }, { sendAt: null }],
  ['a time ahead is kept', { sendAt: inDays(2) }, { sendAt: inDays(2), expiresAt: inDays(5) }],
  ['a code lives for ten minutes', { lane: 'code' }, { expiresAt: new Date(now.getTime() + 600_000) }],
  [
    'validity counts from the sending',
    { lane: 'code', sendAt: inDays(1) },
    { expiresAt: new Date(now.getTime() + day + 600_000) },
  ],
  ['an expiry of one’s own stands', { expiresAt: inDays(1) }, { expiresAt: inDays(1) }],
]
for (const [what, draft, expected] of taken) {
  test(what, () => {
    const answer = prepare({ ...plain, ...draft }, rules, now)
    assert.ok(answer.ok, JSON.stringify(answer))
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(answer[name as keyof Prepared], value, name)
  })
}

test('the default sender steps in, and its own form is checked as well', () => {
  const own = prepare(plain, { ...rules, defaultSender: 'Kurzpost' }, now)
  assert.equal(own.ok && own.sender, 'Kurzpost')
  const bad = prepare(plain, { ...rules, defaultSender: 'a name that is too long' }, now)
  assert.equal(!bad.ok && bad.code, 'invalid_sender')
})
