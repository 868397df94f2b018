import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBell } from '../../../bell.ts'
import { systemClock as clock } from '../../../clock.ts'
import { createGuard } from '../../../egress.ts'
import { testApi } from '../../../http/testing.ts'
import { silentLog } from '../../../log.ts'
import { testAccept } from '../../../message/testing.ts'
import { createEmit } from '../../../outbox/emit.ts'
import { createPlatform } from '../../../platform.ts'
import { createConsentCapability } from '../capability.ts'

const emit = createEmit(() => ({}))
const api = await testApi(({ db }) => {
  const platform = createPlatform('consent', {
    ...{ db, clock, bell: createBell(), log: silentLog, emit },
    accept: testAccept({ db, clock, emit }),
    keyed: () => Buffer.alloc(32, 7),
    numbers: { country: 'DE', lenient: true },
    outbound: createGuard({ sandbox: true }),
    baseUrl: () => 'https://sms.example.org',
  })
  return [...createConsentCapability(platform).routes!]
})
const { ask } = api
const nothing = { kept_elsewhere: null, caps: [], over_cap: 'refuse', hours: [] }

test('rules are as if nobody had decided anything, until somebody does, and are what was put last', async () => {
  assert.deepEqual((await ask('GET', '/v1/consent-rules')).body, nothing)
  const rules = {
    kept_elsewhere: 'In the CRM since 2019.',
    caps: [{ per: 'week', most: 2 }],
    over_cap: 'defer',
    hours: [
      {
        country: 'DE',
        hours: 'Mon-Fri 9-18',
        instead: 'Our customers are offices.',
        zones: ['Europe/Berlin'],
      },
    ],
  }
  const put = await ask('PUT', '/v1/consent-rules', rules)
  assert.equal(put.status, 200)
  const [hours] = put.body.hours
  assert.deepEqual([hours.hours, hours.holidays], ['mon-fri 09:00-18:00', 'yes'], 'in their one spelling')
  assert.deepEqual((await ask('GET', '/v1/consent-rules')).body, put.body)
  await ask('PUT', '/v1/consent-rules', {})
  assert.deepEqual((await ask('GET', '/v1/consent-rules')).body, nothing)
})

test('hours that cannot be read, and zones without a reason, are refused with the field and a sentence', async () => {
  const hours = async (given: object) => {
    const { status, body } = await ask('PUT', '/v1/consent-rules', {
      hours: [{ country: 'DE', hours: 'daily 8-20', ...given }],
    })
    assert.equal(status, 422)
    return body.error.details[0]
  }
  assert.deepEqual(await hours({ hours: 'daily 08:00-08:00' }), {
    field: 'hours.0.hours',
    problem: '“08:00-08:00” starts where it ends. All day is 00:00-24:00; a day without hours is left out.',
  })
  assert.equal((await hours({ zones: ['Europe/Berlin'] })).field, 'hours.0.zones')
  assert.equal(
    (await hours({ zones: ['Europe/Atlantis'], instead: 'We know better.' })).field,
    'hours.0.zones',
  )
  assert.equal((await hours({ country: 'de' })).field, 'hours.0.country')
  assert.equal((await hours({ instead: 'no' })).field, 'hours.0.instead', 'that is no reason')
})

test('one account’s rules are not another’s', async () => {
  const { body } = await api.as(undefined)('GET', '/v1/consent-rules')
  assert.equal(body.error.code, 'unauthenticated')
  assert.equal((await api.as(await api.key('messages:write'))('GET', '/v1/consent-rules')).status, 403)
})

test('what we know is told with its source, and what is from memory says so', async () => {
  const { body } = await ask('GET', '/v1/consent-rules/known')
  const india = body.data.find(({ id }: { id: string }) => id === 'in')
  assert.deepEqual([india.verified, india.hours], [false, 'daily 10:00-21:00'])
})

test('an explanation says what would become of a message, by which rules, and changes nothing', async () => {
  const explain = async (question: object) => (await ask('POST', '/v1/consent-rules/explain', question)).body
  const free = await explain({ to: '+4915123456789' })
  assert.deepEqual([free.verdict, free.kind], ['pass', 'other'])
  const missing = await explain({ to: '+4915123456789', lane: 'marketing' })
  assert.deepEqual([missing.verdict, missing.code, missing.at], ['refuse', 'consent_missing', null])

  await ask('PUT', '/v1/consent-rules', { kept_elsewhere: 'In the CRM.', caps: [{ per: 'day', most: 1 }] })
  const night = { to: '+12125550100', lane: 'marketing', at: '2027-03-13T08:00:00Z' }
  for (const _ of [1, 2]) {
    const late = await explain(night)
    assert.deepEqual(
      [late.verdict, late.code, late.at],
      ['defer', 'consent_quiet_hours', '2027-03-13T13:00:00.000Z'],
    )
    assert.deepEqual(late.zones, ['America/New_York'])
    assert.deepEqual(
      late.rules.map(({ id }: { id: string }) => id),
      ['us'],
    )
    assert.deepEqual(late.caps, [{ of: 'all marketing', caps: [{ per: 'day', most: 1 }], sent: [] }])
  }
  assert.equal((await explain({ to: 'nobody' })).error.code, 'invalid_number')
  assert.equal((await explain({ to: '+12125550100', topic: 'top_x' })).error.code, 'invalid_request')
})

test('holidays of a state close, too, where an account says that its people are there', async () => {
  const corpusChristi = { to: '+4915123456789', lane: 'marketing', at: '2027-05-27T10:00:00Z' }
  const explain = async (holiday_states?: string[]) => {
    const hours = [
      {
        country: 'DE',
        hours: 'daily 00:00-24:00',
        holidays: 'no',
        ...(holiday_states && { holiday_states }),
      },
    ]
    const put = await ask('PUT', '/v1/consent-rules', { kept_elsewhere: 'In the CRM.', hours })
    assert.equal(put.status, 200, JSON.stringify(put.body))
    assert.deepEqual(put.body.hours[0].holiday_states, holiday_states?.toSorted())
    return (await ask('POST', '/v1/consent-rules/explain', corpusChristi)).body
  }
  assert.equal((await explain()).verdict, 'pass', 'no holiday of the whole country')
  assert.equal((await explain(['BE'])).verdict, 'pass')
  const late = await explain(['BY', 'BE'])
  assert.deepEqual(
    [late.code, late.at, late.settings[0].holiday_states],
    ['consent_quiet_hours', '2027-05-28T06:00:00.000Z', ['BE', 'BY']],
  )
  assert.match(late.sentence, /not on holidays, those of BE, BY too \(your setting\)/)
  for (const wrong of [
    { country: 'DE', holidays: 'no', holiday_states: ['XX'] },
    { country: 'DE', holidays: 'yes', holiday_states: ['BY'] },
    { country: 'DE', holiday_states: ['BY'] },
    { country: '*', holidays: 'no', holiday_states: ['BY'] },
  ]) {
    const { status, body } = await ask('PUT', '/v1/consent-rules', {
      hours: [{ hours: 'daily 8-20', ...wrong }],
    })
    assert.deepEqual([status, body.error.details[0].field], [422, 'hours.0.holiday_states'])
  }
})

test('a text is linted for its sender, its topic and the country of its recipient', async () => {
  const codes = async (body: object) =>
    (await ask('POST', '/v1/text/lint', body)).body.data.map(({ code }: { code: string }) => code)
  assert.deepEqual(await codes({ text: 'Reply YES', to: '+12125550100' }), ['reply_is_opt_in'])
  assert.deepEqual(await codes({ text: 'Neue Rosen', lane: 'marketing', from: 'Koch', to: '+491512345' }), [
    'no_way_out',
  ])
  assert.deepEqual(
    await codes({ text: 'New roses', lane: 'marketing', from: '12345', to: '+447400123456' }),
    ['opt_out_missing'],
  )
  assert.deepEqual(await codes({ text: '' }), [])
  const { body } = await ask('POST', '/v1/text/lint', { text: '-', topic: 'top_01k00000000000000000000000' })
  assert.equal(body.error.code, 'consent_topic_unknown')
})
