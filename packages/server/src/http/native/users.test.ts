import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKey } from '../../accounts/keys.ts'
import { type RoleName, roleNames } from '../../accounts/roles.ts'
import { addAccount } from '../../accounts/store.ts'
import { insertMembership } from '../../accounts/user.store.ts'
import { parseId, publicId, uuidv7 } from '../../ids.ts'
import { scopeNames } from '../../route.ts'
import { accessApi, password } from '../access.testing.ts'

const { api, user, enter, browser } = await accessApi()
const otherAccount = uuidv7(Date.now())
await addAccount(api.db, { id: otherAccount, name: 'Other', created_at: new Date() })
const ids = Object.fromEntries(
  await Promise.all(roleNames.map(async (role) => [role, await user(role, `${role}@example.org`)])),
) as Record<RoleName, string>
const owner = await enter('owner@example.org')
const admin = await enter('admin@example.org')

const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1)
const invite = (by: typeof owner, email: string, role: string) =>
  by.ask('POST', '/v1/invitations', { email, name: 'New', role })

test('an invitation is a link that is shown once, opens once, and makes a user of the role', async () => {
  const { status, body } = await invite(admin, 'New@Example.org', 'marketer')
  assert.equal(status, 201)
  assert.match(body.link, new RegExp(`^${api.server.url}/welcome#[\\w-]{43}$`))
  const { body: list } = await admin.ask('GET', '/v1/invitations')
  assert.deepEqual(
    list.data.map(({ id }: { id: string }) => id),
    [body.id],
  )
  assert.ok(!JSON.stringify(list).includes(tokenOf(body.link)))
  const token = tokenOf(body.link)
  const guest = browser()
  assert.equal(
    (await guest.ask('POST', '/v1/links/take', { token, password: 'short' })).body.error.code,
    'password_weak',
  )
  const crowd = await Promise.all(
    [1, 2, 3].map(() =>
      browser().ask('POST', '/v1/links/take', { token, password: 'the newest password', name: 'Nina' }),
    ),
  )
  assert.equal(crowd.filter(({ status }) => status === 201).length, 1)
  await guest.ask('POST', '/v1/session', { email: 'new@example.org', password: 'the newest password' })
  const who = (await guest.ask('GET', '/v1/session')).body
  assert.deepEqual([who.role, who.user.name, who.masked], ['marketer', 'Nina', false])
  assert.equal((await admin.ask('GET', '/v1/invitations')).body.data.length, 0)
})

test('a withdrawn invitation opens nothing, and a new one voids the one before', async () => {
  const first = await invite(admin, 'late@example.org', 'agent')
  const second = await invite(admin, 'late@example.org', 'agent')
  const read = (link: string) => browser().ask('POST', '/v1/links/read', { token: tokenOf(link) })
  assert.equal((await read(first.body.link)).body.error.code, 'link_invalid')
  assert.equal((await read(second.body.link)).status, 200)
  assert.equal((await admin.ask('DELETE', `/v1/invitations/${second.body.id}`)).status, 204)
  assert.equal((await read(second.body.link)).status, 404)
  assert.equal((await read(`#${'A'.repeat(43)}`)).status, 404)
})

test('nobody gives a role that may do more than they may, and owners are made by owners alone', async () => {
  const codes: Record<string, Record<string, number>> = {}
  const keyOf = async (...scopes: typeof scopeNames) => {
    const token = await api.key(...scopes)
    return { ask: api.as(token), cookie: '' }
  }
  const givers = {
    owner,
    admin,
    key: await keyOf(...scopeNames),
    small: await keyOf('users', 'inbox', 'events'),
  }
  for (const [name, giver] of Object.entries(givers)) {
    codes[name] = {}
    for (const role of roleNames)
      codes[name]![role] = (await invite(giver, `${name}-${role}@example.org`, role)).status
  }
  const all = { admin: 201, developer: 201, marketer: 201, agent: 201, auditor: 201 }
  assert.deepEqual(codes, {
    owner: { owner: 201, ...all },
    admin: { owner: 403, ...all },
    key: { owner: 403, ...all },
    small: { owner: 403, admin: 403, developer: 403, marketer: 403, agent: 201, auditor: 403 },
  })
  const change = (by: typeof owner, id: string, role: RoleName) =>
    by.ask('PATCH', `/v1/users/${id}`, { role })
  assert.equal((await change(admin, ids.owner, 'agent')).body.error.code, 'role_beyond_yours')
  assert.equal((await admin.ask('DELETE', `/v1/users/${ids.owner}`)).body.error.code, 'role_beyond_yours')
  assert.equal((await admin.ask('POST', `/v1/users/${ids.owner}/reset`)).body.error.code, 'role_beyond_yours')
  assert.equal((await change(admin, ids.agent, 'owner')).body.error.code, 'role_beyond_yours')
  assert.equal((await change(admin, ids.agent, 'marketer')).body.role, 'marketer')
  assert.equal((await change(admin, ids.agent, 'agent')).status, 200)
})

test('an account keeps an owner, also when its two owners go at the same moment', async () => {
  assert.equal(
    (await owner.ask('PATCH', `/v1/users/${ids.owner}`, { role: 'admin' })).body.error.code,
    'last_owner',
  )
  assert.equal((await owner.ask('DELETE', `/v1/users/${ids.owner}`)).body.error.code, 'last_owner')
  const [one, two] = [
    await user('owner', 'o1@example.org', otherAccount),
    await user('owner', 'o2@example.org', otherAccount),
  ]
  const [first, second] = [await enter('o1@example.org'), await enter('o2@example.org')]
  const both = await Promise.all([
    first.ask('DELETE', `/v1/users/${two}`),
    second.ask('DELETE', `/v1/users/${one}`),
  ])
  const left = (
    await api.db.pool.query('select user_id from memberships where account_id = $1', [otherAccount])
  ).rows
  assert.equal(left.length, 1)
  assert.equal(both.filter(({ status }) => status === 204).length, 1)
})

test('a new role holds at once on this node: scopes, masks and all', async () => {
  const id = await user('developer', 'shift@example.org')
  const it = await enter('shift@example.org')
  assert.equal((await it.ask('GET', '/v1/keys')).status, 200)
  await owner.ask('PATCH', `/v1/users/${id}`, { role: 'agent' })
  assert.equal((await it.ask('GET', '/v1/keys')).body.error.code, 'forbidden')
  assert.equal((await it.ask('GET', '/v1/session')).body.masked, true)
  await owner.ask('DELETE', `/v1/users/${id}`)
  assert.equal((await it.ask('GET', '/v1/session')).status, 401)
  assert.equal((await it.ask('POST', '/v1/session', { email: 'shift@example.org', password })).status, 401)
})

test('an auditor reads what an admin reads, changes nothing, and still keeps the own password', async () => {
  const it = await enter('auditor@example.org')
  for (const path of ['/v1/users', '/v1/audit', '/v1/keys', '/v1/roles'])
    assert.equal((await it.ask('GET', path)).status, 200, path)
  const { body } = await it.ask('GET', '/v1/users')
  assert.ok(body.data.some(({ email }: { email: string }) => email === 'o••••@example.org'))
  assert.ok(!JSON.stringify(body).includes('owner@example.org'))
  assert.equal((await it.ask('POST', '/v1/keys', { name: 'x', scopes: ['events'] })).status, 403)
  assert.equal((await invite(it, 'x@example.org', 'agent')).status, 403)
  assert.equal(
    (await it.ask('PUT', '/v1/me/password', { password: 'the eye that never sleeps' })).status,
    204,
  )
})

test('a lost password: a link that ends the old one, its sessions and the links before', async () => {
  const it = await enter('marketer@example.org')
  const first = await admin.ask('POST', `/v1/users/${ids.marketer}/reset`)
  const second = await admin.ask('POST', `/v1/users/${ids.marketer}/reset`)
  const take = (link: string) =>
    browser().ask('POST', '/v1/links/take', { token: tokenOf(link), password: 'something quite new' })
  assert.equal((await take(first.body.link)).status, 404)
  assert.equal((await it.ask('GET', '/v1/session')).status, 200, 'until it is taken')
  assert.equal((await take(second.body.link)).status, 201)
  assert.equal((await it.ask('GET', '/v1/session')).status, 401)
  const door = (given: string) =>
    browser().ask('POST', '/v1/session', { email: 'marketer@example.org', password: given })
  assert.equal((await door(password)).status, 401)
  assert.equal((await door('something quite new')).status, 201)
})

test('one user in two accounts: joins by the one password, switches, and is reset by neither', async () => {
  const id = await user('agent', 'both@example.org')
  const { token } = await createKey(api.db, otherAccount, { name: 'k', scopes: scopeNames }, new Date())
  const other = { ask: api.as(token), cookie: '' }
  const { body } = await invite(other, 'both@example.org', 'admin')
  const take = (given: string) =>
    browser().ask('POST', '/v1/links/take', { token: tokenOf(body.link), password: given })
  assert.equal((await take('a password of the inviter')).body.error.code, 'sign_in_failed')
  assert.equal((await take(password)).status, 201)
  const it = await enter('both@example.org')
  const { accounts } = (await it.ask('GET', '/v1/session')).body
  assert.deepEqual(accounts.map(({ role }: { role: string }) => role).sort(), ['admin', 'agent'])
  const to = publicId('account', otherAccount)
  assert.equal((await it.ask('PATCH', '/v1/session', { account_id: to })).status, 204)
  const who = (await it.ask('GET', '/v1/session')).body
  assert.deepEqual([who.account.id, who.role, who.masked, who.operator], [to, 'admin', false, false])
  assert.equal((await owner.ask('PATCH', '/v1/session', { account_id: to })).status, 404, 'not a member')
  for (const [method, path] of [
    ['POST', `/v1/users/${id}/reset`],
    ['DELETE', `/v1/users/${id}/factors`],
  ] as const) {
    assert.equal((await owner.ask(method, path)).body.error.code, 'user_of_others')
    assert.equal((await other.ask(method, path)).body.error.code, 'user_of_others')
  }
  assert.equal((await owner.ask('DELETE', `/v1/users/${id}`)).status, 204)
  assert.equal((await it.ask('GET', '/v1/session')).status, 200, 'still of the other account')
  assert.equal(
    (await it.ask('PATCH', '/v1/session', { account_id: publicId('account', api.accountId) })).status,
    404,
  )
})

test('users, invitations and numbers of another account are not there', async () => {
  const { token } = await createKey(api.db, otherAccount, { name: 'k', scopes: scopeNames }, new Date())
  const foreign = api.as(token)
  const { body: invited } = await invite(admin, 'mine@example.org', 'agent')
  for (const [method, path, body] of [
    ['GET', `/v1/users/${ids.agent}`],
    ['PATCH', `/v1/users/${ids.agent}`, { role: 'admin' }],
    ['DELETE', `/v1/users/${ids.agent}`],
    ['POST', `/v1/users/${ids.agent}/reset`],
    ['DELETE', `/v1/users/${ids.agent}/factors`],
    ['DELETE', `/v1/invitations/${invited.id}`],
  ] as const)
    assert.equal((await foreign(method, path, body)).status, 404, `${method} ${path}`)
  assert.ok(!JSON.stringify((await foreign('GET', '/v1/users')).body).includes(ids.agent))
  assert.equal((await foreign('GET', '/v1/invitations')).body.data.length, 0)
  assert.equal(parseId('user', ids.agent) === undefined, false)
  await insertMembership(api.db, otherAccount, parseId('user', ids.agent)!, 'agent', new Date())
})

test('numbers are given to accounts by the first one alone', async () => {
  const { token } = await createKey(api.db, otherAccount, { name: 'k', scopes: scopeNames }, new Date())
  const wish = { address: '030 5550100', account_id: publicId('account', otherAccount) }
  // The server of this test knows no operator; who is one is the guard's to ask, in the story of isolation.
  assert.equal((await api.as(token)('GET', '/v1/numbers')).status, 200)
  const made = await owner.ask('POST', '/v1/numbers', wish)
  assert.equal(made.status, 201)
  assert.deepEqual(
    [made.body.address, made.body.account.name, made.body.carrier_id],
    ['+49305550100', 'Other', null],
  )
  assert.equal((await owner.ask('POST', '/v1/numbers', wish)).body.error.code, 'name_taken')
  const nobodys = { ...wish, address: '+4930555', account_id: publicId('account', uuidv7(0)) }
  assert.equal((await owner.ask('POST', '/v1/numbers', nobodys)).status, 422)
  assert.equal((await owner.ask('DELETE', `/v1/numbers/${made.body.id}`)).status, 204)
  assert.equal((await owner.ask('DELETE', `/v1/numbers/${made.body.id}`)).status, 404)
})
