import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'

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

const screens = {
  'a desk in English': { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-GB' },
  'a desk at night in German': {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'de-DE',
  },
  'a tablet in German': { viewport: { width: 768, height: 1024 }, colorScheme: 'light', locale: 'de-DE' },
  'a phone in German': { viewport: { width: 360, height: 780 }, colorScheme: 'light', locale: 'de-DE' },
  'a phone at night in English': {
    viewport: { width: 360, height: 780 },
    colorScheme: 'dark',
    locale: 'en-GB',
  },
} as const
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
