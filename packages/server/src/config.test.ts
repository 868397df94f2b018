import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, settings } from './config.ts'

test('an empty environment gives a server that is closed to the network and has no simulator', () => {
  const config = readConfig({})
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 7678)
  assert.equal(config.sandbox, false)
  assert.equal(config.databaseUrl, undefined)
  assert.equal(config.carrierUrl, undefined)
})

test('everything that is wrong is told at once, each with what would be right, and secrets are not repeated', () => {
  assert.throws(
    () =>
      readConfig({
        KURZPOST_PORT: '70000',
        KURZPOST_SANDBOX: 'maybe',
        KURZPOST_CARRIER_URL: 'http://user:hunter2@host',
        KURZPOST_BOOTSTRAP_KEY: 'hunter2',
      }),
    ({ message }: Error) => {
      assert.equal(message.split('\n').length, 4)
      assert.match(message, /KURZPOST_PORT: "70000" does not fit; a port is a whole number from 0 to 65535\./)
      assert.match(message, /KURZPOST_SANDBOX: "maybe" does not fit; it takes on or off\./)
      assert.doesNotMatch(message, /hunter2/)
      return true
    },
  )
})

const cases: readonly [variable: string, good: string[], bad: string[]][] = [
  ['KURZPOST_PORT', ['0', '65535'], ['-1', '65536', '1e3', '80.5', ' 80', 'http']],
  ['KURZPOST_SANDBOX', ['on', 'OFF', 'true', '0'], ['', '2', 'ja']],
  ['KURZPOST_COUNTRY', ['DE', 'US'], ['de', 'DEU', '']],
  ['KURZPOST_CURRENCY', ['', 'EUR', 'JPY'], ['eur', 'EURO', 'XXQ', '€']],
  ['KURZPOST_CARRIER_WINDOW', ['1', '10000'], ['0', '10001', '-5', '']],
  [
    'KURZPOST_CARRIER_URL',
    ['', 'smpp://id:pass@host:2775', 'smpps://id@[::1]', 'smpp://a%40b:p%3A@10.0.0.1'],
    ['smpp://host', 'tcp://id:p@host', 'host:2775'],
  ],
  ['KURZPOST_BOOTSTRAP_KEY', ['', 'x'.repeat(32)], ['x'.repeat(31), 'x'.repeat(129), `${'x'.repeat(31)} `]],
  ['KURZPOST_ROLES', ['api', 'jobs, carriers'], ['', 'api,', 'web', 'api jobs']],
  [
    'KURZPOST_CARRIER_NETWORKS',
    ['', '10.0.0.0/8', '10.1.2.3, fd00::/8'],
    ['ten', '10.0.0.0/33', '10.0.0.0/8/8', 'example.com', '10.0.0.0/'],
  ],
  ['KURZPOST_SMPP_PROXIES', ['192.0.2.0/24'], ['proxy']],
  ['KURZPOST_LOG', ['silent', 'debug'], ['loud', 'INFO']],
]
for (const [variable, good, bad] of cases) {
  for (const value of good) {
    test(`${variable} takes "${value}"`, () => assert.doesNotThrow(() => readConfig({ [variable]: value })))
  }
  for (const value of bad) {
    test(`${variable} refuses "${value}"`, () =>
      assert.throws(() => readConfig({ [variable]: value }), new RegExp(`^Error: ${variable}: `)))
  }
}

test('each setting has a variable of its own, and help', () => {
  const variables = Object.values(settings).map(({ env }) => env)
  assert.equal(new Set(variables).size, variables.length)
  for (const { env, help } of Object.values(settings)) assert.match(help, /\.$/, env)
})
