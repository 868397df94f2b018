import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEsmClass, writeEsmClass } from './esm-class.ts'
import { readRegisteredDelivery, writeRegisteredDelivery } from './registered-delivery.ts'
import { readTlv, tlv } from './tlv.ts'
import { MessageState, Npi, Ton, UssdServiceOp, valueName } from './values.ts'

test('group 36: an esm_class tells a receipt from a message, with and without a user data header', () => {
  assert.deepEqual(readEsmClass(0x44), { mode: 'default', type: 'receipt', udhi: true, replyPath: false })
  assert.deepEqual(readEsmClass(0xc3), {
    mode: 'store_and_forward',
    type: 'default',
    udhi: true,
    replyPath: true,
  })
  const told = [0x04, 0x08, 0x10, 0x18, 0x20, 0x24].map((value) => readEsmClass(value).type)
  assert.deepEqual(told, [
    'receipt',
    'delivery_acknowledgement',
    'user_acknowledgement',
    'conversation_abort',
    'intermediate_notification',
    'reserved',
  ])
})

test('every esm_class and registered_delivery without reserved bits is written as it was read', () => {
  let written = 0
  for (let value = 0; value < 256; value++) {
    const { type, ...rest } = readEsmClass(value)
    if (type === 'reserved') continue
    assert.equal(writeEsmClass({ type, ...rest }), value)
    written++
  }
  assert.equal(written, 6 * 16)
  for (let value = 0; value < 32; value++)
    assert.equal(writeRegisteredDelivery(readRegisteredDelivery(value)), value)
})

test('what is not said of an esm_class or a registered_delivery is the default', () => {
  assert.equal(writeEsmClass({}), 0)
  assert.equal(writeEsmClass({ udhi: true, mode: 'datagram' }), 0x41)
  assert.equal(writeRegisteredDelivery({ receipt: 'always' }), 1)
  assert.equal(writeRegisteredDelivery({ receipt: 'failure', intermediate: true }), 0x12)
  assert.equal(readRegisteredDelivery(3).receipt, 'success')
})

test('values have names, and one outside of the table has none', () => {
  assert.equal(valueName(Ton, 5), 'alphanumeric')
  assert.equal(valueName(Npi, 18), 'wap_client_id')
  assert.equal(valueName(MessageState, 0), 'scheduled')
  assert.equal(valueName(MessageState, 9), 'skipped')
  assert.equal(valueName(MessageState, 10), undefined)
})

test('group 54: a USSD step names its operation, its dialogue and whether it is the last', () => {
  const pdu = {
    tlvs: [
      tlv('ussd_service_op', UssdServiceOp.pssr_response),
      tlv('its_session_info', { session: 0x1234, end: true }),
      tlv('user_message_reference', 77),
    ],
  }
  assert.equal(valueName(UssdServiceOp, readTlv(pdu, 'ussd_service_op')!), 'pssr_response')
  assert.deepEqual(readTlv(pdu, 'its_session_info'), { session: 0x1234, end: true })
  assert.equal(readTlv(pdu, 'user_message_reference'), 77)
})
