import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()
const { body: carriers } = await house.api('GET', '/v1/carriers')
const { id } = carriers.data[0]
await house.api('POST', '/v1/routes', { carrier_id: id, prefix: '+49', lanes: ['code', 'alert'] })
await house.api('POST', '/v1/smpp-logins', {
  system_id: 'customer',
  name: 'Customer',
  allowed_ips: ['192.0.2.0/24', '2001:db8::/32'],
})

/** Each page of operation, and the heading by which it is known to stand. */
const pages = {
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
}

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing on the pages of operation, and nothing sticks out: ${name}`, async () => {
    const { page, complaints } = await visit(browser, house.door, screen)
    const findings: Record<string, string[]> = {}
    for (const [path, level] of Object.entries(pages)) {
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
