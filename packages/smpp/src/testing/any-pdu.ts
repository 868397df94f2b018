import fc from 'fast-check'
import type { CommandName, PduInput } from '../pdu/commands.ts'
import type { Field } from '../pdu/fields.ts'
import { layoutOf } from '../pdu/layout.ts'

// fast-check makes objects without a prototype, which are not deepEqual to ordinary ones.
const ordinary = <T>(value: T): T =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? { ...value } : value

const latin1 = (maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes))
const octet = fc.nat(255)
const u32 = fc.nat(0xffffffff)
const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((value) => Buffer.from(value))
const address = { dest_addr_ton: octet, dest_addr_npi: octet, destination_addr: latin1(20) }

/** Any value that the field can hold on the wire and that the specification allows. */
function anyValue({ type, specified }: Field): fc.Arbitrary<unknown> {
  switch (type) {
    case 'u8':
      return octet
    case 'cstring':
      return latin1(specified - 1)
    case 'octets':
      return octets(255)
    case 'destinations':
      return fc.array(fc.oneof(fc.record(address), fc.record({ dl_name: latin1(20) })), { maxLength: 5 })
    case 'failures':
      return fc.array(fc.record({ ...address, error_status_code: u32 }), { maxLength: 5 })
    case 'strings':
      return fc.array(latin1(64), { maxLength: 5 })
  }
}

/** Any whole PDU of that command, from the table: every field, any status, TLVs of any tag in any order. */
export function anyPdu(command: CommandName): fc.Arbitrary<PduInput> {
  const { fields } = layoutOf(command)!
  const tlvs = fc.array(fc.record({ tag: fc.nat(0xffff), value: octets(40) }), { maxLength: 4 })
  return fc
    .record({
      status: fc.oneof(fc.constant(0), u32),
      sequence: u32,
      tlvs,
      values: fc.tuple(...fields.map(anyValue)),
    })
    .map(({ status, sequence, tlvs, values }) => ({
      command,
      status,
      sequence,
      tlvs: tlvs.map(ordinary),
      ...Object.fromEntries(
        fields.map(({ name }, i) => [name, Array.isArray(values[i]) ? values[i].map(ordinary) : values[i]]),
      ),
    })) as fc.Arbitrary<PduInput>
}
