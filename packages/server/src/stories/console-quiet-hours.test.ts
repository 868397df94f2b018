import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()
const topic = (
  await house.api('POST', '/v1/topics', {
    name: 'Angebote',
    kind: 'marketing',
    sender: '12345',
    language: 'de',
  })
).body

test('hours of one’s own are written, found fault with, saved, and asked about', async () => {
  const { page, complaints } = await visit(browser, house.at('/quiet-hours'))
  await page.getByText('Nothing yet: the rules that we know hold').waitFor()
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByLabel('In any 7 days').fill('3')
  await page.getByRole('button', { name: 'Add hours' }).click()
  await page.getByLabel('Country', { exact: true }).fill('de')
  await page.getByLabel('Hours', { exact: true }).fill('daily 08:00-08:00')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText(/starts where it ends/)
    .first()
    .waitFor()
  await page.getByLabel('Hours', { exact: true }).fill('mon-fri 9-18')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('At most 3 in 7 days. What is too much is refused.').waitFor()
  await page.getByText('Germany: mon-fri 09:00-18:00, not on holidays, on top of what we know.').waitFor()
  const rules = (await house.api('GET', '/v1/consent-rules')).body
  assert.deepEqual(rules.caps, [{ per: 'week', most: 3 }])

  await page.getByLabel('Number', { exact: true }).fill('+49 151 23456789')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('It would be refused. The recipient has not agreed to marketing.').waitFor()
  assert.deepEqual(
    complaints.filter((each) => !/ 422 /.test(each)),
    [],
  )
})

test('a form is made, stands at its address, is switched off and removed', async () => {
  const { page, complaints } = await visit(browser, house.at('/sign-up-forms'), { locale: 'de-DE' })
  await page.getByRole('heading', { name: 'Noch kein Formular' }).waitFor()
  await page.getByRole('button', { name: 'Neues Formular' }).click()
  await page.getByLabel('Adresse', { exact: true }).fill('blumen')
  await page.getByLabel('Überschrift auf Deutsch').fill('Blumen per SMS')
  await page.getByRole('button', { name: 'Formular anlegen' }).click()
  await page.getByRole('link', { name: '/f/blumen' }).waitFor()
  const form = await fetch(`${house.url}/f/blumen?lang=de`)
  assert.match(await form.text(), /<h1>Blumen per SMS<\/h1>/)
  await page.getByRole('button', { name: 'blumen ändern' }).click()
  await page.getByRole('menuitem', { name: 'Entfernen …' }).click()
  await page.getByRole('button', { name: 'Formular entfernen' }).click()
  await page.getByRole('heading', { name: 'Noch kein Formular' }).waitFor()
  assert.equal((await fetch(`${house.url}/f/blumen`)).status, 404)
  assert.deepEqual(complaints, [])
})

test('the composer warns of an answer that ends everything, and sends all the same', async () => {
  const { page } = await visit(browser, house.at('/'))
  await page.getByLabel('Text', { exact: true }).fill('Kommen Sie? Antworten Sie mit WEG oder CANCEL.')
  await page.getByRole('listitem').filter({ hasText: '“CANCEL” as an answer is an opt-out' }).waitFor()
  await page.getByRole('button', { name: /^Send to/ }).click()
  await page
    .getByText(/^Sent|sent to|on its way/i)
    .first()
    .waitFor()
})

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing in the rooms of hours and forms, and nothing sticks out: ${name}`, async () => {
    await house.api('POST', '/v1/consent-forms', { slug: `blumen-${screen.colorScheme}`, topics: [topic.id] })
    const { page, complaints } = await visit(browser, house.door, screen)
    const findings: Record<string, string[]> = {}
    for (const path of ['/quiet-hours', '/sign-up-forms', '/sign-up-forms?edit=new']) {
      await page.goto(house.url + path)
      await page.getByRole('table').waitFor()
      if (path === '/quiet-hours') {
        await page.getByRole('button', { name: /^(Change|Ändern)$/ }).click()
        await page.getByRole('button', { name: /^(Add hours|Zeiten hinzufügen)$/ }).click()
      }
      const found = await look(page)
      if (found.length > 0) findings[path] = found
    }
    assert.deepEqual(findings, {})
    assert.deepEqual(complaints, [])
  })
}
