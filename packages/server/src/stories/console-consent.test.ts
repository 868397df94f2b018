import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { eventually } from './house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()
const person = '+4915112345678'
const asked = `/consent?number=${encodeURIComponent(person)}`

test('empty rooms of consent teach', async () => {
  const { page, complaints } = await visit(browser, house.door, { locale: 'en-GB' })
  const findings: Record<string, string[]> = {}
  for (const path of ['/consent', '/topics', '/opt-outs']) {
    await page.goto(house.url + path)
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await page
      .getByRole('region', { name: /terminal/ })
      .first()
      .waitFor()
    const found = await look(page)
    if (found.length > 0) findings[path] = found
  }
  assert.deepEqual(findings, {})
  assert.deepEqual(complaints, [])
})

test('a topic is made, a consent is written down with its text, taken back, and proved', async () => {
  const { page, complaints } = await visit(browser, house.at('/topics'), { locale: 'en-GB' })
  await page.getByRole('button', { name: 'Make a topic' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Angebote')
  await page.getByRole('textbox', { name: 'Word to leave it with' }).fill('alle')
  await page.getByRole('button', { name: 'Make the topic' }).click()
  await page.getByText('People could not tell this word').waitFor()
  await page.getByRole('textbox', { name: 'Word to leave it with' }).fill('Werbung')
  await page
    .getByRole('textbox', { name: 'Confirmation of a STOP' })
    .fill('Acme: Sie erhalten nichts mehr … 👋')
  await page.getByText('Unicode').waitFor()
  await page.getByRole('button', { name: 'Make the topic' }).click()
  await page.getByRole('cell', { name: 'STOP WERBUNG' }).waitFor()

  await page.goto(house.url + asked)
  await page.getByText('has said nothing yet').waitFor()
  await page.getByRole('link', { name: 'Angebote: Agreed …' }).click()
  await page.getByRole('button', { name: 'Write down the consent' }).click()
  await page.getByText('The text that they agreed to is the proof.').waitFor()
  await page.getByRole('textbox', { name: /verbatim/ }).fill('Ja, schickt mir Angebote.')
  await page.getByRole('button', { name: 'Write down the consent' }).click()
  await page.getByRole('heading', { level: 1, name: 'has agreed to one topic' }).waitFor()

  await page.getByRole('link', { name: 'Angebote: Opted out …' }).click()
  await page.getByRole('textbox', { name: 'Why' }).fill('On the phone')
  await page.getByRole('button', { name: 'Opt them out' }).click()
  await page.getByRole('heading', { level: 1, name: 'has opted out' }).waitFor()
  await page.getByRole('link', { name: 'Angebote: Take back …' }).click()
  await page.getByRole('textbox', { name: 'Why' }).fill('Wrong person')
  await page.getByRole('button', { name: 'Take the opt-out back' }).click()
  await page.getByRole('heading', { level: 1, name: 'has agreed to one topic' }).waitFor()

  // What somebody else writes down shows by itself.
  await house.api('POST', '/v1/consent', {
    entries: [{ number: person, act: 'withdraw', note: 'elsewhere' }],
  })
  await page.getByRole('heading', { level: 1, name: 'has opted out' }).waitFor()
  await house.api('DELETE', `/v1/opt-outs?number=${encodeURIComponent(person)}&note=again`)
  await page.getByRole('heading', { level: 1, name: 'has agreed to one topic' }).waitFor()

  await page.getByRole('link', { name: 'Proof to print' }).click()
  await page.getByText('Content, texts and hash agree.').first().waitFor()
  assert.equal(await page.getByText('Content, texts and hash agree.').count(), 5)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as a page' }).click()
  assert.equal((await download).suggestedFilename(), 'consent-4915112345678.html')
  // The browser tells of the key that was refused, too.
  assert.deepEqual(
    complaints.filter((complaint) => !complaint.includes('status of 422')),
    [],
  )
})

test('what a STOP means is said in a sentence, and can be changed', async () => {
  const { page, complaints } = await visit(browser, house.at('/topics'), { locale: 'en-GB' })
  const card = page.getByRole('region', { name: 'What a STOP means' })
  await card.getByText('A bare STOP ends all that its sender sends by consent.').waitFor()
  await card.getByRole('button', { name: 'Change' }).click()
  await card.getByRole('combobox').selectOption('topic')
  await card.getByRole('textbox', { name: 'Answers begin with' }).fill('Acme')
  await card.getByRole('button', { name: 'Save' }).click()
  await card.getByText('A bare STOP ends the topic of the last message. Answers begin with “Acme”.').waitFor()
  const { body } = await house.api('GET', '/v1/consent-settings')
  assert.deepEqual([body.opt_out_scope, body.display_name], ['topic', 'Acme'])
  assert.deepEqual(complaints, [])
})

test('a list is imported, its faulty lines are named, and those on it are out', async () => {
  const { page, complaints } = await visit(browser, house.at('/opt-outs?act=import'), { locale: 'en-GB' })
  await page.getByRole('button', { name: 'Import the list' }).click()
  await page.getByText('Choose the list first.').waitFor()
  await page.locator('input[type=file]').setInputFiles({
    name: 'stop.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Nummer;Grund\n+4915122222222;Beschwerde\nniemand;\n+4915133333333;\n'),
  })
  await page.getByRole('textbox', { name: 'Where it is from' }).fill('old system')
  await page.getByRole('button', { name: 'Import the list' }).click()
  await page.getByText('2 are out now; 0 were out before.').waitFor()
  await page.getByText('Line 3: niemand').waitFor()
  await page.getByRole('cell', { name: '+49 151 22222222', exact: true }).waitFor()
  await page.getByText('Beschwerde').waitFor()
  assert.deepEqual(complaints, [])
})

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
  await page.getByLabel('Zur Bestätigung blumen eingeben').fill('blumen')
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
  test(`axe finds nothing in the rooms of consent, and nothing sticks out: ${name}`, async () => {
    const [topic] = (await house.api('GET', '/v1/topics')).body.data
    await house.api('POST', '/v1/consent-forms', { slug: `blumen-${screen.colorScheme}`, topics: [topic.id] })
    const pages = [
      `${asked}&say=grant&topic=${topic.id}`,
      `/consent/proof?number=${encodeURIComponent(person)}`,
      '/topics?edit=stop',
      `/topics?edit=${topic.id}`,
      `/topics?archive=${topic.id}`,
      '/opt-outs?act=import',
      '/opt-outs?how=carrier',
      '/quiet-hours',
      '/sign-up-forms?edit=new',
    ]
    const { page, complaints } = await visit(browser, house.door, screen)
    const findings: Record<string, string[]> = {}
    for (const path of pages) {
      await page.goto(house.url + path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await eventually(async () => (await page.locator('.mantine-Skeleton-root').count()) === 0)
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
