import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, parseJson, textAt } from '../../json-pointer.ts'
import { CarrierError } from '../carrier.ts'
import { type HttpAnswer, readAnswer } from './answer.ts'
import type { HttpSettings } from './settings.ts'

const now = new Date('2026-03-01T12:00:00Z')
const read = (
  rules: Pick<HttpSettings, 'answer' | 'errors'>,
  status: number,
  body: string,
  headers: HttpAnswer['headers'] = {},
) => readAnswer({ request: { method: 'POST', url: '' }, ...rules }, { status, headers, body }, now)

const pointer = { answer: { id: { pointer: '/messages/0/id' } } }
const taken: readonly [
  what: string,
  rules: Pick<HttpSettings, 'answer'>,
  answer: [number, string, HttpAnswer['headers']?],
  id: string | null,
][] = [
  ['a pointer', pointer, [202, '{"messages":[{"id":"abc"}]}'], 'abc'],
  ['a number at a pointer', { answer: { id: { pointer: '/id' } } }, [200, '{"id":17}'], '17'],
  [
    'a number beyond 2^53, digit by digit',
    { answer: { id: { pointer: '/id' } } },
    [200, '{"id":12345678901234567891}'],
    '12345678901234567891',
  ],
  [
    'a header',
    { answer: { id: { header: 'Location' } } },
    [201, '', { location: '/messages/9' }],
    '/messages/9',
  ],
  ['the group of a regular expression', { answer: { id: { regex: '^OK (\\S+)' } } }, [200, 'OK 77\n'], '77'],
  ['no place: the provider knows it by ours', {}, [204, ''], null],
  [
    'a word of success',
    { answer: { success: { pointer: '/s', equals: ['0'] }, id: { pointer: '/id' } } },
    [200, '{"s":0,"id":"x"}'],
    'x',
  ],
]
for (const [what, rules, [status, body, headers], id] of taken)
  test(`a message is taken, its id by ${what}`, () => assert.equal(read(rules, status, body, headers), id))

type Expected = [code: string, retry: string, sent: string, throttled: boolean]
const rules = {
  answer: {
    success: { pointer: '/status', equals: ['ok'] },
    id: { pointer: '/id' },
    error: { pointer: '/code' },
  },
  errors: {
    'no such number': 'permanent',
    full: 'same',
    slow: 'throttle',
    blocked: 'elsewhere',
    lost: 'unknown',
    http_418: 'elsewhere',
  },
} as const satisfies Pick<HttpSettings, 'answer' | 'errors'>
const refused: readonly [what: string, status: number, body: string, expected: Expected][] = [
  [
    'an error in the table for good',
    400,
    '{"code":"no such number"}',
    ['no such number', 'never', 'no', false],
  ],
  ['one for now', 400, '{"code":"full"}', ['full', 'later', 'no', false]],
  ['one for too much', 400, '{"code":"slow"}', ['slow', 'later', 'no', true]],
  ['one for this provider', 400, '{"code":"blocked"}', ['blocked', 'elsewhere', 'no', false]],
  ['one after which nobody knows', 400, '{"code":"lost"}', ['lost', 'later', 'maybe', false]],
  ['a status in the table', 418, '', ['http_418', 'elsewhere', 'no', false]],
  ['a code that is not in the table, by its status', 429, '{"code":"new"}', ['new', 'later', 'no', true]],
  ['422', 422, 'nonsense', ['http_422', 'never', 'no', false]],
  ['401: not the message’s fault', 401, '', ['http_401', 'elsewhere', 'no', false]],
  ['a redirect, which is not followed', 302, '', ['http_302', 'elsewhere', 'no', false]],
  ['500: it may have been taken before', 500, 'oops', ['http_500', 'later', 'maybe', false]],
  ['502: whoever stands behind may have it', 502, '', ['http_502', 'later', 'maybe', false]],
  ['503', 503, '', ['http_503', 'later', 'no', false]],
  [
    '200 with a refusal inside',
    200,
    '{"status":"error","code":"unheard of"}',
    ['unheard of', 'never', 'no', false],
  ],
  [
    '200 with a refusal of the table inside',
    200,
    '{"status":"error","code":"full"}',
    ['full', 'later', 'no', false],
  ],
  ['200 with broken JSON', 200, '{"status":"o', ['unreadable_answer', 'later', 'maybe', false]],
  ['200 that says neither yes nor no', 200, '{}', ['http_200', 'later', 'maybe', false]],
  ['200 without an id', 200, '{"status":"ok"}', ['unreadable_answer', 'later', 'maybe', false]],
]
for (const [what, status, body, expected] of refused)
  test(`it is not: ${what}`, () => {
    assert.throws(
      () => read(rules, status, body),
      (error: unknown) => {
        assert.ok(error instanceof CarrierError)
        assert.deepEqual([error.code, error.retry, error.sent, error.throttled], expected)
        return true
      },
    )
  })

const pauses: readonly [header: string | undefined, ms: number][] = [
  [undefined, 1_000],
  ['7', 7_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 1],
  ['86400', 900_000],
  ['soon', 1_000],
]
for (const [header, ms] of pauses)
  test(`429 with Retry-After ${header ?? 'left out'} pauses for ${ms} ms`, () =>
    assert.throws(() => read({}, 429, '', { 'retry-after': header }), { afterMs: ms, throttled: true }))

test('pointers find what is there, and nothing of what every object has', () => {
  const value = parseJson('{"a/b":{"m~n":[1,{"":2}]},"n":null,"big":9007199254740993,"exact":5,"e":1e400}')
  assert.equal(at(value, '/a~1b/m~0n/1/'), 2)
  assert.equal(at(value, ''), value)
  for (const nowhere of ['/x', '/toString', '/a~1b/constructor', '/n/x', '/exact/x', '/__proto__'])
    assert.equal(at(value, nowhere), undefined, nowhere)
  assert.equal(textAt(value, '/big'), '9007199254740993')
  assert.equal(textAt(value, '/exact'), '5')
  assert.equal(textAt({ a: 'x\0y\ud83d' }, '/a'), 'xy\ufffd')
})
