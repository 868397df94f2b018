import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tlv } from '@kurzpost/smpp'
import type { GivenSmppSettings } from './settings.ts'
import { bound, smsc } from './wire.testing.ts'

/** What a carrier makes of the octets that an SMSC sends. */

const line = (id: string, more = '') =>
  Buffer.from(
    `id:${id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 ${more}text:`,
  )

test('group 41: TLVs on a receipt are kept by the names of the carrier', async (t) => {
  const { port, session } = await smsc(t)
  const { receipts } = await bound(t, port, {
    tlvs: {
      operator: { tag: 0x1411 },
      carrier_id: { tag: 0x1401, kind: 'u16' },
      raw: { tag: 0x1454, kind: 'octets' },
    },
    receipts: { zone: '+05:30' },
  })
  await session().request({
    command: 'deliver_sm',
    esm_class: 4,
    short_message: line('1'),
    tlvs: [
      { tag: 0x1411, value: Buffer.from('26201\0') },
      { tag: 0x1401, value: Uint8Array.of(1, 7) },
      { tag: 0x1454, value: Uint8Array.of(0xab) },
    ],
  })
  assert.deepEqual(receipts[0]!.details, { operator: '26201', carrier_id: 263, raw: 'ab' })
  assert.equal(receipts[0]!.doneAt, '2026-11-22T06:31:00.000Z')
})

test('group 55: dates of receipts are read in the zone that the settings name, summer time with it, and in none otherwise', async (t) => {
  const at = async (zone?: string) => {
    const { port, session } = await smsc(t)
    const { receipts } = await bound(t, port, zone === undefined ? {} : { receipts: { zone } })
    await session().request({ command: 'deliver_sm', esm_class: 4, short_message: line('1') })
    return receipts[0]!.doneAt
  }
  assert.equal(await at('Europe/Berlin'), '2026-11-22T11:01:00.000Z')
  assert.equal(await at(), null)
})

test('group 36: receipts that nothing marks are read where the settings say so, by class or by service_type', async (t) => {
  const pdu = { command: 'deliver_sm', short_message: line('1') } as const
  const read = async (receipts: GivenSmppSettings['receipts'], more: object = {}) => {
    const { port, session } = await smsc(t)
    const link = await bound(t, port, { receipts: receipts! })
    await session().request({ ...pdu, ...more })
    return [link.receipts.length, link.parts.length]
  }
  assert.deepEqual(await read({}), [0, 1], 'a person can type it')
  assert.deepEqual(await read({ unmarked: true }), [1, 0])
  assert.deepEqual(await read({ service_type: 'DLR' }), [0, 1])
  assert.deepEqual(await read({ service_type: 'DLR' }, { service_type: 'DLR' }), [1, 0])
})

test('group 34: a receipt that counts several parts, and any where the settings say so, speaks for the message', async (t) => {
  const { port, session } = await smsc(t)
  const { receipts } = await bound(t, port, {})
  await session().request({ command: 'deliver_sm', esm_class: 4, short_message: line('1') })
  const several = Buffer.from(line('1').toString().replace('sub:001 dlvrd:001', 'sub:003 dlvrd:003'))
  await session().request({ command: 'deliver_sm', esm_class: 4, short_message: several })
  const other = await smsc(t)
  const told = await bound(t, other.port, { receipts: { parts: 'one' } })
  await other.session().request({ command: 'deliver_sm', esm_class: 4, short_message: line('1') })
  assert.deepEqual(
    [...receipts, ...told.receipts].map(({ covers }) => covers),
    ['segment', 'message', 'message'],
  )
})

test('group 31: a pinned base is the one reading, and every base is one where nothing is pinned', async (t) => {
  const readings = async (id_base: GivenSmppSettings['id_base']) => {
    const { port, session } = await smsc(t)
    const { receipts } = await bound(t, port, { id_base: id_base! })
    await session().request({
      command: 'deliver_sm',
      esm_class: 4,
      short_message: line('16'),
      tlvs: [tlv('receipted_message_id', '0020')],
    })
    return receipts[0]!.readings.map(({ name, key }) => `${name} ${key}`)
  }
  assert.deepEqual(await readings({ text: 'hex_to_decimal', tlv: 'same' }), [
    'tlv:same 20',
    'text:hex_to_decimal 10',
  ])
  assert.deepEqual(await readings({}), [
    'tlv:same 20',
    'tlv:hex_to_decimal 14',
    'tlv:decimal_to_hex 32',
    'text:same 16',
    'text:hex_to_decimal 10',
    'text:decimal_to_hex 22',
  ])
})
