import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, openStory } from './house.ts'

const story = await openStory()
const { api } = story

async function upload(bytes: Buffer, pieceBytes: number): Promise<string> {
  const { body } = await api('POST', '/v1/contact-imports', { file_name: 'Kunden.csv' })
  for (let n = 0; n * pieceBytes < bytes.length; n++) {
    const piece = bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes)
    const answer = await fetch(`${story.url}/v1/contact-imports/${body.id}/chunks/${n}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${story.key}`, 'content-type': 'text/csv' },
      body: new Uint8Array(piece),
    })
    assert.equal(answer.status, 204)
  }
  return `/v1/contact-imports/${body.id}`
}

async function finished(path: string) {
  let last: { state: string } = { state: '' }
  await eventually(async () => {
    last = (await api('GET', path)).body
    return !['ready', 'running'].includes(last.state)
  })
  // biome-ignore lint/suspicious/noExplicitAny: stories look into answers of every shape
  return last as any
}

test('a German spreadsheet in windows-1252 is understood, taken in, and its bad rows come back as a file', async () => {
  await api('PUT', '/v1/contact-attributes/umsatz', { label: 'Umsatz', type: 'number' })
  const { body: list } = await api('POST', '/v1/lists', { name: 'Import im Mai' })
  const text = [
    'Vorname;Nachname;Handy;PLZ;Umsatz;Geburtstag;Schlagworte',
    'Jürgen;Groß;0151 23456701;89073;1.234,50;24.12.1970;Stamm,Süd',
    '"Schmidt; Söhne";;+49 151 23456702;10115;7;;Neu',
    'Zoë;Ohne Nummer;keine;;;;',
    'Jürgen;Groß;004915123456701;;99,5;;',
    ';;0151 23456703;;viel;;',
  ].join('\r\n')
  const path = await upload(Buffer.from(text, 'latin1'), 100)
  const { body: seen } = await api('POST', `${path}/inspect`, {})
  assert.deepEqual(
    { ...seen.format, columns: seen.format.columns.map((column: { to: string }) => column.to) },
    {
      encoding: 'windows-1252',
      delimiter: ';',
      header: true,
      columns: ['first_name', 'last_name', 'phone', 'postcode', 'attribute:umsatz', null, 'tags'],
    },
  )
  assert.equal(seen.format.columns[5].attribute.type, 'date')
  const mapping = seen.format.columns.map((column: { to: string }) => column.to)
  const { body: preview } = await api('POST', `${path}/preview`, { mapping })
  assert.equal(preview.data[0].contact.name, 'Jürgen Groß')
  assert.equal(preview.data[2].problems[0].code, 'invalid_number')

  assert.equal((await api('POST', `${path}/start`, { mapping, list: list.id, tags: ['mai'] })).status, 202)
  const done = await finished(path)
  assert.deepEqual(
    [done.state, done.rows, done.created, done.updated, done.failed, done.done],
    ['finished', 5, 2, 1, 2, 1],
  )
  const { body: people } = await api('GET', `/v1/contacts?list=${list.id}`)
  const ours = people.data.find((each: { name: string }) => each.name === 'Jürgen Groß')
  assert.deepEqual(ours.attributes, { umsatz: 99.5 }, 'the later row of the same person counts')
  assert.deepEqual(ours.tags, ['Stamm', 'Süd', 'mai'])
  assert.equal((await api('GET', '/v1/contacts?find=juergen')).body.data.length, 0)
  assert.equal((await api('GET', `/v1/contacts?find=${encodeURIComponent('jürg')}`)).body.data.length, 1)
  assert.equal((await api('GET', '/v1/contacts?find=0151234567')).body.data.length, 2)

  const file = await fetch(`${story.url}${path}/errors.csv`, {
    headers: { authorization: `Bearer ${story.key}` },
  })
  const lines = (await file.text()).split('\r\n')
  assert.match(lines[1]!, /^Zoë;Ohne Nummer;keine;;;;;3;Handy: This is not a phone number/)
  assert.match(lines[2]!, /;5;Umsatz: This does not fit/)
  assert.equal((await story.event('import.finished')).failed, 2)
})

test('the same file again changes nobody', async () => {
  const text = 'phone,name\n+4915199990001,A\n+4915199990002,B\n'
  for (const expected of [
    [2, 0, 0],
    [0, 0, 2],
  ]) {
    const path = await upload(Buffer.from(text), 7)
    const { body } = await api('POST', `${path}/inspect`, {})
    const mapping = body.format.columns.map((column: { to: string }) => column.to)
    await api('POST', `${path}/start`, { mapping })
    const { created, updated, unchanged } = await finished(path)
    assert.deepEqual([created, updated, unchanged], expected)
  }
})

test('a file whose quotation mark never ends is refused as it is looked at', async () => {
  const path = await upload(
    Buffer.from(`phone;name\n+4915199990003;A\n+4915199990004;"B${'x'.repeat(80_000)}`),
    1_000_000,
  )
  const { body } = await api('POST', `${path}/inspect`, {})
  assert.equal(body.error.code, 'import_unreadable')
})

test('each step is refused before its time, and a gap in the file is noticed', async () => {
  const { body } = await api('POST', '/v1/contact-imports', { file_name: 'x.csv' })
  const path = `/v1/contact-imports/${body.id}`
  assert.equal((await api('POST', `${path}/start`, { mapping: ['phone'] })).body.error.code, 'import_closed')
  assert.equal((await api('POST', `${path}/inspect`, {})).body.error.code, 'import_incomplete')
  assert.equal((await api('POST', `${path}/stop`)).body.state, 'stopped')
  assert.equal((await api('POST', `${path}/stop`)).status, 409)
})
