import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deliverHead, frame } from '../testing/frame.ts'
import type { PduInput } from './commands.ts'
import { decodePdu } from './decode.ts'
import { createDecoder } from './decoder.ts'
import { encodePdu } from './encode.ts'
import { messageIdKeys } from './message-id.ts'
import { parseReceipt } from './receipt.ts'
import { tlv } from './tlv.ts'

const seeds = [
  encodePdu({ command: 'bind_transceiver', system_id: 'post', password: 'secret' }),
  encodePdu({ command: 'submit_sm', destination_addr: '49170', short_message: Buffer.from('hello') }),
  frame(5, `${deliverHead(2, 4)} 6869 001e 0003 616200 0427 0001 02 0423 0003 030001`),
  encodePdu({
    command: 'data_sm',
    esm_class: 4,
    tlvs: [tlv('receipted_message_id', 'ff'), tlv('message_state', 2)],
  }),
  encodePdu({ command: 'submit_multi', dest_addresses: [{ dl_name: 'all' }] }),
  frame(0x80000021, '6d3100 02 01013100 00000045 01013200 0000000b'),
  encodePdu({ command: 'submit_sm_resp', message_id: 'abc' }),
]

const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
    fc.nat(),
    fc.boolean(),
  )
  .map(([seed, changes, cut, keepsLength]) => {
    const octets = Buffer.from(seed.subarray(0, Math.max(16, cut % (seed.length + 1))))
    for (const [at, value] of changes) octets[at % octets.length] = value
    if (keepsLength) octets.writeUInt32BE(octets.length, 0)
    return octets
  })

test('no mutated PDU makes the decoder, the receipt parser or the encoder throw, and what decodes encodes again', () => {
  fc.assert(
    fc.property(mutated, (octets) => {
      const decoded = decodePdu(octets)
      if (!decoded.ok) return
      const receipt = parseReceipt(decoded.pdu, { anyClass: true })
      for (const id of receipt?.ids ?? []) messageIdKeys(id)
      // Fields that are longer than we would send ourselves are the only ones that cannot go back.
      if (decoded.problems.length > 0) return
      const again = decodePdu(encodePdu(decoded.pdu as PduInput))
      assert.ok(again.ok)
      assert.equal(JSON.stringify(again.pdu), JSON.stringify(decoded.pdu))
    }),
    { numRuns: 20_000 },
  )
})

test('however a stream of mutated PDUs is cut, the decoder gives the same', () => {
  fc.assert(
    fc.property(
      fc.array(mutated, { maxLength: 5 }),
      fc.array(fc.nat(200), { maxLength: 30 }),
      (pdus, cuts) => {
        const stream = Buffer.concat(pdus)
        const decoder = createDecoder()
        const pieces = []
        let at = 0
        for (const cut of cuts) {
          pieces.push(...decoder.push(stream.subarray(at, at + cut)))
          at = Math.min(at + cut, stream.length)
        }
        pieces.push(...decoder.push(stream.subarray(at)))
        const told = (list: unknown[]) =>
          JSON.stringify(list, (name, value) => (name === 'raw' ? undefined : value))
        assert.equal(told(pieces), told(createDecoder().push(stream)))
      },
    ),
    { numRuns: 2_000 },
  )
})
