import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BindRequest, type BindRules, createBindJudge } from './bind.ts'
import { passwordMatches } from './password.ts'

const certificate = { subject: { CN: 'post' }, issuer: { CN: 'CA' }, fingerprint256: 'AB:CD', san: [] }
const accounts = [
  { systemId: 'post', password: 'secret' },
  { systemId: 'walled', password: 'secret', allow: ['192.0.2.0/24'] },
  { systemId: 'carded', password: 'secret', certificates: ['ab:cd'] },
  { systemId: 'listener', password: 'secret', bindTypes: ['receiver' as const] },
  { systemId: 'hashed', password: async (given: string) => given === 'hidden' },
]

function setUp(rules: Partial<BindRules> = {}) {
  const state = { now: 0, waits: [] as number[] }
  const judge = createBindJudge({
    accounts,
    revealUnknown: false,
    lockout: {},
    now: () => state.now,
    wait: (ms) => {
      state.waits.push(ms)
      return Promise.resolve()
    },
    ...rules,
  })
  const ask = (systemId: string, password: string, more: Partial<BindRequest> = {}) =>
    judge({
      systemId,
      password,
      systemType: '',
      interfaceVersion: 0x34,
      bindType: 'transceiver',
      addressRange: '',
      address: '192.0.2.1',
      certificate: undefined,
      ...more,
    })
  return { state, ask }
}

test('passwords are compared whole', () => {
  assert.ok(
    passwordMatches('secret', 'secret') &&
      passwordMatches('', '') &&
      passwordMatches('gehe\u00efm', 'gehe\u00efm'),
  )
  for (const wrong of ['', 'secre', 'secrets', 'Secret', 'secret\0'])
    assert.ok(!passwordMatches(wrong, 'secret'))
})

test('an account is let in with its password, from its addresses, with its certificate, as its bind type', async () => {
  const { ask } = setUp()
  const welcome = [
    await ask('post', 'secret'),
    await ask('walled', 'secret'),
    await ask('carded', 'secret', { certificate }),
    await ask('listener', 'secret', { bindType: 'receiver' }),
    await ask('hashed', 'hidden'),
  ]
  assert.deepEqual(
    welcome.map(({ status, account }) => [status, account?.systemId]),
    ['post', 'walled', 'carded', 'listener', 'hashed'].map((name) => [0, name]),
  )
})

test('whatever is wrong, the peer hears the same, and the operator the reason', async () => {
  const { ask } = setUp()
  const refused = [
    await ask('nobody', 'secret'),
    await ask('post', 'wrong'),
    await ask('hashed', 'wrong'),
    await ask('walled', 'secret', { address: '198.51.100.1' }),
    await ask('carded', 'secret'),
    await ask('carded', 'secret', { certificate: { ...certificate, fingerprint256: 'AB:CE' } }),
  ]
  assert.deepEqual(new Set(refused.map(({ status }) => status)), new Set([0x0e]))
  assert.deepEqual(
    refused.map(({ why }) => why.split(',')[0]),
    [
      'unknown system_id',
      'wrong password',
      'wrong password',
      'address not allowed',
      'certificate not allowed',
      'certificate not allowed',
    ],
  )
  assert.ok(refused.every(({ why }) => !why.includes('secret')))
  assert.equal((await ask('listener', 'secret')).status, 0x0d)
})

test('with revealUnknown an unknown system_id is told from a wrong password', async () => {
  const { ask } = setUp({ revealUnknown: true })
  assert.deepEqual([(await ask('nobody', 'x')).status, (await ask('post', 'x')).status], [0x0f, 0x0e])
})

test('onBind has the last word, and is not asked about who has failed already', async () => {
  const asked: string[] = []
  const { ask } = setUp({
    onBind: ({ systemId }) => {
      asked.push(systemId)
      return 0x0d
    },
  })
  assert.equal((await ask('post', 'wrong')).status, 0x0e)
  assert.equal((await ask('post', 'secret')).status, 0x0d)
  assert.deepEqual(asked, ['post'])
})

test('who guesses waits, then is refused unheard with the right password too, and is heard again later', async () => {
  const { ask, state } = setUp({ lockout: { freeFailures: 2, maxFailures: 4, delayMs: 100, lockMs: 60_000 } })
  for (let i = 0; i < 4; i++) await ask('post', `guess ${i}`)
  assert.deepEqual(state.waits, [100, 200])
  const locked = await ask('post', 'secret')
  assert.deepEqual([locked.status, locked.why], [0x0d, 'locked out for 60 s more'])
  assert.equal((await ask('post', 'secret', { address: '198.51.100.1' })).status, 0)
  state.now = 60_000
  assert.equal((await ask('post', 'secret')).status, 0)
  assert.equal((await ask('post', 'wrong')).why, 'wrong password, failure 1')
})

test('a failure of the database is no guess', async () => {
  let status = 0x0d
  const { ask } = setUp({ accounts: undefined, onBind: () => status, lockout: { maxFailures: 1 } })
  for (let i = 0; i < 5; i++) assert.equal((await ask('post', 'secret')).status, 0x0d)
  status = 0x0e
  await ask('post', 'secret')
  assert.match((await ask('post', 'secret')).why, /locked out/)
})

test('of guesses that are all made at once, the right one does not get in behind too many wrong ones', async () => {
  const gate = Promise.withResolvers<void>()
  const { ask } = setUp({
    accounts: undefined,
    onBind: async ({ password }) => {
      await gate.promise
      if (password === 'secret') await new Promise(setImmediate)
      return password === 'secret' ? 0 : 0x0e
    },
    lockout: { maxFailures: 3 },
  })
  const verdicts = ['a', 'secret', 'b', 'c', 'd'].map((password) => ask('post', password))
  gate.resolve()
  assert.match((await verdicts[1]!).why, /locked out/)
})

test('only true of a password function opens: neither a truthy object nor a thenable of another library does', async () => {
  // biome-ignore lint/suspicious/noThenProperty: what query builders and promises of other realms are
  const thenable = (value: unknown) => ({ then: (resolve: (value: unknown) => void) => resolve(value) })
  const gives = async (value: unknown): Promise<number> => {
    const { ask } = setUp({ accounts: [{ systemId: 'post', password: () => value as boolean }] })
    return (await ask('post', 'secret')).status
  }
  assert.deepEqual(
    [await gives(true), await gives(Promise.resolve(true)), await gives(thenable(true))],
    [0, 0, 0],
  )
  for (const value of [false, Promise.resolve(false), thenable(false), {}, 'no', 1, undefined])
    assert.equal(await gives(value), 0x0e)
})

test('an onBind that gives no status lets nobody in', async () => {
  for (const value of [undefined, Number.NaN, true, 'ok', 0.5]) {
    const { ask } = setUp({ onBind: () => value as number })
    const { status, why, account } = await ask('post', 'secret')
    assert.deepEqual([status, why, account], [0x0d, 'onBind gave no command_status', undefined])
  }
})

test('an unknown name is refused after as long as the slowest check of a password took, a second at most', async () => {
  let takes = 80
  const slow = async (given: string): Promise<boolean> => {
    state.now += takes
    return given === 'hidden'
  }
  const { state, ask } = setUp({ accounts: [{ systemId: 'hashed', password: slow }], lockout: false })
  await ask('hashed', 'wrong')
  await ask('nobody', 'wrong')
  assert.deepEqual(state.waits, [80])
  takes = 30
  await ask('hashed', 'wrong')
  assert.deepEqual(state.waits, [80, 50])
  assert.equal((await ask('hashed', 'hidden')).status, 0)
  assert.deepEqual(state.waits, [80, 50], 'a welcome is in no need of it')
  takes = 5_000
  await ask('hashed', 'wrong')
  await ask('nobody', 'wrong')
  assert.deepEqual(state.waits, [80, 50, 1_000])
})

test('two accounts of one name are refused at once', () => {
  const twice = [accounts[0]!, { systemId: 'post', password: 'other' }]
  assert.throws(() => setUp({ accounts: twice }), RangeError)
})
