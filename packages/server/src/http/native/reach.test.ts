import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKey } from '../../accounts/keys.ts'
import { type RoleName, roleNames } from '../../accounts/roles.ts'
import { addAccount } from '../../accounts/store.ts'
import { uuidv7 } from '../../ids.ts'
import { type Scope, scopeNames } from '../../route.ts'
import { accessApi, password } from '../access.testing.ts'

const { api, user, enter, browser } = await accessApi()
await user('owner', 'first@example.org')
await user('admin', 'second@example.org')
await user('developer', 'third@example.org')
const owner = await enter('first@example.org')
type Ask = typeof owner.ask

let count = 0
const newEmail = () => `person${++count}@example.org`
const invite = (ask: Ask, email: string, role: RoleName) =>
  ask('POST', '/v1/invitations', { email, name: 'New', role })

/** Whom each giver reaches: said once more, so that a change of the rule is one that somebody has meant. */
const belowOwners: RoleName[] = ['admin', 'developer', 'marketer', 'agent', 'auditor']
const givers: Record<string, { ask: Ask; reaches: readonly RoleName[] }> = {
  owner: { ask: owner.ask, reaches: roleNames },
  admin: { ask: (await enter('second@example.org')).ask, reaches: belowOwners },
  'a key of every scope': { ask: api.ask, reaches: belowOwners },
  'a small key': { ask: api.as(await api.key('users', 'inbox', 'events')), reaches: ['agent'] },
}
/** What can be done to the access of others. Each begins with somebody new of the role. */
const deeds: Record<string, (ask: Ask, role: RoleName) => ReturnType<Ask>> = {
  'invites one': (ask, role) => invite(ask, newEmail(), role),
  'puts an invitation in place of the one before': async (ask, role) => {
    const email = newEmail()
    await invite(owner.ask, email, role)
    return invite(ask, email, 'agent')
  },
  'withdraws an invitation': async (ask, role) => {
    const { body } = await invite(owner.ask, newEmail(), role)
    return ask('DELETE', `/v1/invitations/${body.id}`)
  },
  'gives the role': async (ask, role) =>
    ask('PATCH', `/v1/users/${await user('agent', newEmail())}`, { role }),
  'takes the role': async (ask, role) =>
    ask('PATCH', `/v1/users/${await user(role, newEmail())}`, { role: 'agent' }),
  removes: async (ask, role) => ask('DELETE', `/v1/users/${await user(role, newEmail())}`),
  'resets the password': async (ask, role) => ask('POST', `/v1/users/${await user(role, newEmail())}/reset`),
  'drops the factors': async (ask, role) =>
    ask('DELETE', `/v1/users/${await user(role, newEmail())}/factors`),
}

for (const [deed, act] of Object.entries(deeds))
  test(`${deed}: as far as the own rights go, and of owners an owner alone`, async () => {
    const wrong: string[] = []
    for (const [name, { ask, reaches }] of Object.entries(givers))
      for (const role of roleNames) {
        const { status, body } = await act(ask, role)
        const outcome = status < 300 ? 'done' : body.error.code
        const expected = reaches.includes(role) ? 'done' : 'role_beyond_yours'
        if (outcome !== expected) wrong.push(`${name}, ${role}: ${outcome}`)
      }
    assert.deepEqual(wrong, [])
  })

test('an invitation of an owner still opens after an admin tried to take it away', async () => {
  const email = newEmail()
  const { body } = await invite(owner.ask, email, 'owner')
  await givers.admin!.ask('DELETE', `/v1/invitations/${body.id}`)
  await invite(givers.admin!.ask, email, 'agent')
  const token = body.link.slice(body.link.indexOf('#') + 1)
  assert.equal((await browser().ask('POST', '/v1/links/read', { token })).status, 200)
})

test('keys are made and revoked as far as the own rights go', async () => {
  const developer = (await enter('third@example.org')).ask
  const holders: [name: string, ask: Ask, held: readonly Scope[]][] = [
    ['owner', owner.ask, scopeNames],
    ['admin', givers.admin!.ask, scopeNames],
    [
      'developer',
      developer,
      ['messages:write', 'messages:read', 'webhooks', 'events', 'keys', 'operate', 'keywords'],
    ],
    ['a key for keys', api.as(await api.key('keys', 'events')), ['keys', 'events']],
  ]
  const wrong: string[] = []
  for (const [name, ask, held] of holders)
    for (const scope of scopeNames) {
      const expected = held.includes(scope) ? 'done' : 'forbidden'
      const { body: other } = await api.ask('POST', '/v1/keys', {
        name: 'x',
        scopes: [...new Set(['events', scope])],
      })
      const answers = {
        makes: await ask('POST', '/v1/keys', { name: 'y', scopes: [scope] }),
        revokes: await ask('DELETE', `/v1/keys/${other.id}`),
      }
      for (const [deed, { status, body }] of Object.entries(answers)) {
        const outcome = status < 300 ? 'done' : body.error.code
        if (outcome !== expected) wrong.push(`${name} ${deed} ${scope}: ${outcome}`)
        if (outcome === 'forbidden') assert.deepEqual(body.error.details, { scopes: [scope] })
      }
      const alive = (await api.as(other.key)('GET', '/v1/session')).status === 200
      if (alive !== (expected === 'forbidden')) wrong.push(`${name} left the key of ${scope} wrong`)
    }
  assert.deepEqual(wrong, [])
})

test('a link for a new password is void once its user may do more than the maker knew', async () => {
  const read = ({ link }: { link: string }) =>
    browser().ask('POST', '/v1/links/read', { token: link.slice(link.indexOf('#') + 1) })

  const risen = await user('agent', 'risen@example.org')
  const before = await givers.admin!.ask('POST', `/v1/users/${risen}/reset`)
  assert.equal((await read(before.body)).status, 200)
  await owner.ask('PATCH', `/v1/users/${risen}`, { role: 'owner' })
  assert.equal((await read(before.body)).body.error.code, 'link_invalid')

  const other = uuidv7(Date.now())
  await addAccount(api.db, { id: other, name: 'Other', created_at: new Date() })
  const { token } = await createKey(api.db, other, { name: 'k', scopes: scopeNames }, new Date())
  const joiner = await user('agent', 'joiner@example.org')
  const alone = await givers.admin!.ask('POST', `/v1/users/${joiner}/reset`)
  const { body } = await invite(api.as(token), 'joiner@example.org', 'admin')
  const invitation = body.link.slice(body.link.indexOf('#') + 1)
  assert.equal((await browser().ask('POST', '/v1/links/take', { token: invitation, password })).status, 201)
  assert.equal((await read(alone.body)).body.error.code, 'link_invalid')
})
