import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ask } from '../../message/testing.ts'
import { type AskRating, askRating } from './rate.ts'
import { inboxBench, ours } from './testing.ts'
import { tick, tidy } from './tick.ts'

/** What the inbox does without anybody: it says that nobody is there, keeps time, asks how it was, shares work out. */
const bench = await inboxBench()
const { db, accountId, clock, receive, platform } = bench
const anna = await bench.agent('Anna')
const other = await bench.node()

let count = 0
let from = ''
beforeEach(() => {
  from = `+49155${String(10_000_000 + count++)}`
})
const settings = (body: object) => anna('PATCH', '/v1/inbox/settings', body)
const talk = async (address = from) =>
  (await anna('GET', `/v1/inbox/conversations?q=${encodeURIComponent(address)}`)).body.data[0]
const minute = 60_000
const nobody = { time_zone: 'Europe/Berlin', openings: [], closed_on: [] }
const away = { de: 'Wir sind nicht da.', en: 'Nobody is here.' }

test('out of hours people are told once in each closed time, and on the next day again', async () => {
  await settings({ hours: nobody, away })
  await receive('Hallo', from)
  await receive('Hallo?', from)
  assert.deepEqual(await bench.sent(from), ['Wir sind nicht da.'])
  const { entries } = (await anna('GET', `/v1/inbox/conversations/${(await talk()).id}`)).body
  assert.deepEqual(
    entries.map(({ what }: { what: string | null }) => what),
    [null, 'away', null],
  )
  assert.equal((await talk()).state, 'open', 'an automatic answer is none')
  assert.notEqual((await talk()).waiting_since, null)
  const { body } = await settings({
    hours: { ...nobody, openings: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] },
  })
  assert.equal(body.open_now, true)
  await receive('Sind Sie jetzt da?', from)
  assert.equal((await bench.sent(from)).length, 1)
})

test('names, short codes and answers that machines give get none, and nobody gets more than three a day', async () => {
  await settings({ hours: nobody, away })
  for (const [robot, text] of [
    ['72975', 'Hallo'],
    [from, 'Automatische Antwort: Ich bin im Urlaub.'],
  ] as const) {
    await receive(text, robot)
    assert.deepEqual(await bench.sent(robot), [])
  }
  for (let n = 0; n < 5; n++) {
    await ask(db, `update inbox_conversations set away_for = null where account_id = $1 and address = $2`, [
      accountId,
      from,
    ])
    await receive(`Hallo ${n}`, from)
  }
  assert.equal((await bench.sent(from)).length, 3)
})

test('a promise that runs out warns and breaches once, whichever nodes look, and also after a long silence', async () => {
  await settings({
    ...{ hours: null, away: null },
    targets: [{ target: 'first_answer', minutes: 60, warn_minutes: 15 }],
  })
  await receive('Hallo', from)
  const { id, targets } = await talk()
  assert.equal(targets[0].target, 'first_answer')
  const told = async () =>
    (
      await Promise.all(['inbox.target_warned', 'inbox.target_breached'].map((name) => bench.events(name)))
    ).map((events) => events.filter(({ conversation_id }) => conversation_id === id).length)
  clock.forward(44 * minute)
  await tick(platform)
  assert.deepEqual(await told(), [0, 0])
  clock.forward(minute)
  await Promise.all([tick(platform), tick(other.platform)])
  assert.deepEqual(await told(), [1, 0])
  clock.forward(24 * 60 * minute)
  await Promise.all([tick(platform), tick(other.platform)])
  await tick(platform)
  assert.deepEqual(await told(), [1, 1])
  assert.equal((await talk()).targets[0].breached, true)
  const late = await anna('GET', '/v1/inbox/conversations?breached=true')
  assert.ok(late.body.data.some((one: { id: string }) => one.id === id))
  await anna('POST', `/v1/inbox/conversations/${id}/messages`, { text: 'Verzeihung!' })
  assert.deepEqual((await talk()).targets, [])
})

test('a promise that runs out before the next look is told of on its second', async () => {
  await settings({
    ...{ hours: null, away: null },
    targets: [{ target: 'first_answer', minutes: 2, warn_minutes: 1 }],
  })
  clock.forward(400)
  await receive('Hallo', from)
  const { id, targets } = await talk()
  const due = new Date(targets[0].due_at).getTime()
  const jobs = async () =>
    (
      await ask<{ run_at: Date }>(
        db,
        `select run_at from graphile_worker.jobs where task_identifier = 'inbox.ring' and run_at > $1 order by run_at`,
        [clock.now()],
      )
    ).map(({ run_at }) => run_at.getTime())
  const told = async () => (await bench.events('inbox.target_breached')).some((e) => e.conversation_id === id)
  clock.forward(70_000)
  await Promise.all([tick(platform), tick(other.platform)])
  const [at, ...more] = await jobs()
  assert.deepEqual(more, [], 'one job, however many nodes look')
  assert.ok(at! >= due && at! < due + 1_000, `${at} is the second at the end of ${due}`)
  assert.equal(await told(), false)
  clock.forward(at! - clock.now().getTime())
  await bench.inbox.jobs!.ring!({})
  assert.equal(await told(), true)
})

test('an answer in time keeps the first promise, and what they say next starts that of the next answer', async () => {
  await settings({
    ...{ hours: null, away: null },
    targets: [
      { target: 'first_answer', minutes: 60, warn_minutes: 0 },
      { target: 'next_answer', minutes: 30, warn_minutes: 0 },
      { target: 'resolution', minutes: 600, warn_minutes: 0 },
    ],
  })
  const running = async () => (await talk()).targets.map(({ target }: { target: string }) => target).sort()
  await receive('Hallo', from)
  await receive('Hallo?', from)
  assert.deepEqual(await running(), ['first_answer', 'resolution'])
  const { id } = await talk()
  await anna('POST', `/v1/inbox/conversations/${id}/messages`, { text: 'Ja?' })
  assert.deepEqual(await running(), ['resolution'])
  await receive('Noch etwas', from)
  assert.deepEqual(await running(), ['next_answer', 'resolution'])
  await anna('POST', `/v1/inbox/conversations/${id}/close`)
  assert.deepEqual(await running(), [])
  await anna('POST', `/v1/inbox/conversations/${id}/reopen`)
  assert.deepEqual(await running(), ['resolution'], 'taken back')
})

async function closedAndAsked() {
  await settings({
    hours: null,
    away: null,
    rating: { ask: { de: 'Wie war es? 1 bis 5' }, thanks: { de: 'Danke!' } },
  })
  await receive('Frage', from)
  const { id } = await talk()
  await anna('POST', `/v1/inbox/conversations/${id}/messages`, { text: 'Antwort' })
  await anna('POST', `/v1/inbox/conversations/${id}/close`)
  const [job] = await ask<{ payload: AskRating }>(
    db,
    `select payload from graphile_worker._private_jobs where key = 'inbox.ask_rating.' || $1`,
    [
      (
        await ask<{ id: string }>(
          db,
          'select conversation_id as id from inbox_addresses where address = $1',
          [from],
        )
      )[0]!.id,
    ],
  )
  await askRating(platform, job!.payload)
  return { id, job: job!.payload }
}

test('after closing they are asked how we did, once; their number is kept and the conversation stays closed', async () => {
  const { id, job } = await closedAndAsked()
  await askRating(platform, job)
  assert.deepEqual(await bench.sent(from), ['Antwort', 'Wie war es? 1 bis 5'])
  await receive('4 - etwas langsam', from)
  assert.equal((await talk()).state, 'closed')
  const [rated] = (await bench.events('inbox.rated')).slice(-1)
  assert.deepEqual([rated!.conversation_id, rated!.score, rated!.commented], [id, 4, true])
  assert.deepEqual((await bench.sent(from)).at(-1), 'Danke!')
  clock.forward(1)
  const { body } = await anna('GET', '/v1/inbox/stats')
  assert.equal(body.rating.scores['4'], 1)
  await receive('5', from)
  assert.equal((await talk()).state, 'open', 'a second number is no answer to anything')
})

test('whoever writes something else opens the conversation, and after a day a number is only a number', async () => {
  await closedAndAsked()
  await receive('Noch eine Frage', from)
  assert.equal((await talk()).state, 'open')
  await receive('5', from)
  assert.equal((await talk()).state, 'open')
  from = `${from.slice(0, -1)}X`.replace('X', '9')
  await closedAndAsked()
  clock.forward(25 * 60 * minute)
  await receive('5', from)
  assert.equal((await talk()).state, 'open')
})

test('nobody is asked who got no answer, or whose conversation was opened again', async () => {
  await settings({ rating: { ask: { de: 'Wie war es?' }, thanks: null } })
  await receive('Frage', from)
  const { id } = await talk()
  const job = async () => ({
    account_id: accountId,
    conversation_id: (
      await ask<{ id: string }>(db, 'select conversation_id as id from inbox_addresses where address = $1', [
        from,
      ])
    )[0]!.id,
    round: 1,
  })
  await anna('POST', `/v1/inbox/conversations/${id}/close`)
  await askRating(platform, await job())
  assert.deepEqual(await bench.sent(from), [])
  await anna('POST', `/v1/inbox/conversations/${id}/messages`, { text: 'Doch', state: 'closed' })
  await anna('POST', `/v1/inbox/conversations/${id}/reopen`)
  await askRating(platform, await job())
  assert.deepEqual(await bench.sent(from), ['Doch'])
})

test('two nodes at once share a team’s conversations out evenly, to those who are available', async () => {
  await settings({ rating: null, targets: [] })
  const number = '+4930555'
  const { body: team } = await anna('POST', '/v1/inbox/teams', {
    name: 'Verkauf',
    numbers: [number],
    auto_assign: true,
  })
  const teamId = (await ask<{ id: string }>(db, `select id from inbox_teams where name = 'Verkauf'`))[0]!.id
  for (const [name, available] of [
    ['a', true],
    ['b', true],
    ['c', true],
    ['d', false],
  ] as const)
    await ask(
      db,
      'insert into inbox_members (account_id, team_id, user_id, name, available) values ($1, $2, $3, $3, $4)',
      [accountId, teamId, name, available],
    )
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      (n % 2 ? bench : other).receive('Hallo', `+491566000${String(n).padStart(3, '0')}`, number),
    ),
  )
  const rows = await ask<{ assignee: string; n: number }>(
    db,
    'select assignee, count(*)::integer as n from inbox_conversations where team_id = $1 group by 1 order by 1',
    [teamId],
  )
  assert.deepEqual(
    rows,
    ['a', 'b', 'c'].map((assignee) => ({ assignee, n: 10 })),
  )
  const counts = await anna('GET', '/v1/inbox/counts')
  assert.equal(counts.body.teams[team.id], 30)
})

test('canned answers are filled with what is known of the person, the agent and the account', async () => {
  await settings({ fields: { firma: 'Brot & Co' } })
  const made = await anna('POST', '/v1/inbox/canned-answers', {
    ...{ shortcut: 'gruss', title: 'Gruß', text: 'Hallo {{name}}, hier {{agent}} von {{firma}}.' },
  })
  assert.deepEqual([made.status, made.body.fields], [201, ['name', 'agent', 'firma']])
  const twice = await anna('POST', '/v1/inbox/canned-answers', { shortcut: 'GRUSS', title: 'x', text: 'y' })
  assert.equal(twice.body.error.code, 'name_taken')
  await receive('Hallo', from, ours)
  const { body } = await anna('GET', `/v1/inbox/conversations/${(await talk()).id}/canned-answers`)
  assert.deepEqual(
    [body.data[0].text, body.data[0].missing],
    ['Hallo {{name}}, hier Anna von Brot & Co.', ['name']],
  )
})

test('settings that no clock has are refused with their fields', async () => {
  const { body } = await settings({ hours: { ...nobody, time_zone: 'Mars' } })
  assert.equal(body.error.details[0].field, 'hours.time_zone')
  const target = { target: 'first_answer', minutes: 5, warn_minutes: 0 }
  assert.equal(
    (await settings({ targets: [target, target] })).body.error.details[0].field,
    'targets.1.target',
  )
})

test('figures are of opening time: the first answer came after ten minutes', async () => {
  clock.forward(24 * 60 * minute)
  await receive('Hallo', from)
  clock.forward(10 * minute)
  await anna('POST', `/v1/inbox/conversations/${(await talk()).id}/messages`, { text: 'Ja' })
  const since = new Date(clock.now().getTime() - 11 * minute).toISOString()
  const { body } = await anna('GET', `/v1/inbox/stats?since=${since}`)
  assert.deepEqual([body.opened, body.answered, body.first_answer.p50_ms], [1, 1, 10 * minute])
  assert.equal(body.days.length, 1)
})

test('what is deleted is not found any more', async () => {
  await receive('Geheimnisvoll', from)
  await bench.follow()
  const found = async () => (await anna('GET', '/v1/inbox/conversations?q=geheimnisvoll')).body.data.length
  assert.equal(await found(), 1)
  await ask(db, 'delete from messages where sender = $1', [from])
  await tidy(platform)
  assert.equal(await found(), 0)
  const { body } = await anna('GET', `/v1/inbox/conversations/${(await talk()).id}`)
  assert.equal(body.entries[0].message.text, null)
})
