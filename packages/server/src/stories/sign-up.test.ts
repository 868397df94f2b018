import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBrowser, visit } from './browser.ts'
import { look } from './console-house.ts'
import { eventually, noRules, openStory } from './house.ts'
import { screens } from './screens.ts'

/** From an empty form to an advert and back again: a browser without JavaScript, a phone, and SMPP between them. */
const story = await openStory()
const { api } = story
const browser = await openBrowser()
await api('PUT', '/v1/consent-rules', { hours: noRules.hours })
const settings = (await api('GET', '/v1/consent-settings')).body
await api('PUT', '/v1/consent-settings', { ...settings, display_name: 'Blumen Koch' })
const topic = (
  await api('POST', '/v1/topics', { name: 'Angebote', kind: 'marketing', sender: '12345', language: 'de' })
).body
const form = (await api('POST', '/v1/consent-forms', { slug: 'blumen-koch', topics: [topic.id] })).body
const address = `${story.url}/f/blumen-koch`

const texts = async (handset: string): Promise<string[]> =>
  (await story.phone('GET', `/handsets/${encodeURIComponent(handset)}/messages`)).map(
    ({ text }: { text: string }) => text,
  )
const write = (from: string, text: string) =>
  story.phone('POST', `/handsets/${encodeURIComponent(from)}/messages`, { to: '12345', text })
/** The newest text on a phone that fits, once there is one. */
async function arrived(handset: string, pattern: RegExp): Promise<string> {
  let found: string | undefined
  await eventually(async () => {
    found = (await texts(handset)).findLast((text) => pattern.test(text))
    return found !== undefined
  })
  return found!
}
const offer = (to: string) => api('POST', '/v1/messages', { to, text: 'Heute Tulpen', topic: topic.id })

async function fillIn(page: Page, number: string): Promise<void> {
  await page.goto(address)
  await page.getByLabel('Ihre Handynummer').fill(number)
  await page.getByLabel(/Ja, ich möchte SMS von Blumen Koch zu Angebote/).check()
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.getByRole('heading', { name: 'Schauen Sie auf Ihr Handy' }).waitFor()
}

test('form, text, JA, advert, STOP, and no advert any more: without JavaScript', async () => {
  const person = '+4915112345601'
  assert.ok(form.id, JSON.stringify(form))
  assert.equal((await offer(person)).body.error.code, 'consent_missing')
  const { page } = await visit(browser, address, { locale: 'de-DE', javaScriptEnabled: false })
  await fillIn(page, '0151 12345601')
  await arrived(person, /Antworten Sie mit JA/)
  assert.equal((await offer(person)).body.error.code, 'consent_missing', 'a question is no answer')

  await write(person, 'Ja')
  await story.event('consent.granted', ({ number }) => number === person)
  await arrived(person, /Sie erhalten nun SMS zu Angebote/)
  await page.getByRole('link', { name: 'Ich habe auf die SMS geantwortet' }).click()
  await page.getByRole('heading', { name: 'Sie sind angemeldet' }).waitFor()
  const sent = await offer(person)
  assert.equal(sent.status, 202)
  await story.event('message.delivered', ({ message_id }) => message_id === sent.body.id)

  await write(person, 'STOP')
  await story.event('consent.withdrawn', ({ number }) => number === person)
  assert.equal((await offer(person)).body.error.code, 'consent_opted_out')
  const { body } = await api('GET', `/v1/consent?number=${encodeURIComponent(person)}`)
  assert.deepEqual(
    body.entries.data.map(({ act, how }: { act: string; how: string }) => `${act} ${how}`),
    ['withdrawn sms_keyword', 'granted sms_double_opt_in', 'requested web_form'],
  )
})

test('a link by SMS leads to one’s own page, and one button there ends everything', async () => {
  const person = '+4915112345602'
  const { page } = await visit(browser, address, { locale: 'de-DE', javaScriptEnabled: false })
  await fillIn(page, person)
  const code = /\d{6}/.exec(await arrived(person, /Code/))![0]
  await page.getByLabel('Code mit sechs Ziffern').fill(code)
  await page.getByRole('button', { name: 'Bestätigen' }).click()
  await page.getByRole('link', { name: /Schon angemeldet/ }).click()
  await page.getByLabel('Ihre Handynummer').fill(person)
  await page.getByRole('button', { name: 'Link schicken' }).click()
  const link = /http\S+/.exec(await arrived(person, /Was Sie von uns erhalten/))![0]
  await page.goto(link)
  await page.getByText('Sie erhalten das', { exact: true }).waitFor()
  assert.equal((await offer(person)).status, 202)
  await page.getByRole('button', { name: 'Alles abbestellen' }).click()
  await page.getByText('Sie haben alles abbestellt.').waitFor()
  assert.equal((await offer(person)).body.error.code, 'consent_opted_out')
})

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing on the hosted pages, and nothing sticks out: ${name}`, async () => {
    const { page, complaints } = await visit(browser, address, screen)
    const findings: Record<string, string[]> = {}
    const see = async (what: string) => {
      const found = await look(page)
      if (found.length > 0) findings[what] = found
    }
    await see('form')
    await page.getByRole('button').click()
    await page.getByRole('alert').waitFor()
    await see('problems')
    await page.locator('#number').fill(screen.locale === 'de-DE' ? '+4915112345603' : '+4915112345604')
    await page.getByRole('checkbox').check()
    await page.getByRole('button').click()
    await page.locator('#code').waitFor()
    await see('code')
    await page.goto(`${address}/done`)
    await see('done')
    await page.goto(`${address}/preferences`)
    await see('asking')
    const { body } = await api('POST', '/v1/preference-links', { number: '+4915112345603' })
    await page.goto(body.url)
    await see('preferences')
    assert.deepEqual(findings, {})
    assert.deepEqual(
      complaints.filter((each) => !/ 422 /.test(each)),
      [],
    )
  })
}
