import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { SmppError, statusName } from '@kurzpost/smpp'
import { certificate as cert, key } from '@kurzpost/smpp/testing'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { eventually } from '../stories/house.ts'
import { openTestDoor } from './testing.ts'

const { db } = await testDatabase({ connections: 12 })
const house = await openTestDoor(db)
const another = await openTestDoor(db, { accountId: house.accountId })

/** The status by which a bind is refused; 'welcome' when it is not. */
const bound = (promise: Promise<{ client: { destroy(): void } }>): Promise<string> =>
  promise.then(
    ({ client }) => {
      client.destroy()
      return 'welcome'
    },
    (error) => {
      assert.ok(error instanceof SmppError, String(error))
      return statusName(error.status!)
    },
  )

test('name, password, address and kind of bind decide who comes in, and a stranger learns nothing', async () => {
  const login = await house.login({ allowed_ips: ['192.0.2.0/24'] })
  const sender = await house.login({ bind_types: ['transmitter'] })
  const off = await house.login({ enabled: false })
  assert.equal(await bound(house.bind({ systemId: 'nobody', password: 'secret' })), 'ESME_RINVPASWD')
  assert.equal(await bound(house.bind({ ...sender, password: 'wrong' })), 'ESME_RINVPASWD')
  assert.equal(await bound(house.bind(login)), 'ESME_RINVPASWD')
  assert.equal(await bound(house.bind(off)), 'ESME_RINVPASWD')
  assert.equal(await bound(house.bind(sender)), 'ESME_RBINDFAIL')
  assert.equal(await bound(house.bind(sender, { bindType: 'transmitter' })), 'welcome')
})

test('a login that wants TLS is not let in without it', async () => {
  assert.equal(await bound(house.bind(await house.login({ tls_only: true }))), 'ESME_RINVPASWD')
})

test('binds are counted over all nodes', async () => {
  const login = await house.login({ max_binds: 3 })
  const here = [await house.bind(login), await house.bind(login)]
  await eventually(async () => another.door.directory.elsewhere(login.bare) === 2)
  await another.bind(login)
  assert.equal(await bound(another.bind(login)), 'ESME_RBINDFAIL')
  await eventually(async () => house.door.directory.elsewhere(login.bare) === 1)
  assert.equal(await bound(house.bind(login)), 'ESME_RBINDFAIL')
  const seen = (await house.logins.get(house.accountId, login.bare)).sessions
  assert.deepEqual(
    seen.map(({ node, bind_type, version, address }) => [node, bind_type, version, address]).sort(),
    [
      [house.node, 'transceiver', '3.4', '127.0.0.1'],
      [house.node, 'transceiver', '3.4', '127.0.0.1'],
      [another.node, 'transceiver', '3.4', '127.0.0.1'],
    ].sort(),
  )
  here[0]!.client.destroy()
  await eventually(async () => (await bound(another.bind(login))) === 'welcome')
})

test('more binds than allowed, let in by two nodes at one moment, lose the youngest', async () => {
  const login = await house.login({ max_binds: 2 })
  await Promise.all([house.bind(login), house.bind(login), another.bind(login), another.bind(login)])
    .then((binds) => binds.length)
    .catch(() => 'one was refused at once')
  await eventually(async () => (await house.logins.get(house.accountId, login.bare)).sessions.length <= 2)
})

test('switching a login off or changing its password unbinds its sessions on every node', async () => {
  for (const change of [{ enabled: false }, { password: 'another1' }]) {
    const login = await house.login()
    const closed: string[] = []
    const onState = (state: string) => {
      if (state === 'closed') closed.push(state)
    }
    await house.bind(login, { onState })
    await another.bind(login, { onState })
    await house.logins.change(house.accountId, login.bare, change)
    await eventually(async () => closed.length === 2)
    assert.equal(await bound(another.bind(login)), 'ESME_RINVPASWD')
  }
  const login = await house.login()
  await house.logins.change(house.accountId, login.bare, { password: 'another1' })
  assert.equal(await bound(another.bind({ ...login, password: 'another1' })), 'welcome')
})

test('who is not allowed to come from there any more is unbound, and others stay', async () => {
  const login = await house.login({ allowed_ips: ['127.0.0.0/8'], system_id: 'narrow' })
  const ended = Promise.withResolvers<void>()
  const { client } = await house.bind(login, {
    onState: (state) => state === 'closed' && ended.resolve(),
  })
  await house.logins.change(house.accountId, login.bare, { allowed_ips: ['127.0.0.1', '2001:db8::/32'] })
  await house.door.directory.lookAgain()
  assert.equal(client.state, 'bound')
  await house.logins.change(house.accountId, login.bare, { allowed_ips: ['192.0.2.0/24'] })
  await ended.promise
})

test('a thousand binds of one login that may have ten: each is answered, ten are in, and the others of the house are served', async () => {
  const login = await house.login({ system_id: 'crowd', max_binds: 10 })
  const other = await house.bind(await house.login({ system_id: 'calm' }))
  const verdicts: string[] = []
  for (let round = 0; round < 10; round++) {
    const tries = Array.from({ length: 100 }, () =>
      house.bind(login).then(
        () => 'in',
        (error: { status?: number; code?: string }) => statusName(error.status ?? 0),
      ),
    )
    assert.equal((await other.send(`round ${round}`)).status, 0)
    verdicts.push(...(await Promise.all(tries)))
  }
  const counts = Map.groupBy(verdicts, (verdict) => verdict)
  assert.equal(counts.get('in')?.length, 10)
  assert.equal(counts.size, 2, [...counts.keys()].join(', '))
})

test('more segments than the login may send are refused at once, and enquire_link is answered', async () => {
  const login = await house.login({ segments_per_second: 20 })
  const shop = await house.bind(login)
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => shop.send(`flood ${n}`)))
  const taken = answers.filter(({ status }) => status === 0).length
  const throttled = answers.filter(({ status }) => statusName(status) === 'ESME_RTHROTTLED').length
  assert.equal(taken + throttled, 200)
  assert.ok(taken >= 5 && taken <= 40, `${taken} were taken`)
  const alive = await shop.client.request({ command: 'enquire_link' })
  assert.equal(alive.status, 0)
})

test('when more wait for a commit than may, the rest hear RMSGQFUL', async () => {
  const small = await openTestDoor(db, { accountId: house.accountId, maxWaiting: 5 })
  const shop = await small.bind(await small.login())
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => shop.send(`crowd ${n}`)))
  const names = new Set(answers.map(({ status }) => statusName(status)))
  assert.deepEqual([...names].sort(), ['ESME_RMSGQFUL', 'ESME_ROK'])
})

test('while the database does not answer, submissions are refused at once and the bind stays', async () => {
  const shop = await house.bind(await house.login())
  const release = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holding = db.transaction(async (tx) => {
    await tx.query(statement('test_lock', 'lock table queue in access exclusive mode'))
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const stuck = shop.send('stuck')
  // Those of the first moments wait with it; one that does not is refused at once.
  const behind: Promise<{ status: number }>[] = []
  let refused = false
  await eventually(async () => {
    const answer = shop.send('behind it')
    behind.push(answer)
    void answer.then(({ status }) => {
      refused ||= statusName(status) === 'ESME_RMSGQFUL'
    })
    // Answers of one moment keep their order: a refusal at once is here before this one.
    await shop.client.request({ command: 'enquire_link' })
    return refused
  })
  assert.equal((await shop.client.request({ command: 'enquire_link' })).status, 0)
  release.resolve()
  await holding
  assert.equal((await stuck).status, 0, 'what was under way is answered when it is committed')
  assert.deepEqual(
    new Set((await Promise.all(behind)).map(({ status }) => statusName(status))),
    new Set(['ESME_ROK', 'ESME_RMSGQFUL']),
  )
  assert.equal((await shop.send('after it')).status, 0)
})

test('octets that are no PDU end their connection, and no other', async () => {
  const shop = await house.bind(await house.login())
  const junk = connect(house.port, '127.0.0.1')
  junk.write('GET / HTTP/1.1\r\n\r\n')
  await new Promise((resolve) => junk.once('close', resolve).resume())
  const unknown = await house.bind(await house.login())
  const answer = await unknown.client
    .request({ command: 'query_broadcast_sm', message_id: 'x' } as never)
    .catch((error) => error)
  assert.ok(answer instanceof SmppError || answer.status !== 0)
  assert.equal((await shop.send('still here')).status, 0)
})

test('a receiver may not submit, and a transmitter gets nothing', async () => {
  const login = await house.login()
  const receiver = await house.bind(login, { bindType: 'receiver' })
  await assert.rejects(receiver.send('from a receiver'), (error: SmppError) => error.code === 'not_bound')
})

test('two hundred binds at once with one password cost one derivation, and a wrong one is still refused', async () => {
  const login = await house.login({ max_binds: 500 })
  const binds = await Promise.all(Array.from({ length: 200 }, () => house.bind(login)))
  assert.equal(binds.length, 200)
  const answers = await Promise.all(binds.map(({ send }, n) => send(`from bind ${n}`)))
  assert.ok(answers.every(({ status }) => status === 0))
  for (const { client } of binds) client.destroy()
  await eventually(async () => (await house.logins.get(house.accountId, login.bare)).sessions.length === 0)
})

test('over TLS a login that wants it comes in, and a renewed certificate needs no restart', async () => {
  const tls = { key: Buffer.from(key), cert: Buffer.from(cert) }
  let renewed = 0
  const renew = async () => {
    renewed++
    return tls
  }
  const safe = await openTestDoor(db, { accountId: house.accountId, entrance: { tls, renew } })
  const login = await safe.login({ tls_only: true })
  const shop = await safe.bind(login, { host: 'localhost', tls: { ca: cert } })
  assert.equal((await shop.send('in private')).status, 0)
  await eventually(async () => (await safe.logins.get(house.accountId, login.bare)).sessions.length === 1)
  assert.equal((await safe.logins.get(house.accountId, login.bare)).sessions[0]!.tls, true)
  assert.ok(renewed > 0, 'the files are looked at')
})

test('bad PDUs of one login harm no other', async () => {
  const good = await house.bind(await house.login())
  const bad = await house.login()
  for (const junk of [
    // A body that ends in the middle of its fields, a length that no PDU has, a command that nobody knows.
    '00000014000000040000000000000002ffffffff',
    'ffffffff000000040000000000000003',
    '0000001000000999000000000000000400',
  ]) {
    const evil = await house.bind(bad)
    const raw = connect(house.port, '127.0.0.1')
    raw.on('error', () => {})
    raw.write(Buffer.from(junk, 'hex'))
    assert.equal((await good.send('unharmed')).status, 0)
    raw.destroy()
    evil.client.destroy()
  }
  const strange = await house.bind(bad)
  const answers = await Promise.all([
    strange.send('', { short_message: Buffer.from([0xff, 0xfe, 0x00]), data_coding: 0xf4, esm_class: 0xff }),
    strange.send('x', { source_addr: '\u0001\u0002', destination_addr: '\u00ff' }),
    strange.send('x', { validity_period: '999999999999999R' }),
    good.send('beside them'),
  ])
  assert.deepEqual(
    answers.map(({ status }) => status === 0),
    [false, false, false, true],
  )
})
