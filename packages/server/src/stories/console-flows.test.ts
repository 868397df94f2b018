import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { openBrowser, visit } from './browser.ts'
import { openConsoleHouse } from './console-house.ts'
import { call, eventually } from './house.ts'

/** What people run into: others who change the same thing, a server that is gone, a key that may not. */

const house = await openConsoleHouse()
const second = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
after(() => second.close())
const browser = await openBrowser()
const german = { locale: 'de-DE' }

const { body: carrier } = await house.api('POST', '/v1/carriers', {
  name: 'backup',
  kind: 'smpp',
  settings: { hosts: [{ host: '127.0.0.1', port: second.smppPort }], system_id: 'backup' },
  secrets: { password: 'secret' },
  routes: [{ prefix: '+49171' }],
})
const address = `/carriers/${carrier.id}`
const mode = (to: string) => house.api('PATCH', `/v1${address}`, { mode: to })

test('a carrier is paused from the list with the keyboard alone, and Escape leaves it as it is', async () => {
  const { page, complaints } = await visit(browser, house.at('/carriers'))
  await page.getByRole('button', { name: 'Change backup' }).focus()
  await page.keyboard.press('Enter')
  // A menu that opens puts the focus on its first entry.
  await page.locator('[role=menuitem]:focus', { hasText: 'Pause' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Nothing new goes out over it.').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('button:focus', { hasText: 'Pause' }).waitFor()

  await page.keyboard.press('Enter')
  await page.getByText('Nothing new goes out over it.').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'backup is paused.' }).waitFor()
  await mode('active')
  assert.deepEqual(complaints, [])
})

test('what somebody else changed is named, and saving sends only what was changed here', async () => {
  const { page } = await visit(browser, house.at(address))
  await page.getByLabel('Window').fill('7')
  await house.api('PATCH', `/v1${address}`, { settings: { segments_per_second: 25 } })
  await page.getByText('Changed: Segments a second.').waitFor()
  await page.getByRole('button', { name: 'Save my changes only' }).click()
  await page.getByText('Saved.').waitFor()
  const { body } = await house.api('GET', `/v1${address}`)
  assert.deepEqual([body.settings.window, body.settings.segments_per_second], [7, 25])
  assert.equal(await page.getByLabel('Segments a second').inputValue(), '25')
})

test('a server that is gone costs nothing that was typed, and the retry saves it', async () => {
  const { page } = await visit(browser, house.at('/routes?edit=new'))
  await page.getByLabel('Numbers that begin with').fill('+4930')
  await page.route('**/v1/routes', (route) => route.abort())
  await page.getByRole('button', { name: 'Add the route' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).last()
  await alert.waitFor()
  assert.equal(await page.getByLabel('Numbers that begin with').inputValue(), '+4930')
  await page.unroute('**/v1/routes')
  await alert.getByRole('button').click()
  await page.getByRole('cell', { name: '+4930 …', exact: true }).waitFor()
})

test('in German a field says in German what is wrong with it, and takes the focus', async () => {
  const { page } = await visit(browser, house.at('/carriers/new?kind=http'), german)
  const json = page.getByLabel('Alles andere, als JSON')
  await page.getByLabel('Name').fill('web')
  await json.fill('{"request": {"url": 5},}')
  await page.getByRole('button', { name: 'Netzzugang anlegen' }).click()
  await page.getByText('Das ist kein JSON-Objekt.').waitFor()
  await json.fill('{"request": {"url": 5}, "bogus": 1}')
  await page.getByRole('button', { name: 'Netzzugang anlegen' }).click()
  await page
    .getByText(/bogus: Diese Einstellung gibt es hier nicht\..*request\.url: Das muss ein Text sein\./)
    .waitFor()
  await page.locator('textarea:focus').waitFor()

  await page.getByLabel('Name').fill('Süd/funk')
  await page.getByRole('button', { name: 'Netzzugang anlegen' }).click()
  await page.getByText('Das hat nicht die richtige Form').first().waitFor()
})

test('in German a message says why it waits with the numbers of the server, and so does the queue', async () => {
  await mode('paused')
  const { body: routes } = await house.api('GET', '/v1/routes')
  const others = routes.data.filter(({ carrier_id }: { carrier_id: string }) => carrier_id !== carrier.id)
  for (const { id } of others) await house.api('PATCH', `/v1/routes/${id}`, { enabled: false })
  const { body: message } = await house.send('+491710000001', 'Warten')
  const { page, complaints } = await visit(browser, house.at(`/messages/${message.id}`), german)
  await page
    .getByRole('region', { name: 'Warum sie noch nicht gesendet ist' })
    .getByText('Ihr einziger Netzzugang nimmt sie zurzeit nicht: backup ist angehalten.')
    .waitFor()
  await page.goto(`${house.url}/queue`)
  await page.getByText('backup ist angehalten; 1 Nachricht wartet auf ihn.').waitFor()
  assert.deepEqual(complaints, [])
})

test('a carrier in use is removed only by a second decision with its name typed again', async () => {
  const { page } = await visit(browser, house.at(address))
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByLabel('Type backup to confirm').fill('backup')
  await page.getByRole('button', { name: 'Remove backup' }).click()
  await page.getByText(/is the only way of queued ones/).waitFor()
  const word = page.getByLabel('Type backup to confirm')
  assert.equal(await word.inputValue(), '', 'the word was for another question')
  await word.press('Enter')
  assert.equal((await house.api('GET', `/v1${address}`)).status, 200, 'nothing without the word')
  await word.fill('backup')
  await page.getByRole('button', { name: 'Remove it all the same' }).click()
  await page.getByRole('heading', { level: 1, name: 'Carriers' }).waitFor()
  assert.equal((await house.api('GET', `/v1${address}`)).status, 404)
  await eventually(async () => (await house.api('GET', '/v1/queue')).body.no_route === 1)
})

test('a key without the scope is told so in the rail and on the page, and still sends', async () => {
  const { body: made } = await house.api('POST', '/v1/keys', {
    name: 'shop',
    scopes: ['messages:read', 'messages:write', 'events'],
  })
  const authorization = `Bearer ${made.key}`
  assert.equal((await call(`${house.url}/v1/queue`, 'GET', undefined, { authorization })).status, 403)
  const { page } = await visit(browser, `${house.url}/queue#key=${made.key}`)
  await page.getByRole('heading', { name: 'This key may not look into operation' }).waitFor()
  await page.getByText('This key lacks the scope “operate”.').waitFor()
  await page.getByRole('link', { name: 'Send', exact: true }).click()
  await page.getByRole('heading', { name: 'Write a message' }).waitFor()
})

test('whoever goes on to another page before an answer comes stays there', async () => {
  const { page, complaints } = await visit(browser, house.at('/lists?edit=new'))
  const held = Promise.withResolvers<void>()
  await page.route('**/v1/lists', async (route) => {
    if (route.request().method() === 'POST') await held.promise
    await route.continue()
  })
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Late')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Segments' }).click()
  await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor()
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  held.resolve()
  await (await answered).finished()
  // What the page does with the answer it has done by the time it draws again.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  assert.equal(new URL(page.url()).pathname, '/segments')
  await page.getByRole('link', { name: 'Lists' }).click()
  await page.getByRole('link', { name: 'Late' }).waitFor()
  assert.deepEqual(complaints, [])
})
