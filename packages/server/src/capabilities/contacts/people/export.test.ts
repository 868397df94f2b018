import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { publicId } from '../../../ids.ts'
import { testOwner } from '../../../message/testing.ts'
import { listRoutes } from '../lists/routes.ts'
import { segmentRoutes } from '../segments/routes.ts'
import { asks, contactsBench } from '../testing.ts'
import { putDefinition } from './attributes.store.ts'
import { exportRoutes } from './export-routes.ts'
import { createPeople } from './people.ts'

const { db, platform, accountId } = await contactsBench()
const people = createPeople(platform)
const [route] = exportRoutes(platform)
const api = (request: string, given?: object) =>
  asks([...listRoutes(platform, people), ...segmentRoutes(platform)], accountId, request, given)
await putDefinition(db, accountId, { key: 'city', label: 'Stadt', type: 'text', choices: [] }, platform.now())

/** The route over a socket, as the web framework hands it the raw response. */
let next: { query?: object; account?: string; masked?: boolean; signal?: AbortSignal } = {}
const failures: unknown[] = []
const server = createServer(async (_request, response) => {
  const { query = {}, account = accountId, masked = false, signal = new AbortController().signal } = next
  const call = { accountId: account, query, masked, signal }
  try {
    const reply = await route!.handler(call as never)
    if ('stream' in reply) await reply.stream(response)
  } catch (error) {
    failures.push(error)
    response.destroy()
  }
}).listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const read = async (given: typeof next = {}): Promise<{ text: string; type: string | null }> => {
  next = given
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { text: await response.text(), type: response.headers.get('content-type') }
}
const rowsOf = (text: string): Record<string, string>[] =>
  parse(text, { bom: true, columns: true, delimiter: ';' })

const total = 2_300
await people.upsert(accountId, [
  {
    external_id: 'k1',
    name: 'Ada; "die Erste"\nLovelace',
    language: 'en',
    time_zone: 'Europe/London',
    postcode: 'FR-75001',
    lat: 48.4,
    lon: -9.9,
    tags: ['vip', 'neu'],
    attributes: { city: '=HYPERLINK("http://evil.example")' },
    addresses: [
      { channel: 'sms', address: '+4915123456789' },
      { channel: 'sms', address: '+4915123456780' },
      { channel: 'email', address: 'ada@example.org' },
    ],
  },
])
for (let from = 2; from <= total; from += 1_000)
  await people.upsert(
    accountId,
    Array.from({ length: Math.min(1_000, total - from + 1) }, (_, n) => ({
      external_id: `k${from + n}`,
      tags: from + n <= 10 ? ['few'] : [],
    })),
  )

test('everybody comes once, over all pages, and whatever they are called stays in its cell', async () => {
  const { text, type } = await read()
  assert.equal(type, 'text/csv; charset=utf-8')
  const rows = rowsOf(text)
  assert.equal(new Set(rows.map(({ external_id }) => external_id)).size, total)
  assert.equal(rows.length, total)
  assert.deepEqual(
    rows.find(({ external_id }) => external_id === 'k1'),
    {
      ...{ external_id: 'k1', name: 'Ada; "die Erste"\nLovelace', phone: '+4915123456789' },
      ...{ email: 'ada@example.org', language: 'en', time_zone: 'Europe/London', postcode: 'FR-75001' },
      ...{ lat: '48.4', lon: '-9.9', tags: 'neu,vip' },
      // A spreadsheet would run it.
      city: `'=HYPERLINK("http://evil.example")`,
    },
  )
})

test('JSON has everything, second numbers too', async () => {
  const { text, type } = await read({ query: { format: 'json' } })
  assert.equal(type, 'application/json; charset=utf-8')
  const { data } = JSON.parse(text)
  assert.equal(data.length, total)
  const ada = data.find(({ external_id }: { external_id: string }) => external_id === 'k1')
  assert.deepEqual(
    ada.addresses.map(({ address }: { address: string }) => address),
    ['+4915123456789', '+4915123456780', 'ada@example.org'],
  )
})

test('a list, a segment, an account without people: as many as are in it', async () => {
  const segment = await api('POST /v1/segments', { body: { name: 'Few', definition: { tag: 'few' } } })
  assert.equal(rowsOf((await read({ query: { segment: segment.id } })).text).length, 9)
  const list = await api('POST /v1/lists', { body: { name: 'Nobody' } })
  assert.deepEqual(JSON.parse((await read({ query: { list: list.id, format: 'json' } })).text), { data: [] })
  const { accountId: account } = await testOwner(db)
  assert.deepEqual(rowsOf((await read({ account })).text), [])
  for (const query of [
    { segment: segment.id },
    { segment: publicId('segment', platform.id()) },
    { segment: 'x' },
    { list: list.id },
  ]) {
    failures.length = 0
    await assert.rejects(read({ account, query }))
    assert.match(String((failures[0] as { code?: string }).code), /^not_found$|^segment_|^invalid_/)
  }
})

test('whose role hides numbers gets none, in either form', async () => {
  for (const format of ['csv', 'json']) {
    const { text } = await read({ query: { format }, masked: true })
    assert.doesNotMatch(text, /\+49151234|ada@example/)
    assert.match(text, /\+49 151 •••• 789/)
    assert.match(text, /Lovelace/)
  }
})

test('what is broken off in the middle is seen to be: no half file is taken for a whole one', async () => {
  const controller = new AbortController()
  next = { signal: controller.signal }
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const reader = response.body!.getReader()
  const first = await reader.read()
  assert.ok(first.value!.length > 0)
  controller.abort()
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  })
})
