import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { stepAt, totpCode } from '../accounts/totp.ts'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { eventually } from './house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()
const password = 'a horse in the post office'
await house.api('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/hook', description: 'Shop' })

/** Passkeys are bound to names, so people are at localhost here. */
const local = house.url.replace('127.0.0.1', 'localhost')
const invite = async (email: string, name: string, role: string): Promise<string> => {
  const { body } = await house.api('POST', '/v1/invitations', { email, name, role })
  return body.link.replace('127.0.0.1', 'localhost')
}
/** Takes an invitation, as somebody who has the link would. */
async function newcomer(email: string, name: string, role: string) {
  const visitor = await visit(browser, await invite(email, name, role))
  await visitor.page.getByLabel('Password', { exact: true }).fill(password)
  await visitor.page.getByRole('button', { name: 'Go in' }).click()
  await visitor.page.getByRole('navigation', { name: 'Main' }).waitFor()
  return visitor
}
const signIn = async (page: Page, email: string) => {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
const signOut = async (page: Page) => {
  await page.locator('header').getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

test('a link leads in, a password leads back in, and a wrong one is told so without a word of what was wrong', async () => {
  const { page, complaints } = await newcomer('ada@example.org', 'Ada', 'admin')
  assert.equal(new URL(page.url()).hash, '')
  await signOut(page)
  assert.deepEqual(complaints, [])
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('not this one')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('E-mail, password or code do not fit.').waitFor()
  await signIn(page, 'ada@example.org')
  await page.getByRole('heading', { name: 'Write a message' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Write a message' }).waitFor()
})

test('a link that was used says so and leads to the sign-in', async () => {
  const link = await invite('once@example.org', 'Once', 'agent')
  const first = await visit(browser, link)
  await first.page.getByLabel('Password', { exact: true }).fill(password)
  await first.page.getByRole('button', { name: 'Go in' }).click()
  await first.page.getByRole('navigation', { name: 'Main' }).waitFor()
  const { page } = await visit(browser, link)
  await page.getByRole('heading', { name: 'This link opens nothing any more' }).waitFor()
  await page.getByRole('button', { name: 'To the sign-in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('codes are set up with a picture drawn here, and asked for at the next sign-in', async () => {
  const { page } = await newcomer('dora@example.org', 'Dora', 'developer')
  await page.goto(`${local}/my-access`)
  await page.getByRole('button', { name: 'Set up codes' }).click()
  await page.getByRole('img', { name: 'QR code of the secret' }).waitFor()
  const text = (await page.locator('form code').first().textContent())!.replaceAll(' ', '')
  const secret = unbase32(text)
  await page.getByLabel('Code', { exact: true }).fill(totpCode(secret, stepAt(new Date())))
  await page.getByRole('button', { name: 'Ask for codes from now on' }).click()
  // Before the answer there is another code in its place: the secret.
  await page.getByRole('button', { name: 'I have kept them' }).waitFor()
  const [recovery] = (await page.locator('section code').first().textContent())!.split('\n')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page
    .getByText('On. Each sign-in by password asks for a code. Recovery codes that are left: 10.')
    .waitFor()
  await signOut(page)
  await signIn(page, 'dora@example.org')
  // The code of the set-up is used; the next step counts already.
  await page.getByLabel('Code', { exact: true }).fill(totpCode(secret, stepAt(new Date()) + 1))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'My access' }).waitFor()
  await signOut(page)
  await signIn(page, 'dora@example.org')
  await page.getByLabel('Code', { exact: true }).fill(recovery!)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('Recovery codes that are left: 9.').waitFor()
})

function unbase32(text: string): Buffer {
  const digits = [...text].map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char))
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
}

test('a passkey is added and signs in without a word', async () => {
  const { page } = await newcomer('pia@example.org', 'Pia', 'admin')
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  await page.goto(`${local}/my-access`)
  await page.getByLabel('What is this device called?').fill('Notebook')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('not used yet').waitFor()
  await signOut(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
})

test('users are invited, get another role, and are removed after a typed word', async () => {
  const { page } = await newcomer('otto@example.org', 'Otto', 'admin')
  await page.goto(`${local}/users`)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('E-mail').fill('nina@example.org')
  await page.getByLabel('Name', { exact: true }).fill('Nina')
  assert.equal(await page.getByRole('radio', { name: 'Owner' }).count(), 0, 'an admin makes no owners')
  await page.getByRole('radio', { name: 'Marketer' }).check()
  await page.getByRole('button', { name: 'Make the invitation' }).click()
  await page.getByRole('heading', { name: 'The invitation for Nina' }).waitFor()
  const link = (await page.locator('code', { hasText: '/welcome#' }).textContent())!
  await page.getByRole('button', { name: 'I have handed it over' }).click()
  await page.getByRole('button', { name: 'Withdraw the invitation for Nina' }).waitFor()

  const nina = await visit(browser, link)
  await nina.page.getByText('as Marketer').waitFor()
  await nina.page.getByLabel('Password', { exact: true }).fill(password)
  await nina.page.getByRole('button', { name: 'Go in' }).click()
  await nina.page.getByRole('navigation', { name: 'Main' }).waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'Change Nina' }).click()
  await page.getByRole('menuitem', { name: 'Give another role' }).click()
  await page.getByRole('radio', { name: 'Agent' }).check()
  await page.getByRole('button', { name: 'Give the role' }).click()
  await page.getByRole('row', { name: 'Nina' }).getByText('Answers conversations').waitFor()
  await nina.page.reload()
  await nina.page.waitForURL('**/inbox')
  const rail = nina.page.getByRole('navigation', { name: 'Main' })
  assert.equal(await rail.getByRole('link', { name: 'Carriers' }).count(), 0)
  assert.equal(await rail.getByRole('link', { name: 'API keys' }).count(), 0)
  await nina.page.goto(`${local}/keys`)
  await nina.page.getByRole('heading', { name: 'Your role does not reach here' }).waitFor()

  await page.getByRole('button', { name: 'Change Nina' }).click()
  await page.getByRole('menuitem', { name: 'Remove', exact: true }).click()
  await page.getByLabel('Type nina@example.org to confirm').fill('nina@example.org')
  await page.getByRole('button', { name: 'Remove the user' }).click()
  await eventually(async () => (await page.getByRole('row', { name: 'Nina' }).count()) === 0)
  await nina.page.reload()
  await nina.page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('a key is made, shown once and revoked; the log tells of both', async () => {
  const { page } = await newcomer('kurt@example.org', 'Kurt', 'admin')
  await page.goto(`${local}/keys?edit=new`)
  await page.getByLabel('Name', { exact: true }).fill('shop')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByRole('heading', { name: 'The key shop' }).waitFor()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('button', { name: 'Change shop' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await page.getByLabel('Type shop to confirm').fill('shop')
  await page.getByRole('button', { name: 'Revoke the key' }).click()
  await page.getByRole('row', { name: 'shop' }).getByText('revoked').waitFor()
  await page.goto(`${local}/audit`)
  await page.getByText('DELETE /v1/keys/:id').first().waitFor()
  await page.getByText('POST /v1/keys', { exact: true }).first().waitFor()
})

for (const [name, screen] of Object.entries(screens)) {
  test(`axe finds nothing at the door and in the rooms of settings, and nothing sticks out: ${name}`, async () => {
    const findings: Record<string, string[]> = {}
    const see = async (what: string, page: Page) => {
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      const found = await look(page)
      if (found.length > 0) findings[what] = found
    }
    const door = await visit(browser, local, screen)
    await door.page.getByRole('heading', { level: 1 }).waitFor()
    await see('door', door.page)
    const link = await invite(`look${screen.viewport.width}@example.org`, 'Luise Meyer', 'admin')
    const { page, complaints } = await visit(browser, link, screen)
    await page.locator('input[type=password]').fill(password)
    await see('welcome', page)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').first().waitFor()
    for (const path of ['/users?edit=new', '/my-access', '/keys?edit=new', '/webhooks?edit=new', '/audit']) {
      await page.goto(local + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await see(path, page)
    }
    assert.deepEqual(findings, {})
    assert.deepEqual(complaints, [])
  })
}

test('an auditor reads every room, and sees no button that the server would refuse', async () => {
  const { id } = (await house.api('GET', '/v1/carriers')).body.data[0]
  const { body: topic } = await house.api('POST', '/v1/topics', { name: 'Angebote', language: 'de' })
  const { body: service } = await house.api('POST', '/v1/keyword-services', {
    ...{ name: 'Hours', kind: 'template', keywords: [{ word: 'HOURS' }] },
    texts: { answer: { en: 'Nine to five.' } },
  })
  const { page, complaints } = await newcomer('aud@example.org', 'Aud', 'auditor')
  await page.getByText('Reads only').waitFor()
  /** Words of buttons and links that change something, wherever they stand. */
  const changes =
    /^(Add|Make|New|Change|Edit|Delete|Remove|Save|Pause|Resume|Drain|Import|Invite|Merge|Erase|Give|Upload|Write|Answer)\b/
  const found: string[] = []
  for (const path of [
    ...[`/carriers/${id}`, '/carriers/new', '/routes', '/smpp-logins', '/numbers', '/people/data'],
    ...['/segments?edit=new', `/topics?edit=${topic.id}`, '/opt-outs?act=import', '/quiet-hours'],
    ...[`/keywords/${service.id}`, '/inbox/settings', '/keys?edit=new', '/webhooks?edit=new'],
  ]) {
    await page.goto(local + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    for (const role of ['button', 'link'] as const)
      for (const each of await page.locator('main').getByRole(role, { disabled: false }).all()) {
        const words = (await each.getAttribute('aria-label')) ?? (await each.innerText())
        if (changes.test(words)) found.push(`${path}: ${words}`)
      }
  }
  assert.deepEqual(found, [])
  assert.deepEqual(complaints, [], 'nothing was asked for that is refused')
})
