import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { axeFindings, openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { call, storyKey } from './house.ts'

const run = promisify(execFile)
const house = await openConsoleHouse()
const { url, door, authorization, send } = house
const browser = await openBrowser()
await send('+491700000001', 'The first one')

const textBox = (page: Page) => page.getByLabel('Text', { exact: true })
const phone = (page: Page) => page.getByRole('region', { name: 'Virtual phone' })
const track = (page: Page) => page.getByRole('region', { name: 'What happens to it' })
const latest = (page: Page) => page.getByRole('region', { name: 'Latest messages' })

test('somebody types a text, the phone buzzes, the receipt comes back, and the reply arrives', async () => {
  const { page, complaints } = await visit(browser, door)
  await textBox(page).fill('Your table is booked for 8 p.m.')
  assert.equal(new URL(page.url()).hash, '', 'the key has left the address bar')

  await page.keyboard.press('Control+Enter')
  await phone(page).getByRole('list').getByText('Your table is booked for 8 p.m.').waitFor()
  await track(page).getByText('delivered', { exact: true }).first().waitFor()
  const steps = await track(page).getByRole('list').first().getByRole('listitem').allInnerTexts()
  assert.deepEqual(
    steps.map((step) => step.split('\n')[0]),
    ['Accepted', 'Queued', 'On the wire', 'Submitted', 'Delivered'],
  )
  for (const step of steps) assert.match(step, /\d\d:\d\d:\d\d\.\d{3}/)

  await track(page).getByRole('button', { name: 'Show the PDU' }).click()
  await track(page).getByText('submit_sm', { exact: true }).waitFor()
  const [hex] = await track(page).getByRole('region', { name: 'The PDU in hex' }).allInnerTexts()
  assert.match(hex!, /^0000 {2}00 00 00 [0-9a-f]{2} 00 00 00 04 /, 'length, then command id 4: submit_sm')

  await phone(page).getByPlaceholder('Text message').fill('Great, see you!')
  await page.keyboard.press('Enter')
  await latest(page).getByRole('row', { name: 'Great, see you!' }).getByText('received').waitFor()
  assert.deepEqual(complaints, [])
})

test('the counter names the character that costs a segment, and replaces it', async () => {
  const { page } = await visit(browser, door)
  const meter = page.getByText('1 segment', { exact: true })
  await textBox(page).fill(`${'a'.repeat(99)}…`)
  await page
    .getByText('(U+2026) is not in the GSM alphabet, so the text takes 2 segments in place of 1.')
    .waitFor()
  await page.getByRole('button', { name: 'Write ... for …' }).click()
  await meter.waitFor()
  assert.equal(await textBox(page).inputValue(), `${'a'.repeat(99)}...`)
})

test('the curl line under the composer works as copied, whatever the text', async () => {
  const { page } = await visit(browser, door)
  const text = `it's "8 p.m."\n$HOME \`id\` \\ !! – ${Date.now()}`
  await textBox(page).fill(text)
  assert.doesNotMatch(
    (await page.getByRole('region', { name: 'Command for a terminal' }).allInnerTexts()).join(),
    new RegExp(storyKey),
  )
  await page.getByRole('button', { name: 'Copy with key' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const command = await page.evaluate<string>('navigator.clipboard.readText()')
  const { stdout } = await run('bash', ['-c', command])
  const { id } = JSON.parse(stdout)
  const { body } = await call(`${url}/v1/messages/${id}`, 'GET', undefined, { authorization })
  assert.equal(body.text, text)
  await latest(page).getByText('"8 p.m."').first().waitFor()
})

test('a failed send stays where it happened, keeps the text, and the retry sends it once', async () => {
  const { page } = await visit(browser, door)
  await textBox(page).fill('Sent once, in spite of the cable')
  const keys: (string | undefined)[] = []
  await page.route('**/v1/messages', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    keys.push(route.request().headers()['idempotency-key'])
    // The first answer is lost on its way back: the message is out, and the console cannot know.
    if (keys.length === 1) await route.fetch().then(() => route.abort())
    else await route.fallback()
  })
  await page.keyboard.press('Control+Enter')
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
  await track(page).getByText('delivered', { exact: true }).first().waitFor()
  assert.equal(keys.length, 2)
  assert.equal(keys[0], keys[1])
  assert.equal(await latest(page).getByRole('row', { name: 'Sent once, in spite of the cable' }).count(), 1)
})

test('the address bar holds the list, new rows announce themselves, and a row leads to its message', async () => {
  const { page, complaints } = await visit(browser, `${url}/messages?direction=outbound#key=${storyKey}`)
  await page.getByRole('button', { name: 'delivered' }).click()
  await page.waitForURL('**/messages?direction=outbound&state=delivered')
  const rows = page.getByRole('row')
  await rows.nth(1).waitFor()
  const before = await rows.count()
  await page.getByText('Live', { exact: true }).waitFor()
  await send('+491700000002', 'Fresh')
  await page.getByRole('button', { name: '1 new message' }).waitFor()
  assert.equal(await rows.count(), before, 'nothing jumped')

  await rows.last().getByRole('link').click()
  await page.getByRole('heading', { level: 1, name: /^Your message reached \+49 170 0000001/ }).waitFor()
  await page.getByRole('heading', { name: 'As the API shows it' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a message for later waits, and can be cancelled', async () => {
  const { page } = await visit(browser, door)
  await textBox(page).fill('Not today')
  await page.getByRole('button', { name: 'More options' }).click()
  await page.getByLabel('Send later').fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 16))
  await page.keyboard.press('Control+Enter')
  await track(page).getByText('waiting', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Open the message' }).click()
  await page.getByRole('button', { name: 'Cancel the message' }).click()
  await page.getByRole('button', { name: 'Yes, cancel it' }).click()
  await page.getByRole('heading', { level: 1, name: /was cancelled just now and never went out/ }).waitFor()
})

test('Ctrl-K reaches a page by its name and a message by its id', async () => {
  const { body } = await send('+491700000003', 'Found again')
  const { page, complaints } = await visit(browser, door)
  await textBox(page).waitFor()
  await page.keyboard.press('Control+k')
  const finder = page.getByRole('dialog').getByRole('combobox')
  await finder.fill('uncert')
  assert.deepEqual(await axeFindings(page), [])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/messages?state=uncertain')
  await page.keyboard.press('Control+k')
  await finder.fill(body.id)
  await page.keyboard.press('Enter')
  await page.getByText('Found again', { exact: true }).waitFor()
  assert.equal(new URL(page.url()).pathname, `/messages/${body.id}`)
  assert.deepEqual(complaints, [])
})

test('without a key the console asks for one, and says when the server does not know it', async () => {
  const { page } = await visit(browser, `${url}/messages`)
  await page.getByRole('button', { name: 'Enter with an API key instead' }).click()
  await page.getByLabel('API key', { exact: true }).fill('kp_nobody_gave_me_this_key_0000000000')
  await page.getByRole('button', { name: 'Enter' }).click()
  await page.getByText('The server does not know this key.').waitFor()
  await page.getByLabel('API key', { exact: true }).fill(storyKey)
  await page.getByRole('button', { name: 'Enter' }).click()
  await page.getByRole('heading', { level: 1, name: 'Messages' }).waitFor()
})

test('the console speaks the language of the browser, and the other one on demand', async () => {
  const { page } = await visit(browser, door, { locale: 'de-DE' })
  await page.getByRole('heading', { name: 'Nachricht schreiben' }).waitFor()
  assert.equal(await page.getAttribute('html', 'lang'), 'de')
  await page.getByRole('button', { name: 'Einstellungen' }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Write a message' }).waitFor()
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
})

const scripts = `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`

test('the first page loads less than 300 kB of script, and pages of operation come when they are entered', async () => {
  const { page } = await visit(browser, door)
  await page.getByRole('heading', { name: 'Write a message' }).waitFor()
  const first = await page.evaluate<string[]>(scripts)
  const sizes = await Promise.all(
    first.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  )
  const octets = sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(octets > 50_000 && octets < 300_000, `${octets} octets in ${first.length} files`)

  await page.getByRole('link', { name: 'Carriers' }).click()
  await page.getByRole('link', { name: 'simulator' }).waitFor()
  assert.ok((await page.evaluate<string[]>(scripts)).length > first.length)
})

const screens = {
  desk: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  tablet: { viewport: { width: 768, height: 1024 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 780 }, colorScheme: 'dark' },
} as const
for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing and nothing sticks out: ${name}`, async () => {
    const { page } = await visit(browser, door, screen)
    await textBox(page).fill('Grüße … from “here”')
    await page.getByRole('button', { name: 'More options' }).click()
    await latest(page).getByRole('row').first().waitFor()
    const findings: Record<string, string[]> = { send: await look(page) }
    await page.goto(`${url}/messages`)
    await page.getByRole('row').nth(1).waitFor()
    findings.list = await look(page)
    await page.getByRole('row').last().getByRole('link').click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Show the PDU' }).first().click()
    findings.message = await look(page)
    assert.deepEqual(findings, { send: [], list: [], message: [] })
  })
}
