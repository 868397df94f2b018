import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KurzpostError } from '../../errors.ts'
import { keywordsBench, phone } from './testing.ts'

const bench = await keywordsBench()
const { add, call, receive } = bench
const table = '/v1/keyword-services/:id/table'
const quota = { per_hour: null, per_day: null }
const last = async (to = phone) => (await bench.sent(to)).at(-1)

const plan = await add({
  name: 'Timetable',
  kind: 'table',
  keywords: [{ word: 'PLAN' }],
  quota,
  texts: { answer: { en: '{{time}} {{line}} {{stop}}' } },
  most_rows: 2,
})
const params = { id: plan.id }
const upload = (file: string | Buffer, query = {}) =>
  call('PUT', table, { params, query, body: typeof file === 'string' ? Buffer.from(file) : file })

test('a file becomes a table; people find its rows by what they write, however they write it', async () => {
  const made = await upload(
    'line;stop;time\nS3;Köln Hbf;9:00\nS3;Köln Hbf;9:20\nS3;Köln Hbf;9:40\nU1;Dom;9:05\n',
    {
      key: 'line,stop',
    },
  )
  assert.deepEqual(
    [made.row_count, made.without_key, made.columns.map(({ key }: { key: unknown }) => key)],
    [4, 0, ['argument', 'argument', null]],
  )
  await receive('plan s3 KOELN HBF')
  assert.equal(await last(), '9:00 S3 Köln Hbf\n9:20 S3 Köln Hbf\n(there is more)')
  await receive('PLAN U1')
  assert.equal(await last(), '9:05 U1 Dom', 'fewer words than columns find all that fits')
  await receive('PLAN')
  assert.equal(await last(), 'Please send: PLAN <line> [stop]')
})

test('what is not there is said, with what is close to it', async () => {
  await receive('PLAN S3 Köln')
  assert.equal(await last(), 'Nothing found for "S3 Köln". Did you mean Köln Hbf?')
  await receive('PLAN S3 Altona')
  assert.equal(await last(), 'Nothing found for "S3 Altona".')
})

test('a new file takes the place of the old one at once, and columns keep their part', async () => {
  const made = await upload('stop,line,time\nDom,U2,10:00\n')
  assert.deepEqual(made.columns, [
    { name: 'stop', key: 'argument' },
    { name: 'line', key: 'argument' },
    { name: 'time', key: null },
  ])
  await receive('PLAN Dom U2')
  assert.equal(await last(), '10:00 U2 Dom')
})

test('rows are read in pages, found by their beginning, changed, added and deleted', async () => {
  await upload('stop,time\nDom,10:00\nDom,10:20\nZoo,11:00\n', { key: 'stop' })
  const rows = `${table}/rows`
  const first = await call('GET', rows, { params, query: { limit: 2 } })
  const second = await call('GET', rows, { params, query: { limit: 2, after: first.next } })
  const cells = (list: { cells: string[] }[]) => list.map((row) => row.cells.join(' '))
  assert.deepEqual(cells([...first.data, ...second.data]), ['Dom 10:00', 'Dom 10:20', 'Zoo 11:00'])
  assert.deepEqual(cells((await call('GET', rows, { params, query: { q: 'zo' } })).data), ['Zoo 11:00'])
  const found = await call('GET', rows, { params, query: { q: 'd', limit: 1 } })
  const next = await call('GET', rows, { params, query: { q: 'd', limit: 1, after: found.next } })
  assert.deepEqual(cells([...found.data, ...next.data]), ['Dom 10:00', 'Dom 10:20'])
  await call('PATCH', rows, {
    params,
    body: {
      put: [{ id: first.data[0].id, cells: ['Dom', '9:59'] }, { cells: ['Elbe', '12:00'] }],
      delete: [first.data[1].id],
    },
  })
  assert.equal(
    await call('GET', rows, { params, query: { format: 'csv' } }),
    'stop,time\r\nDom,9:59\r\nZoo,11:00\r\nElbe,12:00\r\n',
  )
  await receive('PLAN Elbe')
  assert.equal(await last(), '12:00  Elbe')
  assert.equal((await call('GET', '/v1/keyword-services/:id', { params })).table.row_count, 3)
  await assert.rejects(
    call('PATCH', rows, { params, body: { delete: [first.data[1].id], put: [{ cells: ['Never', ''] }] } }),
    (error: KurzpostError) => error.code === 'not_found',
  )
  assert.equal((await call('GET', rows, { params })).data.length, 3, 'and nothing of it was done')
})

test('other columns may be looked up without a new file', async () => {
  await call('PATCH', table, {
    params,
    body: {
      columns: [
        { name: 'stop', key: null },
        { name: 'time', key: 'argument' },
      ],
    },
  })
  await receive('PLAN 11:00')
  assert.equal(await last(), '11:00  Zoo')
})

for (const [what, file, sentence] of [
  ['no header', '', /empty/],
  ['two columns of one name', 'a,a\n1,2', /Two columns are called "a"/],
  ['a column without a name', 'a,\n1,2', /cannot be called ""/],
  ['a row that is too wide', 'a,b\n1,2,3', /Line 2 has more cells/],
  [
    'a row that is too wide behind empty lines and breaks',
    'a,b\n\n"x\ny",2\n\n1,2,3',
    /Line 6 has more cells/,
  ],
  ['an open quote', 'a\n"1', /cannot be read from line 2 on/],
  ['letters that are not UTF-8', Buffer.from('Ort,Preis\nK\xf6ln,3\n', 'latin1'), /not UTF-8/],
] as const)
  test(`a file with ${what} is refused with a sentence, and the table stays`, async () => {
    await assert.rejects(
      upload(file),
      (error: KurzpostError) => error.code === 'keyword_table_unreadable' && sentence.test(error.message),
    )
    assert.equal((await call('GET', `${table}/rows`, { params })).data.length, 3)
  })

test('a column of phone numbers answers each of them with its own rows, and nobody with another’s', async () => {
  const balance = await add({
    name: 'Balance',
    kind: 'table',
    keywords: [{ word: 'BALANCE' }],
    quota,
    texts: {
      answer: { en: '{{account}}: {{eur}} EUR' },
      not_found: { en: 'We do not know this phone.{{suggestions}}' },
    },
  })
  await call('PUT', table, {
    params: { id: balance.id },
    query: { caller: 'phone', key: 'account' },
    body: Buffer.from(
      'phone,account,eur\n+49 151 23456789,Main,12.50\n+4915123456789,Savings,900\n004915199999999,Main,3\n,Lost,1\n',
    ),
  })
  await receive('BALANCE')
  assert.equal(await last(), 'Main: 12.50 EUR\nSavings: 900 EUR')
  await receive('BALANCE savings')
  assert.equal(await last(), 'Savings: 900 EUR')
  await receive('BALANCE saving', '+4915199999999')
  assert.equal(await last('+4915199999999'), 'We do not know this phone.')
  await receive('BALANCE', '+4915100000000')
  assert.equal(await last('+4915100000000'), 'We do not know this phone.')
})

test('among twenty thousand rows the last one is found', async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `K${n},v${n}`).join('\n')
  await upload(`stop,time\n${rows}\n`, { key: 'stop' })
  await receive('PLAN K19999')
  assert.equal(await last(), 'v19999  K19999')
})
