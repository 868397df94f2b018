import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { statement } from '../store/db.ts'
import { deleteOldDeliveries } from './delivery.store.ts'
import {
  advance,
  answers,
  clock,
  db,
  emit,
  hour,
  idOf,
  newAccount,
  newPath,
  next,
  node,
  ok,
  origin,
  took,
} from './testing.ts'

it('leaves the past to the past when the first endpoint is made', async () => {
  const account = await newAccount()
  const before = await node()
  await emit(account, 3)
  // Its own stop lets the relay that ran at its start end.
  await before.stop()
  const here = await node()
  const path = newPath(ok)
  const taken = next(path)
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const [id] = await emit(account)
  here.bell.ring('outbox')
  await taken
  await here.stop()
  const rows = await db.query(
    statement('test_rows', 'select event_id from webhook_deliveries where account_id = $1'),
    [account],
  )
  assert.deepEqual(rows.at(-1), { event_id: id })
})

it('switches off an endpoint that answers 410, and tells so in an event', async () => {
  const account = await newAccount()
  let here = await node()
  const gone = newPath((response) => response.writeHead(410).end())
  const watch = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + gone } })
  await here.call('POST /v1/webhooks', account, {
    body: { url: origin + watch, events: ['webhook.disabled'] },
  })
  const told = next(watch)
  await emit(account)
  here.bell.ring('outbox')
  const { data } = JSON.parse((await told).body)
  assert.equal(data.webhook_id, created.id)
  await here.stop()
  const { body: shown } = await here.call(`GET /v1/webhooks/${created.id}`, account)
  assert.equal(shown.enabled, false)
  assert.match(shown.disabled_reason, /410/)
  const { body } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.equal(body.data[0].status, 'failed')

  // Nothing new while it is off; when it is on again, it starts anew.
  answers.set(gone, ok)
  here = await node()
  took.once(gone, () => assert.fail('sent while switched off'))
  const other = next(watch)
  await emit(account)
  await emit(account, 1, 'webhook.disabled')
  here.bell.ring('outbox')
  await other
  took.removeAllListeners(gone)
  await here.call(`PATCH /v1/webhooks/${created.id}`, account, { body: { enabled: true } })
  const taken = next(gone)
  const [id] = await emit(account)
  here.bell.ring('outbox')
  await taken
  assert.ok(id)
})

it('switches off an endpoint that has failed for five days, unless something got through', async () => {
  const account = await newAccount()
  let here = await node()
  const path = newPath((response) => response.writeHead(500).end())
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const round = async () => {
    const taken = next(path)
    await emit(account)
    here.bell.ring('outbox')
    await taken
    await here.stop()
    const { body } = await here.call(`GET /v1/webhooks/${created.id}`, account)
    here = await node()
    return body
  }
  assert.ok((await round()).failing_since)
  const setFailing = statement('test_failing', 'update webhooks set failing_since = $2 where account_id = $1')
  const longAgo = new Date(clock.now().getTime() - 121 * hour)
  await db.query(setFailing, [account, longAgo])
  assert.equal((await round()).enabled, false)

  await here.call(`PATCH /v1/webhooks/${created.id}`, account, { body: { enabled: true } })
  answers.set(path, ok)
  assert.equal((await round()).failing_since, null)
  answers.set(path, (response) => response.writeHead(500).end())
  await db.query(setFailing, [account, longAgo])
  const spared = await round()
  assert.equal(spared.enabled, true)
  assert.ok(Date.parse(spared.failing_since) > longAgo.getTime() + hour)
})

it('replays a delivery, and sends a test to one endpoint alone', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath(ok)
  const other = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, {
    body: { url: origin + path, events: ['message.delivered'] },
  })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + other } })
  const both = Promise.all([next(path), next(other)])
  await emit(account)
  here.bell.ring('outbox')
  const [taken] = await both
  await here.stop()

  const again = await node()
  took.once(other, () => assert.fail('sent to the other endpoint'))
  const { body } = await again.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  const replayed = next(path)
  const { status } = await again.call(
    `POST /v1/webhooks/${created.id}/deliveries/${body.data[0].id}/replay`,
    account,
  )
  assert.equal(status, 202)
  assert.equal(idOf(await replayed), idOf(taken))
  const test = next(path)
  const { body: shown } = await again.call(`POST /v1/webhooks/${created.id}/test`, account)
  assert.equal(shown.type, 'webhook.test')
  assert.equal(idOf(await test), shown.event_id)
  await again.stop()
})

it('signs with both secrets after a rotation, and shows the new one once', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath(ok)
  const { body: old } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const { body: rotated } = await here.call(`POST /v1/webhooks/${old.id}/rotate-secret`, account)
  assert.notEqual(rotated.secret, old.secret)
  const taken = next(path)
  await emit(account)
  here.bell.ring('outbox')
  const { body, headers } = await taken
  for (const { secret } of [old, rotated]) {
    assert.ok(new Webhook(secret).verify(body, headers as Record<string, string>))
  }
  const { body: shown } = await here.call(`GET /v1/webhooks/${old.id}`, account)
  assert.ok(!('secret' in shown))
})

it('sends nothing more to an endpoint that was deleted, and clears its log', async () => {
  const account = await newAccount()
  let here = await node()
  const path = newPath((response) => response.writeHead(500).end())
  const watch = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + watch } })
  const both = Promise.all([next(path), next(watch)])
  await emit(account)
  here.bell.ring('outbox')
  await both
  await here.stop()
  await here.call(`DELETE /v1/webhooks/${created.id}`, account)
  await assert.rejects(here.call(`DELETE /v1/webhooks/${created.id}`, account), { code: 'not_found' })
  took.once(path, () => assert.fail('sent after the deletion'))
  advance(hour)
  here = await node()
  const passed = next(watch)
  await emit(account)
  here.bell.ring('outbox')
  await passed
  await here.stop()
  await deleteOldDeliveries(db, clock.now())
  const left = statement(
    'test_left',
    'select distinct webhook_id from webhook_deliveries where account_id = $1',
  )
  assert.equal((await db.query(left, [account])).length, 1)
})

it('keeps deliveries for a week, and those that never arrived for a month', async () => {
  const account = await newAccount()
  const here = await node()
  const good = newPath(ok)
  const bad = newPath((response) => response.writeHead(500).end())
  await here.call('POST /v1/webhooks', account, { body: { url: origin + good } })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + bad } })
  const both = Promise.all([next(good), next(bad)])
  await emit(account)
  here.bell.ring('outbox')
  await both
  await here.stop()
  const left = statement('test_statuses', 'select status from webhook_deliveries where account_id = $1')
  const inDays = (days: number) => new Date(clock.now().getTime() + days * 24 * hour)
  await deleteOldDeliveries(db, inDays(6))
  assert.equal((await db.query(left, [account])).length, 2)
  await deleteOldDeliveries(db, inDays(8))
  assert.deepEqual(await db.query(left, [account]), [{ status: 'pending' }])
  await deleteOldDeliveries(db, inDays(31))
  assert.deepEqual(await db.query(left, [account]), [])
})

it('keeps the endpoints of accounts apart, and refuses what it cannot use', async () => {
  const account = await newAccount()
  const stranger = await newAccount()
  const here = await node()
  const body = { url: `${origin}/x`, events: ['message.received'], description: 'mine' }
  const { body: created } = await here.call('POST /v1/webhooks', account, { body })
  assert.deepEqual((await here.call('GET /v1/webhooks', stranger)).body.data, [])
  for (const request of ['GET', 'DELETE', 'PATCH'] as const) {
    await assert.rejects(here.call(`${request} /v1/webhooks/${created.id}`, stranger, { body: {} }), {
      code: 'not_found',
    })
  }
  await assert.rejects(here.call('GET /v1/webhooks/whk_nonsense', account), { code: 'not_found' })
  await assert.rejects(
    here.call(`GET /v1/webhooks/${created.id}/deliveries`, account, { query: { before: 'x' } }),
    {
      code: 'invalid_cursor',
    },
  )
  await assert.rejects(here.call('POST /v1/webhooks', account, { body: { url: 'http://10.0.0.1/' } }), {
    code: 'url_not_allowed',
  })
  const { body: changed } = await here.call(`PATCH /v1/webhooks/${created.id}`, account, {
    body: { events: [], description: null },
  })
  assert.deepEqual([changed.events, changed.description, changed.url], [[], null, body.url])
  for (let made = 1; made < 20; made++) await here.call('POST /v1/webhooks', account, { body })
  await assert.rejects(here.call('POST /v1/webhooks', account, { body }), { code: 'too_many_webhooks' })
})
