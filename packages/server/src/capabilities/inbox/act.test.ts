import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { parseId, publicId } from '../../ids.ts'
import { ask } from '../../message/testing.ts'
import { inboxBench, ours } from './testing.ts'

const bench = await inboxBench()
const { db, accountId, clock, receive } = bench
const anna = await bench.agent('Anna')
const ben = await bench.agent('Ben')

await ask(
  db,
  `insert into inbox_teams (account_id, id, name, created_at) values ($1, $1, 'Everybody', now())`,
  [accountId],
)
await ask(db, `insert into inbox_members (account_id, team_id, user_id, name) values ($1, $1, $2, 'Ben')`, [
  accountId,
  ben.id,
])

let count = 0
let from = ''
// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
let talk: any
const path = (rest = '') => `/v1/inbox/conversations/${talk.id}${rest}`
const show = async (as = anna) => (await as('GET', path())).body

beforeEach(async () => {
  from = `+49152${String(10_000_000 + count++)}`
  await receive('Wann haben Sie offen?', from)
  const { body } = await anna('GET', `/v1/inbox/conversations?q=${encodeURIComponent(from)}`)
  talk = body.data[0]
})

test('an answer goes to the person from the sender that they wrote to, and the conversation waits for them', async () => {
  const { status, body } = await anna('POST', path('/messages'), { text: 'Bis 18 Uhr.' })
  assert.equal(status, 200)
  assert.equal(body.state, 'waiting')
  assert.equal(body.waiting_since, null)
  const [sent] = await ask<{ sender: string; lane: string }>(
    db,
    'select sender, lane from messages where recipient = $1',
    [from],
  )
  assert.deepEqual(sent, { sender: ours, lane: 'conversation' })
  const last = body.entries.at(-1)
  assert.deepEqual([last.by.name, last.message.text, last.message.state], ['Anna', 'Bis 18 Uhr.', 'queued'])
  await bench.follow()
  assert.equal((await show()).entries.length, 2, 'what follows adds nothing that is there')
})

test('the same answer under the same key goes out once, another one under it is refused', async () => {
  const key = { 'idempotency-key': `k-${from}` }
  await Promise.all([1, 2].map(() => anna('POST', path('/messages'), { text: 'Ja' }, key)))
  assert.deepEqual(await bench.sent(from), ['Ja'])
  const other = await anna('POST', path('/messages'), { text: 'Nein' }, key)
  assert.equal(other.body.error.code, 'idempotency_conflict')
  assert.deepEqual(await bench.sent(from), ['Ja'])
})

test('an answer that may not be sent changes nothing', async () => {
  const { status, body } = await anna('POST', path('/messages'), { text: 'x'.repeat(9_000) })
  assert.deepEqual([status, body.error.code], [422, 'text_too_long'])
  assert.equal((await show()).state, 'open')
})

test('answer and close is one act, and closing what is closed is refused', async () => {
  const { body } = await anna('POST', path('/messages'), { text: 'Tschüs', state: 'closed' })
  assert.equal(body.state, 'closed')
  const again = await anna('POST', path('/close'))
  assert.deepEqual([again.status, again.body.error.code], [409, 'inbox_state'])
})

test('a note is for colleagues: it is found among the mentions of whoever it names, until they look', async () => {
  const { body } = await anna('POST', path('/notes'), {
    text: 'Kennst du sie, @Ben?',
    mentions: [ben.id, 'usr_nobody'],
  })
  assert.equal(body.entries.at(-1).note, 'Kennst du sie, @Ben?')
  assert.deepEqual(await bench.sent(from), [])
  const named = await ben('GET', '/v1/inbox/conversations?mentioned=true')
  assert.deepEqual(
    named.body.data.map(({ id }: { id: string }) => id),
    [talk.id],
  )
  assert.equal((await ben('GET', '/v1/inbox/counts')).body.mentioned, 1)
  assert.equal((await ben('POST', path('/read'), { count: 1 })).status, 204)
  assert.equal((await ben('GET', '/v1/inbox/counts')).body.mentioned, 0)
  const [told] = (await bench.events('inbox.noted')).slice(-1)
  assert.deepEqual(told!.mentions, [ben.id])
})

test('unread is one’s own: what one agent has seen another has not', async () => {
  await receive('Hallo?', from)
  assert.deepEqual([(await show(anna)).unread, (await show(ben)).unread], [2, 2])
  await anna('POST', path('/read'), { count: 2 })
  assert.deepEqual([(await show(anna)).unread, (await show(ben)).unread], [0, 2])
  await receive('Noch da?', from)
  assert.deepEqual([(await show(anna)).unread, (await show(ben)).unread], [1, 3])
  await anna('POST', path('/read'), { count: 2 })
  assert.equal((await show(anna)).unread, 1, 'and can be made unread again')
  const unread = await anna('GET', '/v1/inbox/conversations?unread=true')
  assert.ok(unread.body.data.some(({ id }: { id: string }) => id === talk.id))
})

test('a snoozed conversation comes back at its time, once, and earlier when they write', async () => {
  const until = new Date(clock.now().getTime() + 3_600_000).toISOString()
  assert.equal((await anna('POST', path('/snooze'), { until })).body.snoozed_until, until)
  const { tick } = await import('./tick.ts')
  await tick(bench.platform)
  assert.equal((await show()).state, 'snoozed')
  const [job] = await ask<{ run_at: Date }>(
    db,
    "select run_at from graphile_worker._private_jobs where key = 'inbox.wake.' || $1",
    [parseId('conversation', talk.id)],
  )
  assert.equal(job!.run_at.toISOString(), until, 'to the moment, and not by the minute')
  clock.forward(3_600_000)
  const before = (await bench.events('inbox.state_changed')).length
  await Promise.all([tick(bench.platform), tick((await bench.node()).platform)])
  assert.equal((await show()).state, 'open')
  assert.equal((await bench.events('inbox.state_changed')).length, before + 1)
  await anna('POST', path('/snooze'), { until: new Date(clock.now().getTime() + 60_000).toISOString() })
  await receive('Hallo?', from)
  assert.deepEqual([(await show()).state, (await show()).snoozed_until], ['open', null])
})

test('a snooze in the past or in a far future is refused with the field', async () => {
  for (const until of ['2020-01-01T00:00:00Z', '2090-01-01T00:00:00Z']) {
    const { status, body } = await anna('POST', path('/snooze'), { until })
    assert.deepEqual([status, body.error.details[0].field], [422, 'until'])
  }
})

test('it is given to somebody, to a team and to nobody; a stranger or another account’s team is no choice', async () => {
  const team = (
    await anna('POST', '/v1/inbox/teams', { name: `Team ${from}`, members: [{ id: 'key_nobody' }] })
  ).body
  assert.equal(team.error?.code, 'invalid_request', 'whom nobody knows is no member')
  const { body: made } = await anna('POST', '/v1/inbox/teams', { name: `Team ${from}` })
  const { body } = await anna('POST', path('/assign'), { assignee: 'me', team: made.id })
  assert.deepEqual([body.assignee.name, body.team.name], ['Anna', made.name])
  assert.deepEqual(body.entries.at(-1).data.assignee_name, 'Anna')
  const mine = await anna('GET', '/v1/inbox/conversations?assignee=me')
  assert.ok(mine.body.data.some(({ id }: { id: string }) => id === talk.id))
  const free = await anna('POST', path('/assign'), { assignee: null, team: null })
  assert.deepEqual([free.body.assignee, free.body.team], [null, null])
  assert.equal((await anna('POST', path('/assign'), { assignee: 'usr_nobody' })).status, 422)
  assert.equal((await anna('POST', path('/assign'), { team: 'tem_00000000000000000000000000' })).status, 404)
})

test('opening again takes a mistaken closing back: the round goes on and nobody is asked how we did', async () => {
  await anna('POST', path('/close'))
  const { body } = await anna('POST', path('/reopen'))
  assert.deepEqual([body.state, body.closed_at], ['open', null])
  const rounds = await ask(
    db,
    'select round, closed_at from inbox_rounds r join inbox_addresses a on a.conversation_id = r.conversation_id where address = $1',
    [from],
  )
  assert.deepEqual(rounds, [{ round: 1, closed_at: null }])
})

test('others hear who looks and who types, only when it changes, and see it when they open', async () => {
  const heard = async () => (await bench.events('inbox.presence')).map(({ doing }) => doing)
  const say = (doing: string) => anna('POST', path('/presence'), { doing })
  await say('viewing')
  await say('viewing')
  await say('typing')
  await say('typing')
  assert.deepEqual(await heard(), ['viewing', 'typing'])
  assert.deepEqual(
    (await show(ben)).present.map(({ name, doing }: { name: string; doing: string }) => [name, doing]),
    [['Anna', 'typing']],
  )
  assert.deepEqual((await show(anna)).present, [], 'oneself is no collision')
  clock.forward(30_000)
  assert.deepEqual((await show(ben)).present, [], 'a tab that has died is forgotten within seconds')
  await say('viewing')
  await say('gone')
  await say('gone')
  assert.deepEqual(await heard(), ['viewing', 'typing', 'viewing', 'gone'])
})

test('what a dialog hands over opens a conversation with its note; what we hand over it hears of', async () => {
  const to = `+49153${String(10_000_000 + count)}`
  const begun = await anna('POST', '/v1/inbox/conversations', {
    ...{ to, from: ours, handed_over_by: 'orders', note: 'Wants to change the address.' },
  })
  assert.deepEqual([begun.status, begun.body.state, begun.body.sender], [200, 'open', ours])
  assert.deepEqual(
    begun.body.entries.map(({ what, note }: { what: string; note: string }) => what ?? note),
    ['handed_to_us', 'Wants to change the address.'],
  )
  const { body } = await anna('POST', path('/hand-over'), { to: 'orders' })
  assert.equal(body.state, 'waiting')
  const [told] = (await bench.events('inbox.handed_over')).slice(-1)
  assert.deepEqual([told!.to, told!.address], ['orders', from])
  const wanted = { channel: 'sms', address: from, sender: ours, from: 'orders', team_id: null, note: null }
  await bench.platform.transaction((tx) => bench.platform.emit(accountId, 'inbox.wanted', [wanted], tx))
  assert.equal((await show()).state, 'open')
})

test('a doubt that another part of the house has read puts its flag and its note on the conversation, once', async () => {
  const wanted = {
    ...{ channel: 'sms', address: from, sender: null, from: 'consent', team_id: null },
    ...{ note: 'It may mean STOP.', flag: 'maybe_stop' },
  }
  const before = await show()
  for (let n = 0; n < 2; n++)
    await bench.platform.transaction((tx) => bench.platform.emit(accountId, 'inbox.wanted', [wanted], tx))
  const { flags, entries, sender } = await show()
  assert.deepEqual([flags, sender], [['maybe_stop'], before.sender])
  assert.deepEqual(
    entries
      .slice(before.entries.length)
      .map(({ what, note }: { what: string; note: string }) => what ?? note),
    ['handed_to_us', 'It may mean STOP.'],
  )
})

test('two conversations of one person are made one, with all that hangs on them', async () => {
  const second = `+49154${String(10_000_000 + count)}`
  await receive('Ich bin es noch einmal', second)
  const { body: found } = await anna('GET', `/v1/inbox/conversations?q=${encodeURIComponent(second)}`)
  const other = found.data[0].id
  const { body } = await anna('POST', `/v1/inbox/conversations/${other}/merge`, { into: talk.id })
  assert.deepEqual(
    [body.id, body.inbound_count, body.entries.length, body.addresses],
    [talk.id, 2, 2, [from, second]],
  )
  assert.equal((await anna('GET', `/v1/inbox/conversations/${other}`)).status, 404)
  await receive('Und wieder', second)
  assert.equal((await show()).inbound_count, 3, 'what comes later stands there too')
})

test('what was put away comes back at its moment, also when it became part of a conversation that is closed or waits', async () => {
  const moment = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000).toISOString()
  const act = (id: string, what: string, body?: object) =>
    anna('POST', `/v1/inbox/conversations/${id}/${what}`, body)
  const putAway = (hours: number) => (id: string) => act(id, 'snooze', { until: moment(hours) })
  const closed = (id: string) => act(id, 'close')
  const waiting = (id: string) => act(id, 'wait')
  const cases = [
    [putAway(2), closed, 'snoozed', 2],
    [closed, putAway(2), 'snoozed', 2],
    [putAway(2), waiting, 'snoozed', 2],
    [putAway(3), putAway(1), 'snoozed', 1],
    [waiting, closed, 'waiting', undefined],
    [closed, closed, 'closed', undefined],
    [putAway(2), async () => undefined, 'open', undefined],
  ] as const
  for (const [at, [gone, stays, state, hours]] of cases.entries()) {
    const ids: string[] = []
    for (const digit of [5, 6]) {
      const number = `+4915${digit}${String(30_000_000 + at)}`
      await receive('Ich', number)
      const { body } = await anna('GET', `/v1/inbox/conversations?q=${encodeURIComponent(number)}`)
      ids.push(body.data[0].id)
    }
    await gone(ids[0]!)
    await stays(ids[1]!)
    const { status, body } = await act(ids[0]!, 'merge', { into: ids[1]! })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.state, body.snoozed_until], [state, hours ? moment(hours) : null], `case ${at}`)
    assert.equal(body.closed_at === null, state !== 'closed')
  }
})

test('a key of another account finds nothing and changes nothing', async () => {
  const foreign = await inboxBench()
  const eve = await foreign.agent('Eve')
  const { body } = await anna('GET', path())
  for (const [method, rest, given] of [
    ['GET', '', undefined],
    ['POST', '/messages', { text: 'x' }],
    ['POST', '/notes', { text: 'x' }],
    ['POST', '/close', undefined],
    ['POST', '/assign', { assignee: 'me' }],
    ['POST', '/presence', { doing: 'viewing' }],
  ] as const)
    assert.equal((await eve(method, path(rest), given)).status, 404, rest)
  assert.deepEqual((await anna('GET', path())).body, body)
})

test('erasure leaves nothing of a conversation but figures', async () => {
  await anna('POST', path('/notes'), { text: 'Geheimnotiz' })
  const contactId = '01900000-0000-7000-8000-000000000001'
  await ask(
    db,
    `insert into contacts (account_id, id, created_at, updated_at) values ($1, $2, now(), now()) on conflict do nothing`,
    [accountId, contactId],
  )
  await ask(
    db,
    `insert into contact_addresses (account_id, channel, address, key, contact_id, created_at) values ($1, 'sms', $2, $3, $4, now())`,
    [accountId, from, bench.platform.addressKey(from), contactId],
  )
  await bench.follow()
  const payload = { contact_id: publicId('contact', contactId), erasure_id: publicId('erasure', contactId) }
  await bench.platform.transaction((tx) => bench.platform.emit(accountId, 'contact.erased', [payload], tx))
  assert.equal((await anna('GET', path())).status, 404)
  const id = parseId('conversation', talk.id)
  for (const table of ['entries', 'words', 'addresses', 'reads', 'mentions', 'clocks'])
    assert.deepEqual(
      await ask(db, `select 1 from inbox_${table} where conversation_id = $1`, [id]),
      [],
      table,
    )
  assert.equal((await ask(db, 'select 1 from inbox_rounds where conversation_id = $1', [id])).length, 1)
})

test('an opt-out that an agent reads is told with who did it, and the doubt is off', async () => {
  await ask(db, `update inbox_conversations set flags = '{maybe_stop,other}' where address = $1`, [from])
  const { body } = await anna('POST', path('/opt-out'), { message_ids: [talk.id.replace('cnv_', 'msg_')] })
  assert.deepEqual([body.flags, body.entries.at(-1).what], [['other'], 'opted_out'])
  const [told] = await bench.events('inbox.opted_out')
  assert.deepEqual([told!.number, told!.by_name], [from, 'Anna'])
})
