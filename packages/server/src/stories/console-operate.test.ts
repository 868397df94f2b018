import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const second = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
after(() => second.close())
const browser = await openBrowser()

test('somebody adds a second carrier, sees it come up, pauses it, and resumes it', async () => {
  const { page, complaints } = await visit(browser, house.at('/carriers'))
  await page.getByRole('link', { name: 'Add a carrier' }).click()
  await page.getByLabel('Name').fill('backup')
  await page.getByLabel('Host 1').fill('127.0.0.1')
  await page.getByLabel('Port 1').fill(String(second.smppPort))
  await page.getByLabel('System id').fill('backup')
  await page.getByLabel('Password', { exact: true }).fill('secret')
  await page.getByLabel('Segments a second').fill('many')
  await page.getByRole('button', { name: 'Add a carrier' }).click()
  await page.getByText('This is not a number.').waitFor()
  assert.equal(await page.getByLabel('Host 1').inputValue(), '127.0.0.1', 'what was typed is kept')

  await page.getByLabel('Segments a second').fill('40')
  await page.getByRole('button', { name: 'Add a carrier' }).click()
  await page.getByRole('heading', { level: 1, name: 'backup is up.' }).waitFor()
  const binds = page.getByRole('table', { name: 'Binds' })
  await binds.getByText('bound').waitFor()
  await binds.getByRole('cell', { name: /Node \d/ }).waitFor()

  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Nothing new goes out over it. The links stay up').waitFor()
  await page.getByRole('button', { name: 'Pause backup' }).click()
  await page.getByRole('heading', { level: 1, name: 'backup is paused.' }).waitFor()
  const { body } = await house.api('GET', '/v1/carriers')
  const row = body.data.find(({ name }: { name: string }) => name === 'backup')
  assert.deepEqual([row.mode, row.binds[0].state, row.settings.segments_per_second], ['paused', 'bound', 40])

  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Resume backup' }).click()
  await page.getByRole('heading', { level: 1, name: 'backup is up.' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a setting is changed in the form, and the secret that nobody typed stays', async () => {
  const { body } = await house.api('GET', '/v1/carriers')
  const { id } = body.data.find(({ name }: { name: string }) => name === 'backup')
  const { page } = await visit(browser, house.at(`/carriers/${id}`))
  await page.getByLabel('Window').fill('7')
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await page.getByText('Saved.').waitFor()
  const { body: changed } = await house.api('GET', `/v1/carriers/${id}`)
  assert.equal(changed.settings.window, 7)
  assert.deepEqual(changed.settings.hosts, [{ host: '127.0.0.1', port: second.smppPort }])
  await page.getByRole('heading', { level: 1, name: 'backup is up.' }).waitFor()
})

test('a route is added, and the explanation says who takes a message and why not the other', async () => {
  const { page, complaints } = await visit(browser, house.at('/routes'))
  await page.getByRole('button', { name: 'Add a route' }).click()
  await page.getByLabel('Carrier', { exact: true }).selectOption('backup')
  await page.getByLabel('Numbers that begin with').fill('0049 171')
  await page.getByRole('button', { name: 'Add the route' }).click()
  await page.getByRole('cell', { name: '+49171 …', exact: true }).waitFor()

  const explain = page.getByRole('region', { name: 'Where would it go?' })
  await explain.getByLabel('Number').fill('+49 171 0000001')
  await explain.getByRole('button', { name: 'Explain' }).click()
  await explain.getByRole('heading', { name: 'backup takes it.' }).waitFor()
  await explain.getByText('Its route names a shorter prefix.').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('to'), '+491710000001', 'a link shows the same')

  await explain.getByLabel('Number').fill('+49 170 0000001')
  await explain.getByRole('button', { name: 'Explain' }).click()
  await page.waitForURL('**to=%2B491700000001')
  await explain.getByText('Routes that do not fit (1)').click()
  await explain.getByText('The number begins otherwise.').waitFor()
  assert.deepEqual(complaints, [])
})

test('the queue says what holds it up, and the nodes who holds what', async () => {
  const { page, complaints } = await visit(browser, house.at('/queue'))
  await page.getByText('Nothing waits.').waitFor()
  const { body } = await house.api('GET', '/v1/carriers')
  for (const { id } of body.data) await house.api('PATCH', `/v1/carriers/${id}`, { mode: 'paused' })
  const { body: message } = await house.send('+491710000009', 'Not yet')
  await page.getByText('backup is paused; 1 message waits for it.').waitFor()
  await page.getByRole('link', { name: 'Look at backup' }).waitFor()

  await page.goto(`${house.url}/messages/${message.id}`)
  await page.getByRole('region', { name: 'Why it is not sent yet' }).getByText('backup').waitFor()
  for (const { id } of body.data) await house.api('PATCH', `/v1/carriers/${id}`, { mode: 'active' })
  await page.getByRole('heading', { level: 1, name: /^Your message reached/ }).waitFor()
  assert.equal(await page.getByRole('region', { name: 'Why it is not sent yet' }).count(), 0)

  await page.goto(`${house.url}/nodes`)
  await page
    .getByRole('row', { name: /Node 1/ })
    .getByRole('listitem')
    .filter({ hasText: 'backup' })
    .getByText('bound')
    .waitFor()
  assert.deepEqual(complaints, [])
})

test('the password of a login is shown once, and a login is switched off and deleted with a typed word', async () => {
  const { page, complaints } = await visit(browser, house.at('/smpp-logins'))
  await page.getByRole('button', { name: 'Add a login' }).click()
  await page.getByLabel('System id').fill('bank')
  await page.getByLabel('Addresses it may come from').fill('192.0.2.0/33')
  await page.getByRole('button', { name: 'Add the login' }).click()
  await page
    .getByText(/192\.0\.2\.0\/33 is no IP address/)
    .first()
    .waitFor()
  await page.getByLabel('Addresses it may come from').fill('192.0.2.0/24')
  await page.getByRole('button', { name: 'Add the login' }).click()
  const once = page.getByRole('region', { name: 'The password of bank' })
  const password = await once.locator('code').last().innerText()
  assert.match(password, /^\w{8}$/)
  await page.reload()
  await page.getByRole('row', { name: /bank/ }).waitFor()
  assert.equal(await page.getByText(password).count(), 0)

  await page.getByRole('button', { name: 'Change bank' }).click()
  await page.getByRole('menuitem', { name: 'Switch off' }).click()
  await page.getByRole('button', { name: 'Switch bank off' }).click()
  await page.getByRole('row', { name: /bank/ }).getByText('switched off').waitFor()

  await page.getByRole('button', { name: 'Change bank' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByLabel('Type bank to confirm').press('Enter')
  assert.equal((await house.api('GET', '/v1/smpp-logins')).body.data.length, 1, 'nothing without the word')
  await page.getByLabel('Type bank to confirm').fill('bank')
  await page.getByRole('button', { name: 'Delete the login' }).click()
  await page.getByRole('heading', { name: 'No login yet' }).waitFor()
  assert.equal(complaints.length, 1, 'the browser notes the refused address, and nothing else')
})

test('a carrier is removed with its typed name, and its routes go with it', async () => {
  const { body } = await house.api('GET', '/v1/carriers')
  const { id } = body.data.find(({ name }: { name: string }) => name === 'backup')
  const { page, complaints } = await visit(browser, house.at(`/carriers/${id}`))
  await page.clock.install()
  await page.reload()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('This cannot be undone.').waitFor()
  await page.getByLabel('Type backup to confirm').fill('backup')
  // The page asks for what it shows every two seconds: also while the answer to the removal is on its way.
  await page.route(`**/v1/carriers/${id}`, async (route) => {
    if (route.request().method() !== 'DELETE') return route.fallback()
    const response = await route.fetch()
    await page.clock.runFor(10_000)
    await route.fulfill({ response })
  })
  await page.getByRole('button', { name: 'Remove backup' }).click()
  await page.getByRole('heading', { level: 1, name: 'Carriers' }).waitFor()
  await page.getByRole('link', { name: 'simulator' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'backup' }).count(), 0)
  const { body: routes } = await house.api('GET', '/v1/routes')
  assert.deepEqual(
    routes.data.filter(({ carrier_id }: { carrier_id: string }) => carrier_id === id),
    [],
  )
  assert.deepEqual(complaints, [])
})

test('Ctrl-K reaches the pages of operation', async () => {
  const { page } = await visit(browser, house.door)
  await page.getByRole('link', { name: 'Carriers' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('queue')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/queue')
})

test('a number is given to an account, and taken from it', async () => {
  const { page, complaints } = await visit(browser, house.at('/numbers'))
  await page.getByRole('button', { name: 'Give a number' }).click()
  await page.getByLabel('Number, short code or name').fill('+49 30 123456')
  await page.getByRole('button', { name: 'Give the number' }).click()
  await page.getByRole('row', { name: '+49 301 23456' }).waitFor()
  await page.getByRole('button', { name: 'Change +49 301 23456' }).click()
  await page.getByRole('menuitem', { name: 'Take away' }).click()
  await page.getByLabel('Type +4930123456 to confirm').fill('+4930123456')
  await page.getByRole('button', { name: 'Take the number away' }).click()
  await page.getByRole('heading', { name: 'No number has an owner' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('the rooms are furnished for a look', async () => {
  const { body: carriers } = await house.api('GET', '/v1/carriers')
  const route = { carrier_id: carriers.data[0].id, prefix: '+49', lanes: ['code', 'alert'] }
  const login = { system_id: 'customer', name: 'Customer', allowed_ips: ['192.0.2.0/24', '2001:db8::/32'] }
  assert.equal((await house.api('POST', '/v1/routes', route)).status, 201)
  assert.equal((await house.api('POST', '/v1/smpp-logins', login)).status, 201)
})

/** Each page of operation, and the heading by which it is known to stand. */
const pages = (id: string) => ({
  '/carriers': 1,
  [`/carriers/${id}`]: 1,
  '/carriers/new': 1,
  '/carriers/new?kind=http': 1,
  '/routes?to=%2B491700000001': 3,
  '/routes?edit=new': 2,
  '/queue': 2,
  '/nodes': 1,
  '/smpp-logins': 1,
  '/smpp-logins?edit=new': 2,
  '/numbers?edit=new': 2,
})

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing on the pages of operation, and nothing sticks out: ${name}`, async () => {
    const { body: carriers } = await house.api('GET', '/v1/carriers')
    const { page, complaints } = await visit(browser, house.door, screen)
    const findings: Record<string, string[]> = {}
    for (const [path, level] of Object.entries(pages(carriers.data[0].id))) {
      await page.goto(house.url + path)
      await page.getByRole('heading', { level }).first().waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      const found = await look(page)
      if (found.length > 0) findings[path] = found
    }
    assert.deepEqual(findings, {})
    assert.deepEqual(complaints, [])
  })
}
