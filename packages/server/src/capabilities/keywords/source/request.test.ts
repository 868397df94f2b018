import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SourceSettings } from '../service.ts'
import { readAnswer } from './read.ts'
import { buildRequest, hasFixedHost } from './request.ts'

const source = (more: Partial<SourceSettings> = {}): SourceSettings => ({
  method: 'GET',
  url: 'https://api.example.org/stops/{{stop}}/departures?line={{line}}',
  headers: [],
  values: {},
  timeout_ms: 1_000,
  cache_seconds: 0,
  stale_seconds: 0,
  ...more,
})

test('words are encoded in the place where they stand', () => {
  const request = buildRequest(source(), {}, { stop: 'Köln/Deutz?x=1#', line: 'a&b=c' })
  assert.equal(
    request!.url,
    'https://api.example.org/stops/K%C3%B6ln%2FDeutz%3Fx%3D1%23/departures?line=a%26b%3Dc',
  )
})

for (const [stop, path] of [
  ['..', undefined],
  ['.', undefined],
  ['', '/stops//departures'],
  ['%2e%2e', '/stops/%252e%252e/departures'],
  ['..%2f', '/stops/..%252f/departures'],
] as const)
  test(`"${stop}" leads ${path ? `to ${path}` : 'nowhere else'}`, () => {
    const request = buildRequest(source(), {}, { stop, line: '' })
    assert.equal(request && new URL(request.url).pathname, path)
  })

test('whatever is written, the request goes to the same host and as deep', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (stop, line) => {
      const request = buildRequest(source(), {}, { stop, line })
      if (!request) return
      const url = new URL(request.url)
      assert.equal(url.host, 'api.example.org')
      assert.equal(url.pathname.split('/').length, 4)
      assert.equal(url.hash, '')
      assert.deepEqual([...url.searchParams.keys()], ['line'])
    }),
  )
})

test('a body is JSON whose texts hold what was written, and secrets stand in their headers', () => {
  const settings = source({
    method: 'POST',
    url: 'https://api.example.org/ask',
    headers: [{ name: 'X-Key' }, { name: 'X-Plain', value: 'p' }],
    body: { who: '{{number}}', words: ['{{1}}', 7], deep: { note: 'for {{1}}' } },
  })
  const request = buildRequest(settings, { 'X-Key': 's3cret' }, { number: '+49151', 1: '"},{"x' })
  assert.deepEqual(JSON.parse(request!.body!), {
    who: '+49151',
    words: ['"},{"x', 7],
    deep: { note: 'for "},{"x' },
  })
  assert.equal(request!.headers['x-key'], 's3cret')
  assert.equal(request!.headers['x-plain'], 'p')
  assert.equal(request!.headers['content-type'], 'application/json')
})

test('placeholders stand behind the host, or it is not ours to ask', () => {
  assert.equal(hasFixedHost('https://api.example.org/{{1}}'), true)
  assert.equal(hasFixedHost('https://api.example.org?q={{1}}'), true)
  for (const url of [
    'https://{{1}}.example.org/',
    'https://api.example.org{{1}}/',
    '{{1}}',
    'https://a@{{1}}/',
  ])
    assert.equal(hasFixedHost(url), false, url)
})

const answer = (status: number, body: string, type = 'application/json') => ({ status, body, type })
const list = {
  place: '/departures',
  values: { line: '/line', to: '/to/name' },
  line: { en: '{{line}} {{to}}' },
  most: 2,
}

test('an answer is read at its places; what is not there is left out', () => {
  assert.deepEqual(readAnswer({ values: { a: '/x/0', b: '/y' } }, answer(200, '{"x":[12.5]}')), {
    found: true,
    values: { a: '12.5' },
    lines: [],
  })
})

test('a list gives its first entries', () => {
  const body = JSON.stringify({ departures: [1, 2, 3].map((line) => ({ line, to: { name: `to ${line}` } })) })
  assert.deepEqual(readAnswer({ values: {}, list }, answer(200, body)), {
    found: true,
    values: {},
    lines: [
      { line: '1', to: 'to 1' },
      { line: '2', to: 'to 2' },
    ],
  })
})

for (const [name, given] of [
  ['404', answer(404, 'no')],
  ['an empty list', answer(200, '{"departures":[]}')],
  ['no list where one should be', answer(200, '{"error":"x"}')],
] as const)
  test(`${name} is "not found"`, () => {
    assert.deepEqual(readAnswer({ values: {}, list }, given), { found: false, values: {}, lines: [] })
  })

test('plain text is the answer where no places are named', () => {
  assert.deepEqual(readAnswer({ values: {} }, answer(200, ' All trains run. ', 'text/plain')), {
    found: true,
    values: { body: 'All trains run.' },
    lines: [],
  })
})

for (const [status, body, code] of [
  [500, '{}', 'http_500'],
  [302, '', 'http_302'],
  [200, '<html>', 'not_json'],
] as const)
  test(`an answer of ${status} with "${body}" is the failure ${code}`, () => {
    const read = readAnswer({ values: { a: '/a' } }, answer(status, body))
    assert.equal('code' in read && read.code, code)
  })
