import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createGuard } from '../../egress.ts'
import { buildRequest, describeRequest, type MessageValues, problemsOf } from './request.ts'
import type { HttpSettings } from './settings.ts'
import { testSecrets, testSettings } from './testing.ts'

const now = new Date('2026-03-01T12:00:00Z')
const message: MessageValues = {
  to: '+4915123456789',
  from: 'Kurzpost',
  text: 'Hello',
  id: 'msg_1',
  encoding: 'gsm7',
  segments: 1,
  validity_seconds: 3_600,
  callback_url: 'https://sms.example.com/cb',
}
const url = 'https://api.example.com/messages'
const settings = (
  request: Partial<HttpSettings['request']>,
  rest: Partial<HttpSettings> = {},
): HttpSettings => ({
  ...rest,
  request: { method: 'POST', url, ...request },
})
const build = (
  given: HttpSettings,
  changed: Partial<MessageValues> = {},
  secrets: Record<string, string> = {},
) => buildRequest(given, secrets, { ...message, ...changed }, { reveal: true, now })

test('whatever a text holds, it arrives as that text: in JSON, in a form, in a query', () => {
  const json = settings({ json: { a: ['{{text}}', 'x {{text}} y'], to: '{{to}}' } })
  const form = settings({ form: { text: '{{text}}', to: '{{to}}' } })
  const query = settings({ method: 'GET', query: { text: '{{text}}', to: '{{to}}' } })
  const hostile = fc.constantFrom(
    '"',
    '\\',
    '"}',
    '&to=+1',
    '{{to}}',
    '{{secret.api_key}}',
    '%00',
    '\r\n',
    '#',
    '$&',
  )
  const text = fc
    .array(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), { maxLength: 8 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (text) => {
      const tree = JSON.parse(build(json, { text }).body!)
      assert.deepEqual(tree, { a: [text, `x ${text} y`], to: message.to })
      for (const fields of [
        new URLSearchParams(build(form, { text }).body!),
        new URL(build(query, { text }).path, url).searchParams,
      ])
        assert.deepEqual(
          [...fields],
          [
            ['text', text],
            ['to', message.to],
          ],
        )
    }),
  )
})

test('what has no value is left out where it stands alone, and is empty beside other text', () => {
  const template = { sender: '{{from}}', note: 'from {{from}}' }
  assert.deepEqual(JSON.parse(build(settings({ json: template }), { from: null }).body!), { note: 'from ' })
  assert.equal(build(settings({ form: template }), { from: null }).body, 'note=from+')
})

test('filters take digits alone and make numbers, and encodings have the provider’s words', () => {
  const json = {
    to: '{{to|digits}}',
    ttl: '{{validity_seconds|number}}',
    type: '{{encoding}}',
    n: 7,
    yes: true,
  }
  const built = build(settings({ json, encodings: { gsm7: 'text', ucs2: 'unicode' } }), { encoding: 'ucs2' })
  assert.deepEqual(JSON.parse(built.body!), {
    to: '4915123456789',
    ttl: 3600,
    type: 'unicode',
    n: 7,
    yes: true,
  })
})

test('each way of proving who we are', () => {
  const secrets = { user: 'me', key: 's3cret' }
  const headers = (auth: HttpSettings['auth'], json?: unknown) =>
    build(settings({ ...(json === undefined ? {} : { json }) }, { auth: auth! }), {}, secrets).headers
  const basic = headers({ type: 'basic', user: '{{secret.user}}', password: '{{secret.key}}' })
  assert.equal(basic.authorization, `Basic ${Buffer.from('me:s3cret').toString('base64')}`)
  assert.equal(headers({ type: 'bearer', token: '{{secret.key}}' }).authorization, 'Bearer s3cret')
  const hmac = { type: 'hmac', algorithm: 'sha256', encoding: 'hex', secret: 'key', header: 'X-Sig' } as const
  // By `printf %s '{"a":1}' | openssl dgst -sha256 -hmac s3cret`, and the same over 1772366400.{"a":1}
  assert.equal(
    headers(hmac, { a: 1 })['x-sig'],
    '5910e62016ef5034272c926c27071992a465c2335cecf41851bda071577f4f6d',
  )
  const timed = headers({ ...hmac, prefix: 'v1=', timestamp_header: 'X-Time' }, { a: 1 })
  assert.deepEqual(
    [timed['x-time'], timed['x-sig']],
    ['1772366400', 'v1=b417797e7d7b61c510208fca568d792c3d58cb9b0040792aba7f74bb2adfcbfe'],
  )
})

test('the request that people see shows what was sent and no secret', () => {
  const given = settings(
    {
      url: 'https://api.example.com/{{secret.account}}/send?key={{secret.key}}',
      headers: { 'X-Key': '{{secret.key}}' },
      form: { password: '{{secret.key}}', text: '{{text}}' },
    },
    { auth: { type: 'basic', user: 'me', password: '{{secret.key}}' } },
  )
  const secrets = { account: 'AC-of-mine', key: 'hunter2' }
  const seen = Buffer.from(
    describeRequest(buildRequest(given, secrets, message, { reveal: false, now })),
  ).toString()
  for (const secret of [...Object.values(secrets), Buffer.from('me:hunter2').toString('base64')])
    assert.ok(!seen.includes(secret), `${secret} in ${seen}`)
  assert.match(seen, /^POST https:\/\/api\.example\.com\/••••\/send\?key=••••\n/)
  assert.match(seen, /password=••••&text=Hello$/)
  assert.match(build(given, {}, secrets).path, /^\/AC-of-mine\/send\?key=hunter2$/)
})

const guard = createGuard({ sandbox: false })
const good = testSettings('https://api.example.com')
const wrong: readonly [what: string, settings: HttpSettings, problem: RegExp][] = [
  ['a text in the path', settings({ url: `${url}/{{text}}` }), /may not stand here/],
  ['a sender in a header', settings({ headers: { 'x-from': '{{from}}' } }), /may not stand here/],
  ['a host that a secret chooses', settings({ url: 'https://{{secret.api_key}}.example.com/' }), /host/],
  ['a private address', settings({ url: 'https://10.0.0.1/' }), /not a public address/],
  ['plain http', settings({ url: 'http://api.example.com/' }), /https/],
  ['a placeholder that is none', settings({ json: { a: ['{{body}}'] } }), /\{\{body\}\} is no placeholder/],
  ['braces that are no placeholder', settings({ json: { a: '{{ TEXT }}' } }), /braces/],
  ['a filter that is none', settings({ form: { a: '{{to|upper}}' } }), /upper/],
  ['a secret that is not there', settings({ form: { a: '{{secret.other}}' } }), /secret other is missing/],
  ['two bodies', settings({ form: {}, json: {} }), /one body/],
  ['a GET with a body', settings({ method: 'GET', json: {} }), /query/],
  [
    'a regular expression that is none',
    settings({}, { answer: { id: { regex: '(' } } }),
    /regular expression/,
  ],
  ['a header whose name is none', settings({ headers: { 'x y': '1' } }), /x y is no name/],
  ['a header that frames', settings({ headers: { 'Content-Length': '1' } }), /content-length is not for/],
  ['a line break in a header', settings({ headers: { 'x-a': 'a\nb' } }), /header x-a holds a line break/],
  [
    'a reply of no content type',
    { ...good, callbacks: { ...good.callbacks, reply: { type: 'text/plain\r\nx: y', body: '' } } },
    /no content type/,
  ],
  [
    'a signature without its secret',
    settings({}, { auth: { type: 'hmac', algorithm: 'sha1', encoding: 'hex', secret: 'nope', header: 'x' } }),
    /secret nope/,
  ],
]
for (const [what, given, problem] of wrong)
  test(`settings with ${what} are refused in a sentence`, () =>
    assert.match(problemsOf(given, testSecrets, guard).join('\n'), problem))

test('a secret with a line break in a header is refused, and not told', () => {
  const given = settings({}, { auth: { type: 'bearer', token: '{{secret.api_key}}' } })
  const problems = problemsOf(given, { ...testSecrets, api_key: 'hunter2\n' }, guard).join()
  assert.match(problems, /authorization holds a line break/)
  assert.ok(!problems.includes('hunter2'))
})

test('callbacks without a token that is long enough are refused, and settings that are right are not', () => {
  assert.match(problemsOf(good, { api_key: 'x', callback_token: 'short' }, guard).join(), /callback_token/)
  assert.deepEqual(problemsOf(good, testSecrets, guard), [])
})
