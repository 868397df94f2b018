import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId } from '../../ids.ts'
import { ask } from '../../message/testing.ts'
import { createRegister } from './register.ts'
import { consentBench } from './testing.ts'

const { db, platform, capability, accountId, accept, topic } = await consentBench()
const register = createRegister(platform)
const werbung = await topic()
const standing = async (number: string, sender: string) =>
  (
    await platform.transaction((tx) =>
      register.readStates(tx, [{ accountId, number, topic: werbung.id, sender }]),
    )
  )[0]!.standing
const grant = (number: string) =>
  platform.transaction((tx) =>
    register.record(tx, [
      {
        accountId,
        number,
        topic: werbung.id,
        sender: null,
        act: 'granted',
        how: 'api',
        details: { text_shown: 'Ja' },
      },
    ]),
  )

test('what a provider refuses because of a STOP that it alone has heard is an opt-out from that sender, once', async () => {
  const number = '+4915111110001'
  await grant(number)
  const failed = (code: string) => ({
    account_id: accountId,
    name: 'message.rejected' as const,
    payload: {
      message_id: publicId('message', platform.id()),
      ...{ to: number, from: '+12025550100', error: { code: 'carrier_rejected', carrier_code: code } },
    },
  })
  const follow = (...codes: string[]) =>
    platform.transaction((tx) => capability.follow!['message.rejected']!(codes.map(failed), tx))
  await follow('30003')
  assert.equal(await standing(number, '+12025550100'), 'granted')
  await follow('21610', '21610')
  await follow('40300')
  assert.equal(await standing(number, '+12025550100'), 'withdrawn')
  assert.equal(await standing(number, '+12025550199'), 'granted')
  const rows = await ask<{ how: string }>(
    db,
    `select how from consent_ledger where number_key = $1 and act = 'withdrawn'`,
    [platform.addressKey(number)],
  )
  assert.deepEqual(rows, [{ how: 'carrier' }])
})

test('whoever is erased is out of everything, what waits for them is cancelled, and no row has the number', async () => {
  const number = '+4915111110002'
  await grant(number)
  await accept.accept(accountId, [{ to: number, text: 'advert', topic: werbung.id, lane: 'marketing' }])
  const contact = platform.id()
  await ask(
    db,
    'insert into contacts (account_id, id, created_at, updated_at) values ($1, $2, now(), now())',
    [accountId, contact],
  )
  await ask(
    db,
    `insert into contact_addresses (account_id, channel, address, key, contact_id, created_at) values ($1, 'sms', $2, $3, $4, now())`,
    [accountId, number, platform.addressKey(number), contact],
  )
  const payload = { contact_id: publicId('contact', contact), erasure_id: publicId('erasure', platform.id()) }
  await platform.transaction((tx) =>
    capability.on!['contact.erased']!([{ account_id: accountId, name: 'contact.erased', payload }], tx),
  )
  assert.equal(await standing(number, '1'), 'withdrawn')
  assert.deepEqual(await ask(db, 'select state from messages where recipient = $1', [number]), [
    { state: 'cancelled' },
  ])
  const left = await ask(
    db,
    `select 1 from consent_details where number = $1 union all select 1 from consent_ledger l where l::text like $2
     union all select 1 from consent_state s where s::text like $2`,
    [number, `%${number.slice(1)}%`],
  )
  assert.deepEqual(left, [])
})
