import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { publicId } from '../../../../ids.ts'
import { formsBench, type Seen } from '../testing.ts'
import { pageLanguage } from './strings.ts'

const bench = await formsBench()
const { ask, db, clock, receive, sent, see, post } = bench
const hour = 3_600_000
let people = 0
const someone = (): string => `+4915100${String(200_000 + people++)}`
const offers = await bench.topic({ key: 'angebote', name: 'Angebote <neu>', sender: '12345' })
const line = await bench.topic({ key: 's3', name: 'Linie S3', kind: 'service', sender: '12345' })
const secret = await bench.topic({ key: 'intern', name: 'Streng intern', sender: '12345' })
const drill = await bench.topic({
  key: 'werk',
  name: 'Werksalarm',
  kind: 'alert',
  sender: '12345',
  mandatory: true,
})
const made = await ask('POST', '/v1/consent-forms', {
  slug: 'laden',
  topics: [offers, line, drill].map(({ id }) => publicId('topic', id)),
  title: { de: 'Bleiben Sie auf dem Laufenden' },
  intro: { de: 'Einmal im Monat.', en: 'Once a month.' },
  privacy_url: 'https://laden.example/datenschutz',
})
assert.equal(made.status, 201, JSON.stringify(made.body))
const german = { 'accept-language': 'de-DE,de;q=0.9,en;q=0.8' }

const inputOf = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)![1]!
/** Fills in the form as a person does. */
async function signUp(number: string, more: Record<string, string | string[]> = {}): Promise<Seen> {
  const { html } = await see('/f/laden?lang=de')
  return post('/f/laden?lang=de', {
    stamp: inputOf(html, 'stamp'),
    number,
    topic: [offers.id],
    website: '',
    ...more,
  })
}
const granted = async (number: string, topic = offers.id) => {
  const { body } = await ask('GET', `/v1/consent?number=${encodeURIComponent(number)}`)
  return body.topics.find(({ id }: { id: string }) => id === publicId('topic', topic)).standing
}
/** The link that was sent by SMS, as a path. */
async function linkOf(number: string): Promise<string> {
  const { html } = await see('/f/laden/preferences?lang=de')
  await post('/f/laden/preferences?lang=de', { stamp: inputOf(html, 'stamp'), number, website: '' })
  return /\/p\/[\w-]{38}/.exec((await sent(number)).at(-1)!.body)![0]
}

test('the form says everything before anybody agrees, ticks nothing, and runs nothing', async () => {
  const { status, html, headers } = await see('/f/laden', german)
  assert.equal(status, 200)
  assert.match(html, /<html lang="de">/)
  assert.match(html, /<h1>Bleiben Sie auf dem Laufenden<\/h1>/)
  assert.match(html, /Einmal im Monat\./)
  assert.match(html, /Angebote &lt;neu&gt;/, 'a name is no HTML')
  assert.doesNotMatch(html, /checked|<script|style=|onclick|Streng intern/)
  assert.match(html, /href="https:\/\/laden\.example\/datenschutz"/)
  const policy = headers.get('content-security-policy')!
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe|script/)
  assert.deepEqual([headers.get('x-frame-options'), headers.get('cache-control')], ['DENY', 'no-store'])
  assert.equal((await see('/f/style.css')).headers.get('content-type'), 'text/css; charset=utf-8')
})

test('it speaks the language of the browser, or the one that was chosen', async () => {
  assert.match(
    (await see('/f/laden', { 'accept-language': 'en-GB' })).html,
    /<html lang="en">[\s\S]*Once a month/,
  )
  assert.match((await see('/f/laden?lang=en', german)).html, /<html lang="en">/)
  assert.match(
    (await see('/f/laden', { 'accept-language': 'fr' })).html,
    /<html lang="de">/,
    'what the form says',
  )
  assert.match(
    (await see('/f/laden', german)).html,
    /<a href="\/f\/laden\?lang=en" lang="en" hreflang="en">English/,
  )
  fc.assert(
    fc.property(fc.string(), fc.string(), (chosen, accepted) => {
      assert.ok(['de', 'en'].includes(pageLanguage(chosen, accepted, 'de')))
    }),
  )
  assert.equal(pageLanguage(undefined, 'fr, en;q=0.3, de;q=0.7', 'en'), 'de')
  assert.equal(pageLanguage(undefined, 'de;q=0, en;q=0.1', 'de'), 'en')
})

test('somebody signs up on the page, answers the text, and the page knows', async () => {
  const number = someone()
  const on = await signUp(number.replace('+49', '0'), { topic: [offers.id, line.id] })
  assert.equal(on.status, 303)
  const waiting = await see(on.location)
  assert.match(waiting.html, /Antworten Sie darauf mit JA/)
  assert.doesNotMatch(
    waiting.html,
    new RegExp(number.slice(3)),
    'the address of the page may be seen by others',
  )
  assert.match((await see(`${on.location}&asked=1`)).html, /noch nicht da/)
  await receive('JA', number, { to: '12345' })
  const done = await see(on.location)
  assert.equal(done.location, '/f/laden/done?lang=de')
  assert.match((await see(done.location)).html, /Sie sind angemeldet/)
  assert.deepEqual([await granted(number), await granted(number, line.id)], ['granted', 'granted'])
  const { body } = await ask('GET', `/v1/consent?number=${encodeURIComponent(number)}`)
  const [entry] = body.entries.data
  assert.match(
    entry.details.text_shown,
    /^Bleiben Sie auf dem Laufenden\nEinmal im Monat\.\n\[x\] Ja, ich möchte SMS von .* zu Angebote <neu> erhalten/,
  )
  assert.match(entry.details.text_shown, /Datenschutz: https:\/\/laden\.example\/datenschutz\n\[Anmelden\]$/)
  assert.equal(entry.details.source_address, '127.0.0.1')
})

test('the code is taken on the page; a wrong one is told beside the field', async () => {
  const number = someone()
  const on = await signUp(number)
  const code = /\d{6}/.exec((await sent(number)).at(-1)!.body)![0]
  const wrong = await post(on.location, { code: code === '111111' ? '222222' : '111111' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.html, /<title>Fehler: /)
  assert.match(wrong.html, /role="alert"[\s\S]*<a href="#code">Das ist nicht der Code/)
  assert.match(wrong.html, /aria-describedby="code-problem" aria-invalid="true"/)
  assert.equal((await post(on.location, { code })).location, '/f/laden/done?lang=de')
  assert.equal(await granted(number), 'granted')
})

test('what is missing or wrong is said all at once, and nothing has to be typed again', async () => {
  const empty = await signUp('', { topic: [] })
  assert.equal(empty.status, 422)
  assert.match(empty.html, /<a href="#number">Geben Sie Ihre Handynummer ein/)
  assert.match(empty.html, /<a href="#topic0">Wählen Sie mindestens eines aus/)
  const odd = await signUp('+49 <b>', { topic: [line.id] })
  assert.match(odd.html, /value="\+49 &lt;b&gt;"/)
  assert.match(odd.html, new RegExp(`value="${line.id}" checked`))
  assert.match((await signUp('+447400123456')).html, /Nummern dieses Landes/)
  assert.match((await signUp('030 123456')).html, /keine Handynummer/)
  const foreignTopic = await signUp(someone(), { topic: [secret.id] })
  assert.match(foreignTopic.html, /Wählen Sie mindestens eines aus/, 'a topic that the form does not offer')
})

test('a form of a stranger’s page, an old one and one that was made up change nothing', async () => {
  const number = someone()
  const { html } = await see('/f/laden?lang=de')
  const stamp = inputOf(html, 'stamp')
  const fields = { stamp, number, topic: [offers.id], website: '' }
  assert.equal((await post('/f/laden?lang=de', fields, { 'sec-fetch-site': 'cross-site' })).status, 403)
  assert.equal((await post('/f/laden?lang=de', fields, { origin: 'https://evil.example' })).status, 403)
  const strange = `${stamp.split('.')[0]}.${'é'.repeat(22)}`
  for (const made of ['made.up', strange])
    assert.match((await post('/f/laden?lang=de', { ...fields, stamp: made })).html, /zu lange offen/)
  clock.forward(5 * hour)
  assert.match((await post('/f/laden?lang=de', fields)).html, /zu lange offen/)
  assert.deepEqual(await sent(number), [])
})

test('who fills in what nobody sees gets the same page, and nobody gets a text', async () => {
  const number = someone()
  const on = await signUp(number, { website: 'https://spam.example' })
  assert.equal(on.status, 303)
  assert.match((await see(on.location)).html, /Schauen Sie auf Ihr Handy/)
  assert.equal((await post(on.location, { code: '123456' })).status, 422)
  assert.deepEqual(await sent(number), [])
})

test('a number that was asked too often is not asked again, and the page says to wait', async () => {
  const number = someone()
  for (let tries = 0; tries < 3; tries++) assert.equal((await signUp(number)).status, 303)
  const { status, html } = await signUp(number)
  assert.equal(status, 429)
  assert.match(html, /Bitte warten Sie eine Stunde/)
  clock.forward(24 * hour)
})

test('one household may try only so often, whatever the numbers', async () => {
  let last: Seen | undefined
  for (let tries = 0; tries < 21; tries++) last = await signUp(someone())
  assert.equal(last!.status, 429)
  clock.forward(24 * hour)
})

test('a link to one’s preferences goes to numbers that are known here, and the page does not tell which', async () => {
  const [known, unknown] = [someone(), someone()]
  await signUp(known)
  await receive('ja', known, { to: '12345' })
  const before = (await sent(known)).length
  const asking = async (number: string) => {
    const { html } = await see('/f/laden/preferences?lang=de')
    return post('/f/laden/preferences?lang=de', { stamp: inputOf(html, 'stamp'), number, website: '' })
  }
  const [one, other] = [await asking(known), await asking(unknown)]
  assert.equal(one.html, other.html)
  assert.deepEqual([(await sent(known)).length, (await sent(unknown)).length], [before + 1, 0])
})

test('the page of one’s own shows what one gets, and one button changes it', async () => {
  const number = someone()
  await signUp(number)
  await receive('ja', number, { to: '12345' })
  const link = await linkOf(number)
  const { html, headers } = await see(`${link}?lang=de`)
  assert.match(html, /Für die Nummer \+49 151 •••• \d{3}/)
  assert.doesNotMatch(html, new RegExp(`${number.slice(3)}|Streng intern`))
  assert.match(html, /Angebote &lt;neu&gt;<\/h2><p>Sie erhalten das/)
  assert.match(html, /Werksalarm<\/h2><p>Sie erhalten das immer/)
  assert.equal(headers.get('x-robots-tag'), 'noindex')

  const out = await post(`${link}?lang=de`, { change: `out ${offers.id}` })
  assert.match((await see(out.location)).html, /role="status">Sie erhalten „Angebote &lt;neu&gt;“ nicht mehr/)
  assert.equal(await granted(number), 'withdrawn')
  await post(`${link}?lang=de`, { change: `in ${offers.id}` })
  assert.equal(await granted(number), 'granted')
  await post(`${link}?lang=de`, { change: 'all' })
  assert.deepEqual([await granted(number), await granted(number, line.id)], ['withdrawn', 'withdrawn'])
  await post(`${link}?lang=de`, { change: `out ${drill.id}` })
  assert.equal(await granted(number, drill.id), 'none', 'what must be said stays')
  await post(`${link}?lang=de`, { change: `in ${secret.id}` })
  assert.equal(await granted(number, secret.id), 'withdrawn', 'what is not on the page cannot be had by it')
})

test('a link that was made up, belongs to something else, has expired or was revoked opens nothing', async () => {
  const number = someone()
  const create = async () => (await ask('POST', '/v1/preference-links', { number })).body
  const { id, url } = await create()
  const path = new URL(url).pathname
  assert.equal((await see(path)).status, 200)
  const last = path.at(-1) === 'A' ? 'B' : 'A'
  assert.equal((await see(path.slice(0, -1) + last)).status, 404)
  const on = await signUp(someone())
  assert.equal((await see(`/p/${on.location.split('/').at(-1)!.slice(0, 38)}`)).status, 404, 'of a sign-up')
  assert.equal((await post(path, { change: 'all' }, { 'sec-fetch-site': 'cross-site' })).status, 403)
  assert.equal((await ask('DELETE', `/v1/preference-links/${id}`)).status, 204)
  assert.equal((await see(path)).status, 404)
  const later = new URL((await create()).url).pathname
  clock.forward(31 * 24 * hour)
  const { status, html } = await see(later, german)
  assert.equal(status, 404)
  assert.match(html, /Dieser Link gilt nicht mehr/)
})

test('a link that is sent by SMS is not shown to whoever asked for it', async () => {
  const number = someone()
  const { body } = await ask('POST', '/v1/preference-links', { number, send: true })
  assert.equal(body.url, null)
  assert.match((await sent(number)).at(-1)!.body, /\/p\/[\w-]{38}/)
})

test('a form that is switched off, or was never there, says so as a page', async () => {
  assert.equal((await see('/f/nichts', german)).status, 404)
  await ask('PATCH', `/v1/consent-forms/${made.body.id}`, { enabled: false })
  const { status, html } = await see('/f/laden', german)
  assert.equal(status, 404)
  assert.match(html, /Hier ist nichts/)
  await ask('PATCH', `/v1/consent-forms/${made.body.id}`, { enabled: true })
})

test('forms are made, listed, changed and taken away; an address is one of a kind', async () => {
  const topics = [publicId('topic', offers.id)]
  const { body } = await ask('POST', '/v1/consent-forms', { slug: 'zwei', topics })
  assert.deepEqual(
    [body.countries, body.language, body.expires_hours, body.url],
    [['DE'], 'de', 24, 'https://sms.example.org/f/zwei'],
  )
  assert.equal(
    (await ask('POST', '/v1/consent-forms', { slug: 'laden', topics })).body.error.code,
    'consent_slug_taken',
  )
  assert.equal(
    (await ask('PATCH', `/v1/consent-forms/${body.id}`, { slug: 'laden' })).body.error.code,
    'consent_slug_taken',
  )
  assert.equal((await ask('POST', '/v1/consent-forms', { slug: 'Böse', topics })).status, 422)
  assert.equal(
    (await ask('POST', '/v1/consent-forms', { slug: 'drei', topics: ['top_x'] })).body.error.code,
    'consent_topic_unknown',
  )
  const changed = await ask('PATCH', `/v1/consent-forms/${body.id}`, {
    sender: 'Laden',
    intro: { de: 'Neu' },
  })
  assert.deepEqual(
    [changed.body.sender, changed.body.intro, changed.body.slug],
    ['Laden', { de: 'Neu' }, 'zwei'],
  )
  assert.deepEqual(
    (await ask('GET', '/v1/consent-forms?limit=1')).body.data.map(({ slug }: { slug: string }) => slug),
    ['zwei'],
  )
  assert.equal((await ask('DELETE', `/v1/consent-forms/${body.id}`)).status, 204)
  assert.equal((await ask('GET', `/v1/consent-forms/${body.id}`)).status, 404)
  assert.equal((await db.query({ name: '', text: 'select from consent_forms' })).length, 1)
})
