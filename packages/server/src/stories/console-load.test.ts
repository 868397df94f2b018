import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openBrowser, visit } from './browser.ts'
import { openConsoleHouse } from './console-house.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()

const scripts = `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`

test('the first page loads less than 300 kB of script, and pages of operation come when they are entered', async () => {
  const { page } = await visit(browser, house.door)
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
