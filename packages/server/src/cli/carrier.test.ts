import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '../store/testing.ts'

const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-cli-'))
after(() => rmSync(dataDir, { recursive: true }))
const { url: databaseUrl, db } = await testDatabase()

/** Runs the command as a person would, without a server beside it. */
function run(args: string, input = ''): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [bin, ...args.split(' ')],
      { env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, KURZPOST_DATA_DIR: dataDir } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    )
    child.stdin!.end(input)
  })
}
/** What a table says: a list of cells for each line, without the head. */
const cells = (out: string): string[][] =>
  out
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/))

test('carriers are added, shown, changed, paused, drained and removed by their names', async () => {
  assert.match((await run('carrier list')).err, /There is no carrier yet/)
  assert.match((await run('doctor')).out, /· There is no carrier: messages are accepted and wait/)
  const added = await run('carrier add nordic --url smpp://us:streng-geheim@smsc.example.com --set window=20')
  assert.deepEqual([added.code, added.err], [0, ''])
  assert.match(added.out, /^car_\w{26} \(nordic\) is there\.\n$/)
  const second = await run(
    'carrier add tls --set hosts=[{"host":"127.0.0.1","tls":true}] --set system_id=7 --secret password=- --no-route',
    'p w=1\n',
  )
  assert.equal(second.code, 1, 'a number is no system_id')
  assert.match(second.err, /settings\.system_id must be a string/)
  const third = await run(
    'carrier add tls --set hosts=[{"host":"127.0.0.1","tls":true}] --set system_id="007" --secret password=- --no-route',
    'p w=1\n',
  )
  assert.match(third.err, /It has no route yet/)
  const { rows } = await db.pool.query('select settings, secrets from carriers order by name')
  assert.deepEqual(rows[0].settings, {
    hosts: [{ host: 'smsc.example.com', port: 2775, tls: false }],
    system_id: 'us',
    window: 20,
  })
  assert.deepEqual([rows[0].secrets, rows[1].secrets], [{ password: 'streng-geheim' }, { password: 'p w=1' }])

  const listed = cells((await run('carrier list')).out)
  assert.deepEqual(
    listed.map((line) => line.slice(0, 6)),
    [
      ['nordic', 'smpp', 'down', '0 of 1', '0', '-'],
      ['tls', 'smpp', 'down', '0 of 1', '0', '-'],
    ],
  )

  for (const [command, field, values] of [
    ['carrier list', 'name', ['nordic', 'tls']],
    ['route list', 'carrier', ['nordic']],
    ['login list', 'system_id', []],
  ] as const) {
    const { data } = JSON.parse((await run(`${command} --json`)).out)
    assert.deepEqual(
      data.map((each: Record<string, unknown>) => each[field]),
      values,
      command,
    )
  }
  const explained = await run('route explain +46701234567 --json')
  assert.equal(explained.code, 2, 'nobody takes it: no server runs')
  assert.equal(JSON.parse(explained.out).path[0].carrier.name, 'nordic')

  const doctor = (await run('doctor')).out
  assert.match(doctor, /· Carrier nordic is down: no node holds its links\./)
  assert.doesNotMatch(doctor, /There is no carrier/)

  const set = await run(
    'carrier set nordic --set segments_per_second=5 --set receipts.parts=one --set window=null',
  )
  assert.equal(set.out, 'nordic is changed.\n')
  const shown = await run('carrier show nordic')
  assert.match(shown.out, /^nordic {2}car_\w+ {2}smpp\nIt is down: no node holds its links\.\n/)
  assert.match(shown.out, / segments_per_second = 5\n/)
  assert.match(shown.out, / receipts = \{"parts":"one"\}\n/)
  assert.doesNotMatch(shown.out, /window = |streng-geheim/)
  const json = JSON.parse((await run('carrier show nordic --json')).out)
  assert.deepEqual([json.name, json.binds.length, json.secrets], ['nordic', 1, undefined])

  const words = [
    ['pause', /^nordic is paused/],
    ['drain', /^nordic is being drained/],
    ['resume', /^nordic takes messages again/],
  ] as const
  for (const [word, said] of words) assert.match((await run(`carrier ${word} ${json.id}`)).out, said)
  assert.equal((await run('carrier remove nordic')).out, 'nordic is removed.\n')
  assert.equal((await run('carrier remove tls')).code, 0)
})

test('what is wrong is said in sentences, with the field, and ends with 1', async () => {
  await run('carrier add there --url smpp://us:streng-geheim@smsc.example.com')
  const cases: [string, RegExp][] = [
    ['carrier show nobody', /^There is no carrier nobody\. `kurzpost carrier list` shows them\.\n$/],
    ['carrier add x', /settings\.hosts is missing/],
    ['carrier add x --url http://a@b', /^The URL is not smpp:/],
    ['carrier add there --url smpp://us:streng-geheim@smsc.example.com', /\(name_taken\)/],
    ['carrier set there', /^Say what to change/],
    ['route remove rte_x', /^There is no route rte_x/],
    ['route explain Mutter', /\(invalid_number\)/],
  ]
  for (const [args, expected] of cases) {
    const { code, err } = await run(args)
    assert.equal(code, 1, args)
    assert.match(err, expected)
    assert.doesNotMatch(err, /\n\s+at /)
  }
  for (const args of ['route add there --prefix 49', 'carrier set there --set x'])
    assert.match((await run(args)).err, /It takes/, args)
  await run('carrier remove there')
})

test('routes are added, listed by rank, explained and removed', async () => {
  await run('carrier add main --url smpp://us:streng-geheim@smsc.example.com')
  await run('carrier add north --url smpp://us:streng-geheim@smsc.example.org --no-route')
  const added = await run(
    'route add north --prefix +46 --lane code alert --sender Shop --cost 0.031 --weight 10',
  )
  assert.match(added.out, /^rte_\w{26} offers north to numbers with \+46 from Shop in code, alert\.\n$/)
  const listed = cells((await run('route list')).out)
  assert.deepEqual(
    listed.map((line) => line.slice(0, 8)),
    [
      ['+46', 'north', 'any', 'Shop', 'code,alert', '0.031', '10', 'on'],
      ['any', 'main', 'any', 'any', 'any', '0', '100', 'on'],
    ],
  )
  await db.pool.query(
    `insert into binds (carrier_id, slot, node, fence, leased_until, state)
     select id, 0, 1, 1, now() + '1 hour', 'bound' from carriers where name = 'main' and deleted_at is null`,
  )
  const explained = await run('route explain +46701234567 --from Shop --lane code')
  assert.equal(explained.code, 0)
  const lines = explained.out.split('\n')
  assert.equal(lines[0], 'It would go to main. north would come first, but cannot take it now.')
  assert.match(lines[1]!, /^ {2}1\. north: Cannot take it now: it is down: no node holds its links\./)
  assert.match(lines[2]!, /^ {2}2\. main: Takes the message\./)
  const other = await run('route explain +4915123456789')
  assert.match(other.out, / - north \(rte_\w+\): The route is for numbers that begin with \+46/)
  await run('carrier pause main')
  assert.equal((await run('route explain +4915123456789')).code, 2)
  const [, id] = added.out.match(/^(rte_\w+)/)!
  assert.equal((await run(`route remove ${id}`)).out, `${id} is removed.\n`)
  assert.equal((await run(`route remove ${id}`)).code, 1)
})

test('the audit log has each change, by whom and to what, and no secret', async () => {
  const { rows } = await db.pool.query(
    `select l.action, coalesce(o.target, l.target) as target, l.fields, o.status, o.error
     from audit_log l left join audit_outcomes o using (account_id, id) order by l.at, l.id`,
  )
  const done = rows.filter(({ status }) => status === 200).map(({ action }) => action.slice(9))
  assert.deepEqual(done, [
    ...['carrier add', 'carrier add', 'carrier set'],
    ...['carrier pause', 'carrier drain', 'carrier resume', 'carrier remove', 'carrier remove'],
    ...['carrier add', 'carrier remove'],
    ...['carrier add', 'carrier add', 'route add', 'carrier pause', 'route remove'],
  ])
  const refused = rows.filter(({ status }) => status !== 200).map(({ action, error }) => [action, error])
  assert.ok(refused.some(([action, error]) => action === 'kurzpost carrier add' && error === 'name_taken'))
  assert.ok(rows.every(({ target, status }) => status !== 200 || target !== null))
  const set = rows.find(({ action }) => action === 'kurzpost carrier set')
  assert.deepEqual(set.fields, { settings: ['segments_per_second', 'receipts', 'window'], secrets: [] })
  assert.doesNotMatch(JSON.stringify(rows), /streng-geheim|smsc\.example/)
})

test('help has examples', async () => {
  for (const command of ['carrier', 'route']) {
    const { code, out } = await run(`${command} --help`)
    assert.equal(code, 0)
    assert.match(out, /Examples:\n {2}kurzpost/)
  }
})
