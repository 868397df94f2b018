import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSite, sessionCookie } from './site.ts'

const asked = (headers: Record<string, string>, protocol: 'http' | 'https' = 'http') => ({
  headers,
  protocol,
  ip: '192.0.2.7',
})
const token = 'a'.repeat(43)

const names: [string, string | undefined, Record<string, string>, 'http' | 'https', string | undefined][] = [
  ['plain http on the machine itself', undefined, { host: '127.0.0.1:7678' }, 'http', 'kurzpost'],
  ['localhost by name', undefined, { host: 'localhost:7678' }, 'http', 'kurzpost'],
  ['IPv6 loopback', undefined, { host: '[::1]:7678' }, 'http', 'kurzpost'],
  ['plain http over a network', undefined, { host: 'sms.example.org' }, 'http', undefined],
  [
    'plain http with a public URL without TLS',
    'http://sms.example.org',
    { host: 'sms.example.org' },
    'http',
    undefined,
  ],
  ['TLS that a trusted proxy tells of', undefined, { host: 'sms.example.org' }, 'https', '__Host-kurzpost'],
  [
    'TLS by the public URL',
    'https://sms.example.org',
    { host: 'sms.example.org' },
    'http',
    '__Host-kurzpost',
  ],
  [
    'a proxy that writes its own Host',
    'https://sms.example.org',
    { host: '127.0.0.1:7678' },
    'http',
    '__Host-kurzpost',
  ],
  ['a name that only looks like loopback', undefined, { host: 'localhost.evil.example' }, 'http', undefined],
  ['no Host at all', undefined, {}, 'http', undefined],
]

for (const [what, publicUrl, headers, protocol, expected] of names) {
  test(`the cookie of ${what} is called ${expected ?? 'nothing: there is none'}`, () => {
    assert.equal(createSite(publicUrl).visit(asked(headers, protocol)).cookie, expected)
  })
}

test('a cookie counts under the name of its connection alone, whatever else a neighbour has planted', () => {
  const site = createSite('https://sms.example.org')
  const read = (cookie: string) => site.sessionToken(asked({ host: 'sms.example.org', cookie }, 'https'))
  assert.equal(read(`kurzpost=${token}`), undefined)
  assert.equal(read(`kurzpost=${'b'.repeat(43)}; __Host-kurzpost=${token}; x=y`), token)
  assert.equal(read(`x__Host-kurzpost=${token}`), undefined)
  assert.equal(read('__Host-kurzpost=short'), undefined)
  assert.equal(read(';;=;__Host-kurzpost'), undefined)
})

const pages: [Record<string, string>, string][] = [
  [{ 'sec-fetch-site': 'same-origin' }, 'own'],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 'own'],
  [{ 'sec-fetch-site': 'same-site', origin: 'https://sms.example.org' }, 'foreign'],
  [{ 'sec-fetch-site': 'cross-site' }, 'foreign'],
  [{ 'sec-fetch-site': 'none' }, 'foreign'],
  [{ origin: 'https://sms.example.org' }, 'own'],
  [{ origin: 'https://sms.example.org:8443' }, 'foreign'],
  [{ origin: 'https://evil.example' }, 'foreign'],
  [{ origin: 'null' }, 'foreign'],
  [{}, 'none'],
]

for (const [headers, expected] of pages) {
  test(`a request with ${JSON.stringify(headers)} comes from a page that is ${expected}`, () => {
    const site = createSite('https://sms.example.org')
    assert.equal(site.visit(asked({ host: 'sms.example.org', ...headers }, 'https')).page, expected)
  })
}

test('passkeys belong to the origin that the browser sees', () => {
  const site = createSite('https://sms.example.org')
  assert.equal(site.visit(asked({ host: 'inside:8080' })).origin, 'https://sms.example.org')
  assert.equal(site.visit(asked({ host: 'localhost:7678' })).origin, 'http://localhost:7678')
})

test('the cookie over TLS is Secure and for this host alone', () => {
  assert.equal(
    sessionCookie('__Host-kurzpost', token, 60),
    `__Host-kurzpost=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure`,
  )
  assert.match(sessionCookie('kurzpost', '', 60), /^kurzpost=; .*Max-Age=0$/)
})
