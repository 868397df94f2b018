import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseId, publicId } from '../../../ids.ts'
import { forgetPeople } from './forget.store.ts'
import { formsBench } from './testing.ts'

const bench = await formsBench()
const { ask, db, clock, receive, sent, accountId } = bench
const hour = 3_600_000
let people = 0
/** Of the range of mobile numbers that nobody has. */
const someone = (): string => `+4915100${String(100_000 + people++)}`
const offers = await bench.topic({ key: 'angebote', name: 'Angebote', sender: '12345' })
const news = await bench.topic({ key: 'neues', name: 'Neues', sender: 'Laden' })
const idOf = (topic: { id: string }) => publicId('topic', topic.id)

const start = (number: string, more: object = {}) =>
  ask('POST', '/v1/consent-sign-ups', {
    number,
    topics: [idOf(offers)],
    text_shown: 'Ja, ich will.',
    ...more,
  })
async function begun(number: string, more: object = {}) {
  const { status, body } = await start(number, more)
  assert.equal(status, 201, JSON.stringify(body))
  const [asked] = (await sent(number)).slice(-1)
  return { id: body.id as string, body, asked: asked!, code: /\d{6}/.exec(asked!.body)![0] }
}
const state = async (id: string) => (await ask('GET', `/v1/consent-sign-ups/${id}`)).body.state
const ledger = (number: string) =>
  db.query<{
    act: string
    how: string
    message_ids: string[]
    details: Record<string, string>
    via: string | null
  }>(
    {
      name: '',
      text: `select l.act, l.how, l.message_ids, d.details, l.via from consent_ledger l
        left join consent_details d using (account_id, seq)
        where l.number_key = $1 order by l.seq`,
    },
    [bench.platform.addressKey(number)],
  )
const stands = async (number: string) => {
  const { body } = await ask('GET', `/v1/consent?number=${encodeURIComponent(number)}`)
  return body.topics.find(({ id }: { id: string }) => id === idOf(offers)).standing
}

test('a number is asked by SMS, and its JA is the consent: with what was shown, and both messages', async () => {
  const number = someone()
  const { id, asked, body } = await begun(number, { source_address: '198.51.100.7' })
  assert.deepEqual([asked.sender, asked.lane, body.replies], ['12345', 'transactional', true])
  assert.match(asked.body, /Angebote.*Antworten Sie mit JA oder geben Sie den Code \d{6} ein/)
  assert.equal(await stands(number), 'none')
  await receive(' Ja! ', number, { to: '12345' })
  assert.deepEqual([await state(id), await stands(number)], ['granted', 'granted'])
  const [requested, granted] = await ledger(number)
  assert.deepEqual(
    [requested!.act, requested!.how, granted!.act, granted!.how],
    ['requested', 'api', 'granted', 'sms_double_opt_in'],
  )
  assert.equal(granted!.details.text_shown, 'Ja, ich will.')
  assert.equal(granted!.details.source_address, '198.51.100.7')
  assert.equal(granted!.details.text_received, ' Ja! ')
  assert.equal(granted!.message_ids[0], asked.id)
  assert.equal(granted!.message_ids.length, 2)
  assert.match((await sent(number)).at(-1)!.body, /Sie erhalten nun SMS zu Angebote\. Abmelden mit STOP/)
})

test('the code counts as well, in a reply or entered; five wrong ones end it', async () => {
  const [byReply, entered, guessed] = [someone(), someone(), someone()]
  const reply = await begun(byReply)
  await receive(`Code ${reply.code.slice(0, 3)} ${reply.code.slice(3)}`, byReply, { to: '99999' })
  assert.equal(await state(reply.id), 'granted')

  const { id, code } = await begun(entered)
  const confirm = (given: string, of = id) =>
    ask('POST', `/v1/consent-sign-ups/${of}/confirm`, { code: given })
  const wrong = code === '000000' ? '000001' : '000000'
  assert.equal((await confirm(wrong)).body.error.code, 'consent_code_wrong')
  assert.equal((await confirm(code)).body.state, 'granted')
  assert.equal((await confirm(code)).body.state, 'granted', 'twice is once')
  assert.equal((await ledger(entered)).filter(({ act }) => act === 'granted').length, 1)

  const tried = await begun(guessed)
  const other = tried.code === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries++)
    assert.equal((await confirm(other, tried.id)).body.error.code, 'consent_code_wrong')
  assert.equal((await confirm(tried.code, tried.id)).body.error.code, 'consent_sign_up_ended')
  assert.equal(await stands(guessed), 'none')
})

test('a sender that nobody can answer to asks for the code alone, and its thanks have a link to leave by', async () => {
  const number = someone()
  const { asked, code, id, body } = await begun(number, { topics: [idOf(news)] })
  assert.equal(body.replies, false)
  assert.doesNotMatch(asked.body, /JA/)
  await ask('POST', `/v1/consent-sign-ups/${id}/confirm`, { code })
  assert.match((await sent(number)).at(-1)!.body, /Abmelden: https:\/\/sms\.example\.org\/p\/[\w-]{38}$/)
})

test('NEIN declines, and a JA after it, after the time or to another address grants nothing', async () => {
  const [no, late, elsewhere] = [someone(), someone(), someone()]
  const declined = await begun(no)
  await receive('Nein', no, { to: '12345' })
  await receive('Ja', no, { to: '12345' })
  assert.deepEqual([await state(declined.id), await stands(no)], ['declined', 'none'])

  const other = await begun(elsewhere)
  await receive('Ja', elsewhere, { to: '54321' })
  assert.equal(await state(other.id), 'pending')

  const { id } = await begun(late, { expires_hours: 1 })
  clock.forward(hour + 1)
  await receive('Ja', late, { to: '12345' })
  assert.equal(await stands(late), 'none')
  const cron = bench.capability.crons!.find(({ name }) => name === 'expire_sign_ups')!
  await cron.run()
  assert.equal(await state(id), 'expired')
  assert.deepEqual(
    (await ledger(late)).map(({ act }) => act),
    ['requested', 'lapsed'],
  )
})

test('a STOP after the question ends it: the JA to the question before it counts no more', async () => {
  const number = someone()
  await begun(number)
  await receive('STOP', number, { to: '12345' })
  await receive('Ja', number, { to: '12345' })
  assert.equal(await stands(number), 'withdrawn')
})

test('a STOP to one topic of the question leaves the others to the JA', async () => {
  const number = someone()
  const tips = await bench.topic({ key: 'tipps', name: 'Tipps', sender: '12345' })
  await begun(number, { topics: [idOf(tips), idOf(offers)] })
  await receive('STOP TIPPS', number, { to: '12345' })
  await receive('Ja', number, { to: '12345' })
  const { body } = await ask('GET', `/v1/consent?number=${encodeURIComponent(number)}`)
  const standing = Object.fromEntries(
    body.topics.map((topic: { name: string; standing: string }) => [topic.name, topic.standing]),
  )
  assert.deepEqual([standing.Tipps, standing.Angebote], ['withdrawn', 'granted'])
})

test('a JA or NEIN with a row of thumbs is one, wherever it is cut off', async () => {
  const [yes, no] = [someone(), someone()]
  const [granted, declined] = [await begun(yes), await begun(no)]
  await receive(`JA ${'👍'.repeat(90)}`, yes, { to: '12345' })
  await receive(`Nein${'👎'.repeat(90)}.`, no, { to: '12345' })
  assert.deepEqual([await state(granted.id), await state(declined.id)], ['granted', 'declined'])
})

test('who starts again answers the newer question, and once', async () => {
  const number = someone()
  const first = await begun(number)
  const second = await begun(number)
  assert.equal(await state(first.id), 'replaced')
  await receive('ok', number, { to: '12345' })
  assert.equal(await state(second.id), 'granted')
  assert.equal((await ledger(number)).filter(({ act }) => act === 'granted').length, 1)
})

test('nobody can make a stranger’s phone ring again and again: three texts an hour, over all accounts', async () => {
  const number = someone()
  for (let tries = 0; tries < 3; tries++) await begun(number)
  const refused = await start(number)
  assert.deepEqual([refused.status, refused.body.error.code], [429, 'consent_throttled'])
  assert.equal((await sent(number)).length, 3)
  clock.forward(hour)
  await begun(number)
})

test('only mobile phones are asked, and only about topics that are the account’s and living', async () => {
  assert.equal((await start('+4930123456')).body.error.code, 'invalid_number')
  assert.equal((await start('+499001234567')).body.error.code, 'invalid_number')
  assert.equal(
    (await start(someone(), { topics: ['top_01k00000000000000000000000'] })).body.error.code,
    'consent_topic_unknown',
  )
  assert.equal((await ask('GET', '/v1/consent-sign-ups/sgn_01k00000000000000000000000')).status, 404)
})

test('a German person is asked in German, an English one in English', async () => {
  const number = someone()
  const { asked } = await begun(number, { language: 'en-GB' })
  assert.match(asked.body, /Do you want texts about Angebote\? Reply YES or enter the code/)
  await receive('yes', number, { to: '12345' })
  assert.match((await sent(number)).at(-1)!.body, /You now get texts about Angebote\. Opt out with STOP\.$/)
})

test('the account’s own question is asked, unless it leaves out what only works', async () => {
  const texts = { confirm: { de: 'Wirklich {topic}? {name}' } }
  const own = await bench.topic({ key: 'eigen', name: 'Eigenes', sender: '12345', texts })
  const mute = await bench.topic({ key: 'stumm', name: 'Stummes', sender: 'Laden', texts })
  const { body } = await start('+4915100999999', { topics: [idOf(own)] })
  assert.equal(body.state, 'pending')
  assert.match((await sent('+4915100999999')).at(-1)!.body, /^Wirklich Eigenes\? Test$|^Wirklich Eigenes\? /)
  const { asked } = await begun(someone(), { topics: [idOf(mute)] })
  assert.match(asked.body, /Ihr Code: \d{6}/)
})

test('sign-ups are listed newest first, page by page, and by state', async () => {
  const { body } = await ask('GET', '/v1/consent-sign-ups?limit=2')
  assert.equal(body.data.length, 2)
  assert.ok(body.data[0].id > body.data[1].id)
  const next = await ask('GET', `/v1/consent-sign-ups?limit=2&before=${body.next}`)
  assert.ok(next.body.data[0].id < body.data[1].id)
  const granted = await ask('GET', '/v1/consent-sign-ups?state=granted')
  assert.ok(
    granted.body.data.every(
      ({ state, number }: { state: string; number: null }) => state === 'granted' && number === null,
    ),
  )
  assert.equal(parseId('signUp', body.data[0].id)?.length, 36)
})

test('who is erased leaves no sign-up, no link and no count behind', async () => {
  const number = someone()
  await begun(number)
  await ask('POST', '/v1/preference-links', { number })
  const rows = () =>
    db.query(
      {
        name: '',
        text: `select from consent_sign_ups where number_key = $1 union all select from consent_links where number_key = $1`,
      },
      [bench.platform.addressKey(number)],
    )
  assert.equal((await rows()).length, 2)
  const other = someone()
  await begun(other)
  await bench.platform.transaction((tx) => forgetPeople(tx, accountId, [bench.platform.addressKey(number)]))
  assert.equal((await rows()).length, 0)
  assert.equal((await ask('GET', '/v1/consent-sign-ups?limit=1')).body.data[0].number, other)
})
