import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { eventually } from './house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()

const system = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({
      departures: [
        { at: '14:05', line: 'S3', to: { name: 'Pinneberg' } },
        { at: '14:08', line: 'S1', to: { name: 'Wedel' } },
      ],
    }),
  )
})
await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve))
after(() => {
  system.closeAllConnections()
  system.close()
})
const source = `http://127.0.0.1:${(system.address() as AddressInfo).port}/stops/{{stop}}`

/** Services of each kind, one of them incomplete and one of them off. */
async function furnish(): Promise<Record<'hours' | 'prices' | 'departures', string>> {
  const add = async (body: object): Promise<string> => {
    const answer = await house.api('POST', '/v1/keyword-services', body)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body.id
  }
  const hours = await add({
    ...{ name: 'Opening hours', kind: 'template' },
    keywords: [
      { word: 'HOURS', language: 'en' },
      { word: 'ZEITEN', language: 'de' },
    ],
    texts: { answer: { en: 'Mon to Fri, 9 to 18.', de: 'Mo bis Fr, 9 bis 18 Uhr.' } },
  })
  const prices = await add({
    ...{ name: 'Prices', kind: 'table', keywords: [{ word: 'PRICE' }], numbers: ['12345', '+4930123456'] },
    texts: { answer: { en: '{{item}}: {{price}} EUR, {{colour}}' } },
  })
  const items = Array.from({ length: 60 }, (_, n) => `Item ${n + 1},${n}.50`)
  const uploaded = await fetch(`${house.url}/v1/keyword-services/${prices}/table`, {
    method: 'PUT',
    headers: { authorization: house.authorization, 'content-type': 'text/csv' },
    body: `item,price\n${items.join('\n')}\n`,
  })
  assert.equal(uploaded.status, 200)
  const departures = await add({
    ...{ name: 'Departures', kind: 'http', keywords: [{ word: 'DEPARTURES' }] },
    arguments: [{ name: 'stop', rest: true }],
    texts: { answer: { en: '{{stop}}: {{list}}' }, not_found: { en: 'No {{stop}}.' } },
    source: {
      url: source,
      headers: [{ name: 'X-Key', value: 'secret', secret: true }],
      list: { place: '/departures', values: { at: '/at', line: '/line' }, line: { en: '{{at}} {{line}}' } },
    },
  })
  await add({
    ...{ name: 'Winter prices', kind: 'template', keywords: [{ word: 'WINTER' }], enabled: false },
    texts: { answer: { en: 'From November on.' } },
  })
  await house.api('PUT', '/v1/keyword-numbers/12345', {})
  for (const [n, text] of [
    'HOURS',
    'Hours?',
    'Price Item 7',
    'price nothing',
    'weather',
    'DEPARTURES Altona',
  ].entries())
    await house.api('POST', `/v1/sandbox/handsets/${encodeURIComponent(`+49151555000${10 + n}`)}/messages`, {
      to: '12345',
      text,
    })
  await eventually(async () => {
    const { body } = await house.api('GET', '/v1/keyword-stats')
    return body.data.reduce((sum: number, { uses }: { uses: number }) => sum + uses, 0) === 6
  })
  return { hours, prices, departures }
}

test('who has no service yet is taught by the empty page, and makes one that is tried while it is written', async () => {
  const { page, complaints } = await visit(browser, house.at('/keywords'))
  await page.getByRole('heading', { name: 'No keyword service yet' }).waitFor()
  assert.deepEqual(await look(page), [])
  await page.getByRole('link', { name: 'Add a service' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Where we are')
  await page.getByLabel('Word 1').fill('WHERE')
  await page.getByLabel('Answer (en)', { exact: true }).fill('Post Street 1. ')
  await page.getByRole('button', { name: 'Insert {{time}}' }).click()
  await page.getByLabel('What somebody writes').fill('whree please')
  await page.keyboard.press('Enter')
  await page
    .getByText(/^Post Street 1\. \d/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Add the service' }).click()
  await page.getByRole('heading', { level: 1, name: 'Where we are answers to “WHERE”.' }).waitFor()
  await page.getByRole('button', { name: 'Delete the service' }).click()
  await page.getByText('It answers to WHERE, at all your numbers.').waitFor()
  const word = page.getByLabel('Type Where we are to confirm')
  await word.fill('Where')
  await word.press('Enter')
  await page.getByText('Nothing is done until it is the same.').waitFor()
  await word.fill('Where we are')
  await word.press('Enter')
  await page.getByRole('heading', { name: 'No keyword service yet' }).waitFor()
  assert.deepEqual(complaints, [])
})

let ids: Awaited<ReturnType<typeof furnish>>

test('services of each kind answer the phones of the sandbox, and are counted', async () => {
  ids = await furnish()
})

test('a word that another service has is refused at its field, and what was typed stays', async () => {
  const { page } = await visit(browser, house.at('/keywords/new'))
  await page.getByLabel('Name', { exact: true }).fill('Twice')
  await page.getByLabel('Word 1').fill('hours')
  await page.getByLabel('Answer (en)', { exact: true }).fill('x')
  await page.getByRole('button', { name: 'Add the service' }).click()
  await page.getByText(/^“Opening hours” answers to “hours” already/).waitFor()
  assert.equal(await page.getByLabel('Answer (en)', { exact: true }).inputValue(), 'x')
})

test('a value of a real answer is taken over by a click, and the text says it', async () => {
  const { page, complaints } = await visit(browser, house.at(`/keywords/${ids.departures}`))
  const write = page.getByLabel('What somebody writes')
  await write.fill('departures Altona')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Take name: "Pinneberg"' }).click()
  await page.getByLabel('Line (en)', { exact: true }).fill('{{at}} {{line}} {{name}}')
  await write.fill('departures Altona')
  await page.keyboard.press('Enter')
  await page.getByText('14:05 S3 Pinneberg').first().waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  const { body } = await house.api('GET', `/v1/keyword-services/${ids.departures}`)
  assert.deepEqual(body.source.list.values, { at: '/at', line: '/line', name: '/to/name' })
  assert.deepEqual(body.source.headers, [{ name: 'X-Key', secret: true }])
  assert.deepEqual(complaints, [])
})

test('rows are changed, added and deleted in the grid, and a file takes the place of all', async () => {
  const { page, complaints } = await visit(browser, house.at(`/keywords/${ids.prices}`))
  await page.getByLabel('price, row 1', { exact: true }).fill('9.99')
  await page.getByRole('button', { name: 'Delete row Item 2', exact: true }).click()
  await page.getByRole('button', { name: 'Add a row' }).click()
  await page.getByLabel('item, row 50', { exact: true }).fill('Cake')
  await page.getByLabel('price, row 50', { exact: true }).fill('3.20')
  await page.getByText('3 rows are changed').waitFor()
  await page.getByRole('button', { name: 'Save the rows' }).click()
  await page.getByText('3 rows are changed').waitFor({ state: 'detached' })
  for (const [text, answer] of [
    ['PRICE item 1', 'Item 1: 9.99 EUR'],
    ['PRICE cake', 'Cake: 3.20 EUR'],
  ] as const) {
    await page.getByLabel('What somebody writes').fill(text)
    await page.keyboard.press('Enter')
    await page.getByText(answer).first().waitFor()
  }
  await page.locator('input[type=file]').setInputFiles({
    name: 'prices.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('item;price;colour\nTea;2,50;green\n'),
  })
  await page.getByText('1 rows are in.').waitFor()
  await page.getByLabel('colour, row 1').waitFor()
  assert.deepEqual(complaints, [])
})

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing on the pages of keywords, and nothing sticks out: ${name}`, async () => {
    const { page, complaints } = await visit(browser, house.door, screen)
    const findings: Record<string, string[]> = {}
    for (const path of [
      '/keywords',
      '/keywords/new',
      '/keywords/new?kind=http',
      `/keywords/${ids.hours}`,
      `/keywords/${ids.prices}`,
      `/keywords/${ids.departures}`,
    ]) {
      await page.goto(house.url + path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      const folded = page.locator('main button[aria-expanded=false]')
      while ((await folded.count()) > 0) await folded.first().click()
      // A service that is not written yet cannot be tried.
      if (!path.includes('/new')) {
        await page.getByLabel(/Was jemand schreibt|What somebody writes/).fill('Departures Altona')
        await page.keyboard.press('Enter')
        await page.locator('summary').first().click()
      }
      const found = await look(page)
      if (found.length > 0) findings[path] = found
    }
    assert.deepEqual(findings, {})
    assert.deepEqual(complaints, [])
  })
}
