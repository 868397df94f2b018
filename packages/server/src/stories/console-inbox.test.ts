import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { eventually } from './house.ts'
import { screens } from './screens.ts'

const browser = await openBrowser()
const house = await openConsoleHouse()

/** What a virtual phone writes to us. */
const phone = (n: number) => `+4917000${String(20_000 + n)}`
const write = (n: number, text: string) =>
  house.api('POST', `/v1/sandbox/handsets/${encodeURIComponent(phone(n))}/messages`, { to: '7678', text })
const heard = (n: number) => house.api('GET', `/v1/sandbox/handsets/${encodeURIComponent(phone(n))}/messages`)

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
async function talkWith(n: number): Promise<any> {
  const { body } = await house.api('GET', `/v1/inbox/conversations?q=${encodeURIComponent(phone(n))}`)
  return body.data[0]
}
const rows = (page: Page) => page.getByRole('region', { name: 'Conversations' }).getByRole('listitem')
const names = async (page: Page) => (await rows(page).allTextContents()).map((text) => text.slice(0, 15))

test('an empty inbox teaches: a press lets a phone write, and the conversation appears', async () => {
  const { page, complaints } = await visit(browser, house.at('/inbox'))
  await page.getByRole('heading', { name: 'Nobody has written yet' }).waitFor()
  await page.getByRole('button', { name: 'Let a phone write to us' }).click()
  await rows(page).getByText('are you open on Saturday').waitFor()
  await page
    .getByLabel('1 conversations have something new')
    .or(page.getByText('1 conversations have something new'))
    .first()
    .waitFor()
  assert.deepEqual(complaints, [])
})

test('by keyboard alone: open, answer, note, close, take it back', async () => {
  await write(1, 'Is my bike ready?')
  const { page, complaints } = await visit(browser, house.at('/inbox'))
  await rows(page).getByText('Is my bike ready?').waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { level: 1, name: '+49 170 0020001' }).waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('Yes, since noon.')
  await page.keyboard.press('Control+Enter')
  const thread = page.getByRole('region', { name: 'What was said' })
  await thread.getByText('Yes, since noon.').waitFor()
  await thread.getByText('delivered').waitFor()
  assert.deepEqual(
    (await heard(1)).body
      .filter(({ direction }: { direction: string }) => direction === 'in')
      .map(({ text }: { text: string }) => text),
    ['Yes, since noon.'],
  )
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.type('Paid already')
  await page.keyboard.press('Control+Enter')
  await thread.getByText('Paid already').waitFor()
  await page.keyboard.press('Escape')
  assert.equal((await heard(1)).body.length, 2, 'a note goes to nobody')
  await page.keyboard.press('e')
  await page.getByText('Closed.').waitFor()
  assert.equal((await talkWith(1)).state, 'closed')
  await page.keyboard.press('z')
  await page.getByText('Taken back.').waitFor()
  assert.equal((await talkWith(1)).state, 'waiting', 'as it was before')
  assert.deepEqual(complaints, [])
})

test('the list does not jump under a reader: what is new waits, and is shown when they ask', async () => {
  await Promise.all([write(10, 'First'), write(11, 'Second')])
  const { page } = await visit(browser, house.at('/inbox'))
  await rows(page).getByText('First').waitFor()
  await rows(page).getByText('Second').waitFor()
  await rows(page).nth(1).click()
  await page.getByRole('region', { name: 'What was said' }).waitFor()
  const before = await names(page)
  await write(12, 'Third')
  await page.getByRole('button', { name: 'Show 1 new one' }).waitFor()
  assert.deepEqual(await names(page), before)
  await page.getByRole('button', { name: 'Show 1 new one' }).click()
  await rows(page).getByText('Third').waitFor()
  assert.equal((await names(page)).length, before.length + 1)
})

test('two agents at one conversation see each other, before they answer twice', async () => {
  await write(20, 'Who is there?')
  const { body: key } = await house.api('POST', '/v1/keys', { name: 'Ben', scopes: ['inbox', 'events'] })
  const one = await visit(browser, house.at('/inbox'))
  await rows(one.page).getByText('Who is there?').waitFor()
  const { id } = await talkWith(20)
  await one.page.goto(`${house.url}/inbox?talk=${id}`)
  const other = await visit(browser, `${house.url}/inbox?talk=${id}#key=${key.key}`)
  await one.page.getByText('Ben is looking at this too.').waitFor()
  await other.page.getByRole('textbox', { name: /^Reply to/ }).pressSequentially('I am')
  await one.page.getByText('Ben is typing an answer.').waitFor()
  await other.page.keyboard.press('Control+Enter')
  await one.page.getByRole('region', { name: 'What was said' }).getByText('I am').waitFor()
  await other.page.goto(`${house.url}/inbox`)
  await one.page.getByText('Ben is').first().waitFor({ state: 'detached' })
  assert.deepEqual(other.complaints, [])
})

test('a doubtful STOP is shown with its words, and recorded with two presses', async () => {
  await write(30, 'Please stop this nonsense')
  const { page } = await visit(browser, house.at('/inbox?view=flagged'))
  await rows(page).getByText('Please stop this nonsense').click()
  await page.getByRole('button', { name: 'Record the opt-out' }).click()
  await page.getByRole('button', { name: 'Record it' }).click()
  await page.getByText('does not want anything').waitFor()
  await page.getByText('They want nothing any more. Answer only what they ask.').waitFor()
  const { flags } = await talkWith(30)
  assert.deepEqual(flags, [])
})

test('a canned answer comes by a slash and its shortcut, filled in', async () => {
  await house.api('POST', '/v1/inbox/canned-answers', {
    ...{ shortcut: 'hours', title: 'Opening hours', text: 'We are open from 7 to 12. {{agent}}' },
  })
  await write(40, 'When are you open?')
  const { page } = await visit(browser, house.at('/inbox'))
  await rows(page).getByText('When are you open?').click()
  const field = page.getByRole('textbox', { name: /^Reply to/ })
  await field.fill('/ho')
  await page.getByRole('option', { name: /hours/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('listbox').waitFor({ state: 'detached' })
  assert.equal(await field.inputValue(), 'We are open from 7 to 12. Bootstrap')
})

test('what it costs is said before it goes, by a segment: in the inbox, and on the page for one message', async () => {
  const { body: routes } = await house.api('GET', '/v1/routes')
  const { page } = await visit(browser, house.at('/'))
  await page.getByLabel('Text', { exact: true }).fill('Hello')
  await page.getByText('1 segment', { exact: true }).waitFor()
  assert.equal(await page.getByText(/^about/).count(), 0, 'nobody has said what it costs')
  await house.api('PATCH', `/v1/routes/${routes.data[0].id}`, { cost: 0.075 })
  await page.goto(`${house.url}/inbox?talk=${(await talkWith(40)).id}`)
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('x'.repeat(161))
  await page.getByText('about €0.15', { exact: true }).waitFor()
  await page.goto(house.url)
  await page.getByText('about €0.075', { exact: true }).waitFor()
})

test('two conversations of one person are made one by hand: both are seen first, and what becomes of them is said', async () => {
  await Promise.all([write(60, 'Have you got rye bread?'), write(61, 'It is me again, from my other phone')])
  await eventually(async () => Boolean((await talkWith(60)) && (await talkWith(61))))
  const [stays, goes] = await Promise.all([talkWith(60), talkWith(61)])
  await house.api('POST', `/v1/inbox/conversations/${goes.id}/hand-over`, { to: 'orders' })
  const { page, complaints } = await visit(browser, house.at(`/inbox?talk=${goes.id}`))
  const colleague = await visit(browser, house.at(`/inbox?talk=${goes.id}`))
  await page.getByText('orders, a program of yours, answers here').waitFor()
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Half a sentence')
  await page.getByRole('button', { name: 'Same person as in …' }).click()
  await page.getByLabel('Words, names or a number').last().fill('rye bread')
  await page.getByRole('button', { name: 'Choose the conversation with +49 170 0020060' }).click()
  await page.getByRole('button', { name: 'The other way round' }).click()
  await page.getByText('Afterwards it is open, with nobody.').waitFor()
  assert.deepEqual(await look(page), [])
  await page.getByLabel('Type MERGE to confirm').fill('MERGE')
  await page.keyboard.press('Enter')
  await page.getByText('They are one now.').waitFor()
  await page.waitForURL(`**/inbox?talk=${stays.id}`)
  const thread = page.getByRole('region', { name: 'What was said' })
  for (const text of ['Have you got rye bread?', 'It is me again, from my other phone'])
    await thread.getByText(text).waitFor()
  assert.equal(await page.getByRole('textbox', { name: /^Reply to/ }).inputValue(), 'Half a sentence')
  await colleague.page.waitForURL(`**/inbox?talk=${stays.id}`)
  assert.deepEqual([...complaints, ...colleague.complaints], [])
})

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing in the inbox, and nothing sticks out: ${name}`, async () => {
    await write(50, 'Guten Tag, können Sie mir mit meiner Bestellung 4711 helfen? Ich warte seit Tagen.')
    const { page, complaints } = await visit(browser, house.at('/inbox'), screen)
    await page.getByText('Bestellung 4711').first().waitFor()
    const { id } = await talkWith(50)
    const findings: Record<string, string[]> = {}
    for (const path of ['/inbox', `/inbox?talk=${id}`, '/inbox?q=nothing', '/inbox/settings']) {
      await page.goto(house.url + path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      const found = await look(page)
      if (found.length > 0) findings[path] = found
    }
    await page.goto(`${house.url}/inbox?talk=${id}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    const found = await look(page)
    if (found.length > 0) findings.help = found
    assert.deepEqual(findings, {})
    assert.deepEqual(complaints, [])
  })
}
