import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '../store/testing.ts'

const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))
const { url, db } = await testDatabase()

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: url }
    execFile(process.execPath, [bin, 'login', ...args], { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
  })
}

test('a login is added, shown, changed, given another password and removed', async () => {
  assert.match((await run('list')).err, /no login yet/)
  const added = await run('add', 'shop', '--name', 'The shop', '--rate', '50', '--allow', '192.0.2.7/24')
  assert.equal(added.code, 0, added.err)
  assert.match(added.out, /^[A-Za-z2-9]{8}\n$/)
  assert.match((await run('list')).out, /^lgn_\w{26} {2}shop {2}The shop {2}0 bound, 0 waiting\n$/)
  const set = await run('set', 'shop', '--rate', 'none', '--disable')
  assert.match(set.out, /is changed/, set.err)
  assert.match((await run('list')).out, /switched off/)
  const changed = await run('password', 'shop', '--password', 'another-1')
  assert.equal(changed.out, 'another-1\n')
  const removed = await run('remove', 'shop')
  assert.match(removed.out, /shop is removed/, removed.err)
  assert.match((await run('list')).err, /no login yet/)
})

/** What the audit log has, oldest first. */
async function audited() {
  const { rows } = await db.pool.query(
    `select actor_kind, actor_name, action, coalesce(o.target, l.target) as target, fields, status, error
     from audit_log l left join audit_outcomes o using (account_id, id) order by l.at, l.id`,
  )
  return rows
}

test('each change by a command leaves a row in the audit log, by the one who typed it, and without a password', async () => {
  const rows = await audited()
  assert.deepEqual(
    rows.map(({ action, status, fields }) => [action, status, fields]),
    [
      ['kurzpost login add', 200, { settings: ['name', 'allowed_ips', 'segments_per_second'] }],
      ['kurzpost login set', 200, { enabled: false, settings: ['segments_per_second', 'enabled'] }],
      ['kurzpost login password', 200, {}],
      ['kurzpost login remove', 200, {}],
    ],
  )
  assert.deepEqual([...new Set(rows.map(({ target }) => target))].length, 1)
  assert.match(rows[0].target, /^lgn_/)
  assert.ok(rows.every(({ actor_kind, actor_name }) => actor_kind === 'command' && actor_name !== ''))
  await run('add', 'late')
  await run('add', 'late')
  const [refused] = (await audited()).slice(-1)
  assert.deepEqual([refused.action, refused.status, refused.error], ['kurzpost login add', 409, 'name_taken'])
})

test('what is wrong is said in a sentence', async () => {
  await run('add', 'twice')
  const cases: [string[], RegExp][] = [
    [['add', 'twice'], /another one of this name/],
    [['add', 'far too long and spaced'], /1 to 15 characters/],
    [['add', 'x', '--allow', '300.0.0.1'], /300\.0\.0\.1 is no IP address/],
    [['add', 'x', '--password', 'short'], /6 to 64 characters/],
    [['set', 'nobody', '--enable'], /no login nobody/],
    [['set', 'twice'], /Say what to change/],
  ]
  for (const [args, sentence] of cases) {
    const { code, err } = await run(...args)
    assert.equal(code, 1, `${args.join(' ')}: ${err}`)
    assert.match(err, sentence)
  }
})
