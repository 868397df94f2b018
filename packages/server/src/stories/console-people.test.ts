import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, visit } from './browser.ts'
import { look, openConsoleHouse } from './console-house.ts'
import { eventually } from './house.ts'
import { screens } from './screens.ts'

const house = await openConsoleHouse()
const browser = await openBrowser()
const { api, at } = house

/** People, a list, a segment, a topic and two imports: one taken in, one that waits for its mapping. */
async function furnish() {
  for (const [key, body] of Object.entries({
    city: { label: 'Stadt', type: 'text' },
    points: { label: 'Punkte', type: 'number' },
    member: { label: 'Mitglied', type: 'boolean' },
  }))
    assert.equal((await api('PUT', `/v1/contact-attributes/${key}`, body)).status, 200)
  const { body: made } = await api('POST', '/v1/contacts/batch', {
    contacts: Array.from({ length: 60 }, (_, n) => ({
      external_id: `K-${1000 + n}`,
      name: n === 0 ? 'Ada Lovelace' : `Person ${n} aus dem langen Verzeichnis`,
      language: n % 2 ? 'de' : 'en',
      tags: n % 3 ? ['Stammkunde'] : ['Stammkunde', 'vip'],
      attributes: { city: n % 2 ? 'Ulm' : 'Köln', points: n * 10, member: n % 4 === 0 },
      addresses: [
        { channel: 'sms', address: `+49151200000${String(n).padStart(2, '0')}` },
        ...(n % 5 ? [] : [{ channel: 'email', address: `person${n}@example.org` }]),
      ],
    })),
  })
  const ada = made.results[0].id
  for (const n of [1, 2])
    await api('POST', '/v1/contacts', {
      name: 'Grete Doppel',
      addresses: [{ channel: 'sms', address: `+4915250000${n}00` }],
    })
  const { body: list } = await api('POST', '/v1/lists', { name: 'Newsletter', description: 'Alle vom Stand' })
  await api('POST', `/v1/lists/${list.id}/members`, {
    add: made.results.map(({ id }: { id: string }) => id),
  })
  await api('POST', `/v1/contacts/${ada}/notes`, { note: 'Ruft lieber an.' })
  const definition = {
    all: [
      { tag: 'vip' },
      {
        any: [
          { attribute: 'points', op: 'above', value: 100 },
          { field: 'language', op: 'is', value: 'de' },
        ],
      },
    ],
  }
  const { body: segment } = await api('POST', '/v1/segments', { name: 'Gute Kunden', definition })
  const upload = async (text: string) => {
    const { body } = await api('POST', '/v1/contact-imports', { file_name: 'Kunden Mai.csv' })
    await fetch(`${house.url}/v1/contact-imports/${body.id}/chunks/0`, {
      method: 'PUT',
      headers: { authorization: house.authorization, 'content-type': 'text/csv' },
      body: text,
    })
    const { body: seen } = await api('POST', `/v1/contact-imports/${body.id}/inspect`, {})
    return seen
  }
  const waiting = await upload(
    'Name;Handy;Ort;Geburtstag\nEva;0151 30000001;Kiel;24.12.1970\nMax;keine;Trier;1.1.1980\n',
  )
  const done = await upload('Name;Handy\nEva;0151 30000001\nMax;keine\n')
  await api('POST', `/v1/contact-imports/${done.id}/start`, { mapping: ['name', 'phone'] })
  await eventually(async () => (await api('GET', `/v1/contact-imports/${done.id}`)).body.state === 'finished')
  return { ada, list: list.id, segment: segment.id, waiting: waiting.id, done: done.id }
}

test('every room about people, empty, is in order in both languages', async () => {
  const paths = ['/people', '/people/import', '/lists', '/segments', '/audiences', '/people/duplicates']
  for (const [n, options] of Object.values(screens).entries()) {
    const { page, complaints } = await visit(browser, at('/people/data'), options)
    // Each is looked at once: what is wrong with an empty page is wrong in both languages.
    for (const path of paths.filter((_, at) => at % 2 === n)) {
      await page.goto(house.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      assert.deepEqual(await look(page), [], `${options.locale} ${path}`)
    }
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
})

const furniture = await furnish()

test('every room about people, furnished, is in order: wide and narrow, light and dark, in both languages', async () => {
  const { ada, list, segment, waiting, done } = furniture
  const paths = [
    `/people?list=${list}&act=new`,
    '/people/duplicates',
    '/people/data',
    `/people/${ada}?act=edit`,
    `/people/${ada}?act=merge`,
    `/people/${ada}?act=erase`,
    `/people/import?id=${waiting}`,
    `/people/import?id=${done}`,
    '/lists?edit=new',
    `/segments?edit=${segment}`,
    `/audiences?act=new&segment=${segment}`,
  ]
  for (const options of Object.values(screens)) {
    const { page, complaints } = await visit(browser, at('/people'), options)
    for (const path of paths) {
      await page.goto(house.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      assert.deepEqual(await look(page), [], `${options.locale} ${path}`)
      assert.deepEqual(complaints, [], path)
    }
  }
})

test('somebody is found, changed, and erased only after the typed word', async () => {
  const { page, complaints } = await visit(browser, at('/people'))
  await page.getByLabel('Name, number, e-mail or external id').fill('lovel')
  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('Stadt').fill('London')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('London', { exact: true }).waitFor()
  assert.equal((await api('GET', `/v1/contacts/${furniture.ada}`)).body.attributes.city, 'London')

  await page.getByRole('button', { name: 'Erase', exact: true }).click()
  const act = page.getByRole('button', { name: 'Erase for good' })
  assert.equal(await act.getAttribute('aria-disabled'), 'true', 'not without the word')
  await page.getByLabel('Type ERASE').fill('ERASE')
  await act.click()
  await page.getByText('The receipt is ers_').waitFor()
  assert.equal((await api('GET', `/v1/contacts/${furniture.ada}`)).status, 404)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a segment says in words whom it selects and counts them as it is built', async () => {
  const { page } = await visit(browser, at('/segments?edit=new'))
  await page.getByLabel('Name', { exact: true }).fill('Vips')
  await page.getByText('Fill in every condition').waitFor()
  await page.getByLabel('Value').fill('vip')
  await page.getByText('Everybody of whom this holds: has the tag “vip”.').waitFor()
  await page.getByText('19 people').waitFor()
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByLabel('What').nth(1).selectOption({ label: 'Punkte' })
  await page.getByLabel('How', { exact: true }).selectOption('at_least')
  await page.getByLabel('Value').nth(1).fill('500')
  await page.getByText('3 people').waitFor()
  await page.getByRole('button', { name: 'Keep the segment' }).click()
  await page.getByRole('link', { name: 'Vips' }).waitFor()
  const { body } = await api('GET', '/v1/segments')
  const kept = body.data.find(({ name }: { name: string }) => name === 'Vips')
  assert.deepEqual(kept.definition, {
    all: [{ tag: 'vip' }, { attribute: 'points', op: 'at_least', value: 500 }],
  })

  const { body: list } = await api('POST', '/v1/lists', { name: 'Messe' })
  const { id: member } = (await api('GET', '/v1/contacts?limit=1')).body.data[0]
  await api('POST', `/v1/lists/${list.id}/members`, { add: [member] })
  const { body: asks } = await api('POST', '/v1/segments', {
    ...{ name: 'Von der Messe', definition: { all: [{ list: list.id }] } },
  })
  await page.goto(`${house.url}/lists?remove=${list.id}`)
  await page
    .getByText(
      /^One person is on it .*no longer be counted or sent to: Von der Messe\. This cannot be undone\.$/,
    )
    .waitFor()
  await page.getByLabel('Type Messe to confirm').fill('Messe')
  await page.getByRole('button', { name: 'Delete the list' }).click()
  await page.getByRole('row', { name: 'Messe' }).waitFor({ state: 'detached' })
  assert.equal((await api('GET', `/v1/contacts/${member}`)).status, 200)
  assert.equal((await api('DELETE', `/v1/segments/${asks.id}`)).status, 204)
  await page.context().close()
})

test('before it goes out one sees who gets what; then it is held, and can be stopped', async () => {
  const { body: routes } = await api('GET', '/v1/routes')
  await api('PATCH', `/v1/routes/${routes.data[0].id}`, { cost: 0.5 })
  const { page } = await visit(browser, at(`/audiences?act=new&segment=${furniture.segment}`))
  await page.getByLabel('Kind').selectOption('transactional')
  await page.getByLabel('Text', { exact: true }).fill('Hallo {{first_name}}, {{points}} Punkte!')
  await page.getByRole('button', { name: 'Look at it first' }).click()
  await page.getByText('Before it goes out').waitFor()
  await page
    .getByText(/Hallo Person, \d+ Punkte!/)
    .first()
    .waitFor()
  await page.getByText(/^About €\d+\.\d\d in all/).waitFor()
  await page.getByRole('button', { name: /^Send to \d+ people$/ }).click()
  await page.getByText(/Goes out in \d+ s/).waitFor()
  assert.deepEqual(await look(page), [])
  await page.getByRole('button', { name: 'Do not send' }).click()
  await page.getByText('Stopped. 0 were queued').waitFor()
  assert.equal((await api('GET', '/v1/messages')).body.data.length, 0)
  await page.context().close()
})

test('a file is uploaded, mapped and taken in by the wizard, with a new attribute', async () => {
  const { page } = await visit(browser, at('/people/import'))
  const text = 'Vorname;Handy;Lieblingsfarbe\nUli;0151 40000001;rot\nOle;0151 40000002;blau\n'
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'Farben.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.getByText('What is in which column?').waitFor()
  await page.getByLabel('Lieblingsfarbe becomes').selectOption({ label: 'New attribute “Lieblingsfarbe”' })
  await page.getByText('Uli, +4915140000001').waitFor()
  await page.getByRole('button', { name: 'Take the people in' }).click()
  await page.getByText('2 new, 0 changed, 0 known already.').waitFor()
  const { body } = await api('GET', '/v1/contacts?find=uli')
  assert.deepEqual(body.data[0].attributes, { lieblingsfarbe: 'rot' })
  await page.context().close()
})

test('two who are one are made one and parted; attributes, postcodes and the end of data are set by hand', async () => {
  const { page, complaints } = await visit(browser, at('/people'))
  await page.getByRole('link', { name: 'Perhaps twice' }).click()
  const twice = page.getByRole('region', { name: 'The same name: Grete Doppel' })
  await twice.getByRole('button', { name: 'Keep Grete Doppel' }).first().click()
  await page.getByText('Grete Doppel has taken the others in.').waitFor()
  await twice.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Part again' }).click()
  await page.getByText('They are as they were.').waitFor()
  await twice.waitFor()

  await page.goto(`${house.url}/people/data`)
  await page.getByRole('button', { name: 'Add an attribute' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Größe (cm)')
  assert.equal(await page.getByLabel('Key').inputValue(), 'grosse_cm')
  await page.getByLabel('Kind').selectOption('number')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: 'Größe (cm)' }).getByText('{{grosse_cm}}').waitFor()
  await page.getByRole('button', { name: 'Delete: Größe (cm)' }).click()
  await page.getByLabel('Type grosse_cm to confirm').fill('grosse_cm')
  await page.getByRole('button', { name: 'Delete the attribute' }).click()
  await page.getByRole('row', { name: 'Größe (cm)' }).waitFor({ state: 'detached' })

  const places = page.getByRole('region', { name: 'Postcodes' })
  const file = { name: 'plz.csv', mimeType: 'text/csv', buffer: Buffer.from('89073;48.40;9.99\n') }
  await places.locator('input[type=file]').setInputFiles(file)
  await places.getByText('One is known.').waitFor()
  await places.getByRole('button', { name: 'Forget all' }).click()
  await places.getByRole('button', { name: 'Forget all postcodes' }).click()
  await places.getByText('None is known yet').waitFor()

  const stay = page.getByRole('region', { name: 'How long data stays' })
  await stay.getByRole('button', { name: 'Change' }).click()
  await stay.getByLabel('Texts of messages').fill('90')
  await stay.getByRole('button', { name: 'Keep it so' }).click()
  await stay.getByLabel('Type DELETE').fill('DELETE')
  await stay.getByRole('button', { name: 'Keep it so' }).click()
  await stay.getByText('90 days').waitFor()
  assert.equal((await api('GET', '/v1/retention')).body.bodies_days, 90)
  assert.deepEqual(complaints, [])
  await page.context().close()
})
