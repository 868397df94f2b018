import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { eventually, openStory } from './house.ts'

/** Three carriers: `main` of the environment, and two that are added while the house runs. */
const story = await openStory()
const isUp = ({ health }: { health: { state: string } }) => health.state === 'up'
const names = ['north', 'south'] as const
type Name = 'main' | (typeof names)[number]
const simulators = new Map<Name, string>([['main', story.handsets]])
const ids = new Map<Name, string>()

for (const name of names) {
  const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
  after(() => simulator.close())
  simulators.set(name, `http://127.0.0.1:${simulator.httpPort}`)
  const { status, body } = await story.api('POST', '/v1/carriers', {
    name,
    kind: 'smpp',
    settings: { hosts: [{ host: '127.0.0.1', port: simulator.smppPort }], system_id: 'story' },
    secrets: { password: 'story' },
    routes: [],
  })
  assert.equal(status, 201, JSON.stringify(body))
}
before(() =>
  eventually(async () => {
    const { data } = (await story.api('GET', '/v1/carriers')).body
    for (const { id, name } of data) ids.set(name, id)
    return data.length === 3 && data.every(isUp)
  }),
)
const rise = (name: Name) =>
  eventually(async () => isUp((await story.api('GET', `/v1/carriers/${ids.get(name)}`)).body))

let last = 0
const number = (prefix = '+49151') => `${prefix}${String(20_000_000 + ++last)}`

/** On whose phones the text has arrived. */
async function arrivedOn(to: string): Promise<Name[]> {
  const found: Name[] = []
  for (const [name, url] of simulators) {
    const answer = await fetch(`${url}/handsets/${encodeURIComponent(to)}/messages`)
    const messages = JSON.parse(await answer.text()) as unknown[]
    for (const _ of messages) found.push(name)
  }
  return found
}

interface Draft {
  to: string
  from?: string
  lane?: string
}
async function post(draft: Draft): Promise<string> {
  const { status, body } = await story.api('POST', '/v1/messages', { text: 'x', ...draft })
  assert.equal(status, 202, JSON.stringify(body))
  return body.id
}
const delivered = (id: string) => story.event('message.delivered', (data) => data.message_id === id)

/** Who is said to take it, and who has taken it. */
async function way(draft: Draft): Promise<Name> {
  const said = (await story.api('POST', '/v1/routes/explain', draft)).body
  await delivered(await post(draft))
  const arrived = await arrivedOn(draft.to)
  assert.deepEqual(arrived, [said.carrier.name], 'explain says what happens')
  return arrived[0]!
}

/** Makes routes for as long as a test takes. `main` keeps its catch-all. */
async function withRoutes(
  routes: readonly ({ carrier: Name } & Record<string, unknown>)[],
  work: () => Promise<void>,
) {
  const made: string[] = []
  for (const { carrier, ...fields } of routes) {
    const { status, body } = await story.api('POST', '/v1/routes', {
      carrier_id: ids.get(carrier),
      ...fields,
    })
    assert.equal(status, 201, JSON.stringify(body))
    made.push(body.id)
  }
  try {
    await work()
  } finally {
    for (const id of made) await story.api('DELETE', `/v1/routes/${id}`)
  }
}

test('the longest prefix chooses, whatever it costs', () =>
  withRoutes(
    [
      { carrier: 'north', prefix: '+4', cost: 1 },
      { carrier: 'south', prefix: '+43', cost: 2 },
    ],
    async () => {
      assert.equal(await way({ to: number('+43660') }), 'south')
      assert.equal(await way({ to: number('+49151') }), 'north')
      assert.equal(await way({ to: '+33612345678' }), 'main')
    },
  ))

test('an account, a sender and lanes that are named come before everything open', async () => {
  const account = (await story.api('GET', '/v1/info')).body.account.id
  await withRoutes([{ carrier: 'north', account_id: account, cost: 1 }], async () => {
    assert.equal(await way({ to: number() }), 'north')
  })
  await withRoutes(
    [
      { carrier: 'north', sender: 'Shop', cost: 1 },
      { carrier: 'south', lanes: ['code', 'alert'], cost: 1 },
    ],
    async () => {
      assert.equal(await way({ to: number(), from: 'Shop', lane: 'code' }), 'north')
      assert.equal(await way({ to: number(), from: 'Other', lane: 'code' }), 'south')
      assert.equal(await way({ to: number(), from: 'Other' }), 'main')
    },
  )
})

test('of equal routes the cheapest is taken', () =>
  withRoutes(
    [
      { carrier: 'north', prefix: '+49', cost: 0.02 },
      { carrier: 'south', prefix: '+49', cost: 0.019 },
    ],
    async () => assert.equal(await way({ to: number() }), 'south'),
  ))

test('equals share by weight, and a number keeps its way', () =>
  withRoutes(
    [
      { carrier: 'north', prefix: '+49', weight: 30 },
      { carrier: 'south', prefix: '+49', weight: 70 },
    ],
    async () => {
      const recipients = Array.from({ length: 60 }, () => number())
      const send = async () => {
        const sent = await Promise.all(recipients.map((to) => post({ to })))
        await Promise.all(sent.map(delivered))
      }
      await send()
      await send()
      const ways = await Promise.all(recipients.map(arrivedOn))
      for (const [first, second, ...more] of ways) assert.deepEqual([second, more], [first, []])
      const south = ways.filter(([first]) => first === 'south').length
      assert.ok(south > 30 && south < 55, `${south} of 60`)
    },
  ))

test('what waits moves to a route that is added, and only what it is for', async () => {
  await story.api('PATCH', `/v1/carriers/${ids.get('main')}`, { mode: 'paused' })
  const [austrian, french] = [number('+43660'), '+33612345679']
  const moved = await post({ to: austrian })
  const left = await post({ to: french })
  assert.deepEqual(
    (await story.api('POST', '/v1/routes/explain', { to: french })).body.path.map(
      ({ code }: { code: string }) => code,
    ),
    ['paused'],
  )
  await withRoutes([{ carrier: 'south', prefix: '+43' }], async () => {
    await delivered(moved)
    assert.deepEqual(await arrivedOn(austrian), ['south'])
    assert.equal((await story.api('GET', `/v1/messages/${left}`)).body.state, 'queued')
    await story.api('PATCH', `/v1/carriers/${ids.get('main')}`, { mode: 'active' })
    await delivered(left)
    assert.deepEqual(await arrivedOn(french), ['main'])
  })
})

test('without any route a message waits, and goes with the first one that there is', async () => {
  const { data } = (await story.api('GET', '/v1/routes')).body
  for (const { id } of data) await story.api('PATCH', `/v1/routes/${id}`, { enabled: false })
  const to = number()
  const id = await post({ to })
  assert.equal((await story.api('POST', '/v1/routes/explain', { to })).body.code, 'no_route')
  await withRoutes([{ carrier: 'north' }], async () => {
    await delivered(id)
    assert.deepEqual(await arrivedOn(to), ['north'])
  })
  for (const { id } of data) await story.api('PATCH', `/v1/routes/${id}`, { enabled: true })
})

test('a scheduled message takes the way that is right when it is due', async () => {
  const to = number()
  const { body } = await story.api('POST', '/v1/messages', {
    to,
    text: 'x',
    send_at: new Date(Date.now() + 1_500).toISOString(),
  })
  await withRoutes([{ carrier: 'south', prefix: '+49151' }], async () => {
    await delivered(body.id)
    assert.deepEqual(await arrivedOn(to), ['south'])
  })
})

test('drained, a carrier lets go of its links; resumed, it takes messages again', async () => {
  const path = `/v1/carriers/${ids.get('north')}`
  await withRoutes([{ carrier: 'north', prefix: '+46' }], async () => {
    await story.api('PATCH', path, { mode: 'drained' })
    await eventually(async () => (await story.api('GET', path)).body.health.sentence === 'It is drained.')
    assert.equal(await way({ to: number('+467') }), 'main')
    await story.api('PATCH', path, { mode: 'active' })
    await rise('north')
    assert.equal(await way({ to: number('+467') }), 'north')
  })
})

test('deleted, a carrier is gone, and what was queued for it takes another way', async () => {
  const path = `/v1/carriers/${ids.get('south')}`
  await withRoutes([{ carrier: 'south', prefix: '+47' }], async () => {
    await story.api('PATCH', path, { mode: 'paused' })
    // Two that wait for it alone.
    const { data } = (await story.api('GET', '/v1/routes')).body
    const main = data.find(({ carrier }: { carrier: string }) => carrier === 'main')
    await story.api('PATCH', `/v1/routes/${main.id}`, { prefix: '+1' })
    const to = number('+47')
    const id = await post({ to })
    const refused = await story.api('DELETE', path)
    assert.deepEqual([refused.status, refused.body.error.code], [409, 'carrier_in_use'])
    assert.equal((await story.api('DELETE', `${path}?force=true`)).status, 204)
    await story.api('PATCH', `/v1/routes/${main.id}`, { prefix: '' })
    await delivered(id)
    assert.deepEqual(await arrivedOn(to), ['main'])
  })
})
