import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readServers, serversOf } from './servers.ts'

const cases: [url: string, urls: string[], several: boolean][] = [
  ['postgres://u:p@a:5432/db', ['postgres://u:p@a:5432/db'], false],
  [
    'postgres://u:p@a:5432,b:5433/db?target_session_attrs=read-write',
    ['postgres://u:p@a:5432/db', 'postgres://u:p@b:5433/db'],
    true,
  ],
  [
    'postgresql://u:p%40%2C@a,b,[::1]:7/db?sslmode=require&target_session_attrs=primary&x=1',
    ['a', 'b', '[::1]:7'].map((host) => `postgresql://u:p%40%2C@${host}/db?sslmode=require&x=1`),
    true,
  ],
  ['postgres://a,b', ['postgres://a', 'postgres://b'], true],
  [
    'postgres://u:p@%2Frun%2Fone:5432,%2Frun%2Ftwo:5432/db',
    ['postgres://u:p@%2Frun%2Fone:5432/db', 'postgres://u:p@%2Frun%2Ftwo:5432/db'],
    true,
  ],
  ['postgres://a/db?target_session_attrs=read-write', ['postgres://a/db'], true],
  ['host=a dbname=b', ['host=a dbname=b'], false],
]
for (const [url, urls, several] of cases)
  test(`${url} names ${urls.length} server${urls.length > 1 ? 's' : ''}`, () =>
    assert.deepEqual(readServers(url), { urls, several }))

test('a server that cannot write is nothing to ask for', () =>
  assert.throws(
    () => readServers('postgres://a,b/db?target_session_attrs=standby'),
    /takes read-write or primary, not "standby"/,
  ))

test('who finds the primary finds it for all, and two who find the same server wanting move on once', () => {
  const url = 'postgres://one,two,three/moving'
  const servers = serversOf(url)
  assert.equal(servers.current(), 'postgres://one/moving')
  servers.leave('postgres://one/moving')
  servers.leave('postgres://one/moving')
  assert.equal(serversOf(url).current(), 'postgres://two/moving')
  servers.leave('postgres://two/moving')
  servers.leave('postgres://three/moving')
  assert.equal(servers.current(), 'postgres://one/moving')
})
