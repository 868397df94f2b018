import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createBell } from '../bell.ts'
import { systemClock } from '../clock.ts'
import { createGuard } from '../egress.ts'
import { testApi } from '../http/testing.ts'
import { parseId, publicId } from '../ids.ts'
import { createRouter } from '../routing/router.ts'
import { carrierRoutes } from './api.ts'
import { routeRoutes } from './route-api.ts'

const bell = createBell()
const { ask, as, key, db, accountId } = await testApi(({ db }) => {
  const house = { db, bell, clock: systemClock, guard: createGuard({ sandbox: true }), country: 'DE' }
  return [...carrierRoutes(house), ...routeRoutes({ ...house, lenient: true, defaultSender: null })]
})

const run = async (text: string, values: unknown[] = []) => (await db.pool.query(text, values)).rows
beforeEach(() => run('truncate carriers, routes, paths, binds, queue, claims, rate_limits cascade'))

const settings = { hosts: [{ host: '127.0.0.1', port: 2775 }], system_id: 'us' }
const smpp = (name: string, rest: object = {}) => ({
  name,
  kind: 'smpp',
  settings,
  secrets: { password: 'geheim' },
  ...rest,
})
async function add(name: string, rest: object = {}) {
  const { status, body } = await ask('POST', '/v1/carriers', smpp(name, rest))
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const bare = (id: string) => parseId('carrier', id)!
/** As a holder of the slot says it. */
const bound = (id: string, state = 'bound', report: object = {}, slot = 0) =>
  run(
    `insert into binds (carrier_id, slot, node, fence, leased_until, state, state_at, report)
     values ($1, $4, 1, 1, now() + '1 minute', $2, '2026-11-22T09:00:00Z', $3)
     on conflict (carrier_id, slot) do update set state = excluded.state, leased_until = excluded.leased_until`,
    [bare(id), state, report, slot],
  )
const explain = async (to: string, rest: object = {}) =>
  (await ask('POST', '/v1/routes/explain', { to, ...rest })).body

test('a carrier is added with a route for everything, is shown without its secrets, and is told to all', async () => {
  const rung = new Promise((resolve) => bell.on('carriers', resolve))
  const carrier = await add('nordic')
  await rung
  assert.match(carrier.id, /^car_/)
  assert.deepEqual([carrier.mode, carrier.origin, carrier.revision, carrier.queued], ['active', 'api', 1, 0])
  assert.deepEqual(carrier.settings, settings)
  assert.deepEqual(carrier.health, {
    state: 'down',
    since: null,
    code: 'not_held',
    sentence: 'It is down: no node holds its links.',
  })
  assert.deepEqual(carrier.binds[0], {
    slot: 0,
    type: 'transceiver',
    state: 'down',
    node: null,
    host: null,
    since: null,
    window: null,
    in_flight: null,
    segments_per_second: null,
    rate: null,
    answer_ms: null,
    errors: [],
    last_error: null,
  })
  const all = await Promise.all(
    ['/v1/carriers', `/v1/carriers/${carrier.id}`].map((path) => ask('GET', path)),
  )
  assert.deepEqual(all[0]!.body, { data: [carrier] })
  assert.deepEqual(all[1]!.body, carrier)
  assert.ok(!JSON.stringify(all).includes('geheim'))
  const { data } = (await ask('GET', '/v1/routes')).body
  assert.deepEqual(data, [
    {
      id: data[0].id,
      carrier_id: carrier.id,
      carrier: 'nordic',
      prefix: '',
      account_id: null,
      lanes: [],
      sender: null,
      cost: 0,
      weight: 100,
      enabled: true,
    },
  ])
})

test('a carrier may bring its routes, or none', async () => {
  await add('none', { routes: [] })
  await add('some', { routes: [{ prefix: '+49', cost: 0.07 }, { lanes: ['code'] }] })
  const { data } = (await ask('GET', '/v1/routes')).body
  assert.deepEqual(
    data.map(({ carrier, prefix, cost, lanes }: Record<string, unknown>) => [carrier, prefix, cost, lanes]),
    [
      ['some', '+49', 0.07, []],
      ['some', '', 0, ['code']],
    ],
  )
})

test('what makes no sense is refused, each field with what it should be', async () => {
  const cases: [object, string, RegExp][] = [
    [smpp('x', { settings: { system_id: 'us' } }), 'invalid_request', /settings\.hosts.*is missing/],
    [smpp('x', { settings: { ...settings, windw: 5 } }), 'invalid_request', /settings\.windw.*unknown here/],
    [smpp('x', { secrets: { passwrd: 'x' } }), 'invalid_request', /secrets\.passwrd.*unknown here/],
    [smpp('x', { kind: 'fax' }), 'invalid_request', /kind/],
    [smpp('x', { profile: 'nobody' }), 'unknown_profile', /known/],
    [smpp('car_\n'), 'invalid_request', /name/],
    [smpp('x', { routes: [{ prefix: '0049' }] }), 'invalid_request', /prefix/],
    [smpp('x', { routes: [{ account_id: 'acc_x' }] }), 'invalid_request', /account_id/],
    [smpp('x', { routes: [{ sender: '!' }] }), 'invalid_sender', /sender/],
  ]
  for (const [body, code, details] of cases) {
    const answer = await ask('POST', '/v1/carriers', body)
    assert.deepEqual([answer.status, answer.body.error.code], [422, code], JSON.stringify(body))
    assert.match(JSON.stringify(answer.body.error.details), details)
  }
  assert.deepEqual((await ask('GET', '/v1/carriers')).body.data, [], 'and nothing of it is kept')
})

test('a carrier may be called as people call it, in any script', async () => {
  for (const name of ['Münster Süd', 'Київ 2']) assert.equal((await add(name)).name, name)
  assert.equal((await ask('POST', '/v1/carriers', smpp('süd/nord'))).status, 422)
})

test('names are taken once, and free again when their carrier is gone', async () => {
  const { id } = await add('nordic')
  assert.equal((await ask('POST', '/v1/carriers', smpp('nordic'))).body.error.code, 'name_taken')
  const other = await add('other')
  const renamed = await ask('PATCH', `/v1/carriers/${other.id}`, { name: 'nordic' })
  assert.deepEqual([renamed.status, renamed.body.error.code], [409, 'name_taken'])
  assert.equal((await ask('DELETE', `/v1/carriers/${id}`)).status, 204)
  assert.equal((await ask('PATCH', `/v1/carriers/${other.id}`, { name: 'nordic' })).body.name, 'nordic')
  assert.equal((await ask('GET', `/v1/carriers/${id}`)).status, 404)
})

test('a change is laid over what there is; null takes away; secrets stay unless given', async () => {
  const { id } = await add('nordic', { settings: { ...settings, window: 20, system_type: 'x' } })
  const changed = await ask('PATCH', `/v1/carriers/${id}`, { settings: { window: 5, system_type: null } })
  assert.deepEqual(changed.body.settings, { ...settings, window: 5 })
  assert.equal(changed.body.revision, 2)
  const [row] = await run('select secrets from carriers')
  assert.deepEqual(row.secrets, { password: 'geheim' })
  const bad = await ask('PATCH', `/v1/carriers/${id}`, { settings: { window: 0 } })
  assert.equal(bad.status, 422)
  assert.equal((await ask('PATCH', `/v1/carriers/${id}`, {})).status, 422)
})

test('of two changes made for the same revision the second is refused', async () => {
  const { id, revision } = await add('nordic')
  const [first, second] = [
    await ask('PATCH', `/v1/carriers/${id}`, { mode: 'paused', revision }),
    await ask('PATCH', `/v1/carriers/${id}`, { settings: { window: 5 }, revision }),
  ]
  assert.equal(first.status, 200)
  assert.deepEqual([second.status, second.body.error.code], [409, 'stale_revision'])
  assert.deepEqual(second.body.error.details, { revision: 2 })
})

test('its health is put together from what the holders of its links say', async () => {
  const { id } = await add('nordic', {
    settings: { ...settings, binds: [{ count: 2 }, { type: 'receiver' }] },
  })
  const health = async () => (await ask('GET', `/v1/carriers/${id}`)).body.health
  await bound(id, 'bound', { window: 10, in_flight: 3, rate: 4.5, answer_ms: { p50: 2, p99: 9 } })
  assert.deepEqual(await health(), {
    state: 'degraded',
    since: '2026-11-22T09:00:00.000Z',
    code: 'degraded',
    sentence: 'It is up on 1 of its 2 links.',
  })
  const { binds } = (await ask('GET', `/v1/carriers/${id}`)).body
  assert.deepEqual(
    binds.map(({ slot, type, state, node }: Record<string, unknown>) => [slot, type, state, node]),
    [
      [0, 'transceiver', 'bound', 1],
      [1, 'transceiver', 'down', null],
      [2, 'receiver', 'down', null],
    ],
  )
  assert.deepEqual([binds[0].window, binds[0].in_flight, binds[0].rate], [10, 3, 4.5])
  await bound(id, 'bound', {}, 1)
  assert.equal((await health()).state, 'up')
  await bound(id, 'open')
  await bound(id, 'open', {}, 1)
  assert.equal((await health()).code, 'circuit_open')
  await run(`update binds set leased_until = now() - interval '1 second'`)
  assert.equal((await health()).code, 'not_held', 'whoever said that is gone')
  await ask('PATCH', `/v1/carriers/${id}`, { mode: 'paused' })
  assert.equal((await health()).sentence, 'It is paused.')
})

/** A message in the queue on the path that it takes by the present rules. */
async function enqueue(to: string): Promise<void> {
  const router = await createRouter({ db, bell })
  const facts = { accountId, recipient: to, sender: null, lane: 'code' } as const
  const [path] = await router.paths([facts])
  await run(
    `insert into queue (account_id, message_id, lane, status, due_at, expires_at, path)
     values ($1, gen_random_uuid(), 'code', 'ready', now(), now() + '1 hour', $2)`,
    [accountId, path],
  )
}

test('a carrier that messages depend on is not deleted, unless somebody insists', async () => {
  const { id } = await add('nordic')
  await enqueue('+4915123456789')
  assert.equal((await ask('GET', `/v1/carriers/${id}`)).body.queued, 1)
  const lone = await ask('DELETE', `/v1/carriers/${id}`)
  assert.deepEqual(
    [lone.status, lone.body.error.code, lone.body.error.details],
    [409, 'carrier_in_use', { on_wire: 0, only_way: 1 }],
  )
  await run(
    `insert into claims (carrier_id, slot, fence, messages, claimed_at) values ($1, 0, 1, '[{}, {}]', now())`,
    [bare(id)],
  )
  const busy = await ask('DELETE', `/v1/carriers/${id}`)
  assert.deepEqual(busy.body.error.details, { on_wire: 2, only_way: 1 })
  assert.equal((await ask('DELETE', `/v1/carriers/${id}?force=true`)).status, 204)
  assert.deepEqual((await ask('GET', '/v1/routes')).body.data, [])
})

test('a carrier whose messages have another way may go', async () => {
  const { id } = await add('nordic')
  await add('other')
  await enqueue('+4915123456789')
  assert.equal((await ask('DELETE', `/v1/carriers/${id}`)).status, 204)
})

test('routes are made, changed and taken away, each time with new rules for all', async () => {
  const { id } = await add('nordic', { routes: [] })
  const revision = async () => Number((await run('select revision from routing'))[0].revision)
  const before = await revision()
  const made = await ask('POST', '/v1/routes', { carrier_id: id, prefix: '+49', sender: '0151 23456789' })
  assert.equal(made.status, 201)
  assert.equal(made.body.sender, '+4915123456789', 'in its one spelling')
  const path = `/v1/routes/${made.body.id}`
  const changed = await ask('PATCH', path, {
    lanes: ['code', 'alert'],
    cost: 0.055,
    account_id: publicId('account', accountId),
    enabled: false,
  })
  assert.deepEqual(changed.body, {
    ...made.body,
    lanes: ['code', 'alert'],
    cost: 0.055,
    account_id: publicId('account', accountId),
    enabled: false,
  })
  assert.equal((await ask('PATCH', path, { sender: null })).body.sender, null)
  assert.equal((await ask('DELETE', path)).status, 204)
  assert.equal((await ask('DELETE', path)).status, 404)
  assert.equal(await revision(), before + 4)
})

test('a route of nobody is refused', async () => {
  const { id } = await add('nordic')
  const ghost = publicId('carrier', accountId)
  for (const body of [
    { carrier_id: ghost },
    { carrier_id: 'nordic' },
    { carrier_id: id, account_id: publicId('account', bare(id)) },
  ]) {
    const { status, body: answer } = await ask('POST', '/v1/routes', body)
    assert.deepEqual([status, answer.error.code], [422, 'invalid_request'], JSON.stringify(body))
  }
})

test('a pause changes no path, so nothing that waits is moved', async () => {
  const { id } = await add('nordic')
  const [before] = await run('select revision from routing')
  await ask('PATCH', `/v1/carriers/${id}`, { mode: 'paused' })
  assert.deepEqual((await run('select revision from routing'))[0], before)
})

test('explain says which carrier, why, and why not each other route', async () => {
  const [main, german, dear] = [
    await add('main'),
    await add('german', { routes: [{ prefix: '+49' }, { prefix: '+4' }] }),
    await add('dear', {
      routes: [
        { cost: 0.5 },
        { prefix: '+43' },
        { lanes: ['alert'] },
        { sender: 'Shop' },
        { enabled: false },
      ],
    }),
  ]
  for (const { id } of [main, german, dear]) await bound(id)
  const answer = await explain('0151 23456789', { lane: 'code' })
  assert.deepEqual(answer.carrier, { id: german.id, name: 'german' })
  assert.deepEqual([answer.code, answer.sentence], ['taken', 'It would go to german.'])
  assert.deepEqual(
    answer.path.map(({ carrier, takable, code, sentence }: Record<string, { name: string }>) => [
      carrier!.name,
      takable,
      code,
      sentence,
    ]),
    [
      [
        'german',
        true,
        'chosen',
        'Takes the message. It comes first: of the prefixes that fit, its +49 is the longest.',
      ],
      ['main', true, 'shorter_prefix', 'Comes after german: it names no prefix, and that one does.'],
      ['dear', true, 'dearer', 'Comes after main: it costs 0.5 a segment, and that one 0.'],
    ],
  )
  assert.deepEqual(
    answer.left_out.map(({ carrier, code, sentence }: Record<string, { name: string }>) => [
      carrier!.name,
      code,
      sentence,
    ]),
    [
      [
        'german',
        'same_carrier',
        'Another route of this carrier is at least as good; where they are equal, their weights add up.',
      ],
      ['dear', 'other_prefix', 'The route is for numbers that begin with +43, and +4915123456789 does not.'],
      ['dear', 'other_lane', 'The route is for alert, and the message is code.'],
      ['dear', 'other_sender', 'The route is for the sender Shop, and the message names none.'],
      ['dear', 'disabled', 'The route is switched off.'],
    ],
  )
})

test('explain passes over who cannot take it, and says so', async () => {
  const [first, second] = [await add('first'), await add('second', { routes: [{ cost: 1 }] })]
  await bound(second.id)
  const down = await explain('+4915123456789')
  assert.equal(down.sentence, 'It would go to second. first would come first, but cannot take it now.')
  assert.deepEqual([down.path[0].code, down.path[0].takable], ['not_held', false])
  assert.equal(
    down.path[0].sentence,
    'Cannot take it now: it is down: no node holds its links. It comes first: of equal routes, its 0 a segment is the cheapest.',
  )
  await bound(first.id)
  await ask('PATCH', `/v1/carriers/${first.id}`, { mode: 'drained' })
  await ask('PATCH', `/v1/carriers/${second.id}`, { mode: 'paused' })
  const waits = await explain('+4915123456789')
  assert.deepEqual(
    [waits.carrier, waits.code, waits.sentence],
    [null, 'waits', 'It would wait for first or second: none of them can take messages now.'],
  )
  assert.deepEqual(
    waits.path.map(({ code }: { code: string }) => code),
    ['drained', 'paused'],
  )
  await run('delete from routes')
  assert.equal((await explain('+4915123456789')).code, 'no_route')
})

test('explain says what the router does', async () => {
  for (const [name, weight] of [
    ['a', 10],
    ['b', 30],
    ['c', 60],
  ] as const) {
    const { id } = await add(name, { routes: [{ weight }] })
    await bound(id)
  }
  const router = await createRouter({ db, bell })
  for (let n = 0; n < 20; n++) {
    const recipient = `+4915123456${100 + n}`
    const [path] = await router.paths([{ accountId, recipient, sender: null, lane: 'code' }])
    const answer = await explain(recipient, { lane: 'code' })
    assert.deepEqual(
      answer.path.map(({ carrier }: { carrier: { id: string } }) => bare(carrier.id)),
      router.carriersOf(path!),
    )
  }
})

test('what cannot be a message is not explained', async () => {
  assert.equal((await explain('Mutter')).error.code, 'invalid_number')
  assert.equal((await explain('+4915123456789', { from: '!' })).error.code, 'invalid_sender')
})

test('limits of the account and its senders are set, changed and lifted', async () => {
  await add('main')
  const put = (sender: string | null, rate: number) =>
    ask('PUT', '/v1/rate-limits', { sender, segments_per_second: rate })
  const revision = async () => Number((await run('select revision from routing'))[0].revision)
  assert.equal((await put(null, 50)).status, 200)
  assert.equal((await put('Shop', 5)).status, 200)
  const before = await revision()
  assert.deepEqual((await put('Shop', 0.5)).body, { sender: 'Shop', segments_per_second: 0.5 })
  assert.equal(await revision(), before, 'how much decides about no path')
  assert.deepEqual((await ask('GET', '/v1/rate-limits')).body.data, [
    { sender: null, segments_per_second: 50 },
    { sender: 'Shop', segments_per_second: 0.5 },
  ])
  assert.equal((await ask('DELETE', '/v1/rate-limits?sender=Shop')).status, 204)
  assert.equal((await ask('DELETE', '/v1/rate-limits')).status, 204)
  assert.equal((await ask('DELETE', '/v1/rate-limits')).status, 404)
  assert.equal(await revision(), before + 2)
  assert.equal((await put('Shop', 0)).status, 422)
})

test('profiles are listed with the kind that they are for', async () => {
  const { data } = (await ask('GET', '/v1/carrier-profiles')).body
  assert.ok(data.length > 0)
  for (const { name, kind, what } of data) assert.ok(name && kind && what)
})

test('only a key that may operate sees and changes any of it', async () => {
  const other = as(await key('messages:write', 'messages:read', 'keys', 'events', 'webhooks'))
  for (const [method, path] of [
    ['GET', '/v1/carriers'],
    ['POST', '/v1/carriers'],
    ['GET', '/v1/routes'],
    ['POST', '/v1/routes/explain'],
    ['GET', '/v1/rate-limits'],
    ['GET', '/v1/carrier-profiles'],
  ] as const) {
    assert.equal((await other(method, path, method === 'POST' ? {} : undefined)).status, 403, path)
  }
})
