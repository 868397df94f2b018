import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import { it } from 'node:test'
import { createGuard } from './egress.ts'

const production = createGuard({ sandbox: false })
const sandbox = createGuard({ sandbox: true })
const takes = (guard: typeof production, url: string): boolean => {
  try {
    guard.checkUrl(url)
    return true
  } catch (error) {
    assert.equal((error as { code: string }).code, 'url_not_allowed')
    return false
  }
}

const urls: [string, { production: boolean; sandbox: boolean }][] = [
  ['https://example.com/hook?x=1', { production: true, sandbox: true }],
  ['https://example.com:8443/', { production: true, sandbox: true }],
  ['https://8.8.8.8/', { production: true, sandbox: true }],
  ['https://[2606:4700::1111]/', { production: true, sandbox: true }],
  ['http://example.com/', { production: false, sandbox: true }],
  ['http://127.0.0.1:3000/', { production: false, sandbox: true }],
  ['https://localhost/', { production: false, sandbox: true }],
  ['http://[::1]:3000/', { production: false, sandbox: true }],
  ['https://[::ffff:127.0.0.1]/', { production: false, sandbox: true }],
  ['https://2130706433/', { production: false, sandbox: true }],
  ['https://0x7f.1/', { production: false, sandbox: true }],
  ['https://0.0.0.0/', { production: false, sandbox: false }],
  ['https://10.1.2.3/', { production: false, sandbox: false }],
  ['https://192.168.0.1/', { production: false, sandbox: false }],
  ['https://172.16.0.1/', { production: false, sandbox: false }],
  ['https://100.64.0.1/', { production: false, sandbox: false }],
  ['https://169.254.169.254/latest/meta-data', { production: false, sandbox: false }],
  ['https://[fe80::1]/', { production: false, sandbox: false }],
  ['https://[fd00::1]/', { production: false, sandbox: false }],
  ['https://[::ffff:10.0.0.1]/', { production: false, sandbox: false }],
  ['https://[64:ff9b::a00:1]/', { production: false, sandbox: false }],
  ['https://[2002:a00:1::]/', { production: false, sandbox: false }],
  ['https://224.0.0.1/', { production: false, sandbox: false }],
  ['https://printer.local/', { production: false, sandbox: false }],
  ['https://vault.internal./', { production: false, sandbox: false }],
  ['https://user:secret@example.com/', { production: false, sandbox: false }],
  ['ftp://example.com/', { production: false, sandbox: false }],
  ['file:///etc/passwd', { production: false, sandbox: false }],
  ['example.com', { production: false, sandbox: false }],
]

it('takes public https addresses, and in the sandbox this machine too', () => {
  for (const [url, expected] of urls) {
    assert.deepEqual({ production: takes(production, url), sandbox: takes(sandbox, url) }, expected, url)
  }
})

/** A resolver that says what we want, as an attacker's would. */
const resolverOf = (...addresses: string[]) =>
  ((_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup

it('judges the addresses that a name has at the moment of the connection', async () => {
  const resolve = (sandbox: boolean, all: boolean, ...addresses: string[]) =>
    new Promise((settle) => {
      const guard = createGuard({ sandbox, lookup: resolverOf(...addresses) })
      guard.lookup('https:')('rebound.example.com', { all }, (error, found) => settle(error?.code ?? found))
    })
  assert.equal(await resolve(false, true, '127.0.0.1'), 'ERR_NOT_PUBLIC')
  assert.equal(await resolve(false, false, '10.0.0.1', '::1'), 'ERR_NOT_PUBLIC')
  assert.equal(await resolve(false, false, '10.0.0.1', '8.8.8.8'), '8.8.8.8')
  assert.deepEqual(await resolve(false, true, '::ffff:10.0.0.1', '8.8.8.8'), [
    { address: '8.8.8.8', family: 4 },
  ])
  assert.equal(await resolve(true, false, '127.0.0.1'), '127.0.0.1')
})

const opened = createGuard({ sandbox: false, networks: ['10.1.0.0/16', '192.168.7.7', 'fd00:1::/32'] })

it('takes the networks that the operator opened, by http too, and no others', () => {
  const expected: [string, boolean][] = [
    ['http://10.1.2.3:8080/send', true],
    ['https://10.1.2.3/send', true],
    ['http://192.168.7.7/', true],
    ['http://[fd00:1::5]/', true],
    ['http://[::ffff:10.1.2.3]/', true],
    ['http://10.2.0.1/', false],
    ['https://192.168.7.8/', false],
    ['http://127.0.0.1/', false],
    ['http://169.254.169.254/', false],
    // Without TLS only inside.
    ['http://8.8.8.8/', false],
    ['https://8.8.8.8/', true],
    // Where a name leads shows when it is asked.
    ['http://gateway.internal/', true],
  ]
  for (const [url, taken] of expected) assert.equal(takes(opened, url), taken, url)
})

it('judges a name by where it leads and by its protocol, in networks that were opened', async () => {
  const resolve = (protocol: 'http:' | 'https:', address: string) =>
    new Promise((settle) => {
      const guard = createGuard({ sandbox: false, networks: ['10.1.0.0/16'], lookup: resolverOf(address) })
      guard.lookup(protocol)('gateway.internal', { all: false }, (error, found) =>
        settle(error?.code ?? found),
      )
    })
  assert.equal(await resolve('http:', '10.1.2.3'), '10.1.2.3')
  assert.equal(await resolve('http:', '8.8.8.8'), 'ERR_NOT_PUBLIC')
  assert.equal(await resolve('https:', '8.8.8.8'), '8.8.8.8')
  assert.equal(await resolve('https:', '10.2.0.1'), 'ERR_NOT_PUBLIC')
})
