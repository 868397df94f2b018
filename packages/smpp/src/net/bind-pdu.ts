import type { PduInputOf } from '../pdu/commands.ts'
import { encodePdu } from '../pdu/encode.ts'
import { truncateBind } from '../pdu/truncate.ts'
import type { BindOptions } from './client-options.ts'

/**
 * The bind that these options make. Throws SmppError `invalid_pdu` for a name or password that no bind can hold: found out
 * on a link it would leave the SMSC waiting for a bind that never comes.
 */
export function bindPduOf(options: BindOptions): PduInputOf<`bind_${NonNullable<BindOptions['bindType']>}`> {
  const fields = {
    command: `bind_${options.bindType ?? 'transceiver'}`,
    system_id: options.systemId,
    password: options.password,
    system_type: options.systemType,
    interface_version: options.interfaceVersion ?? options.version ?? 0x34,
    address_range: options.addressRange,
  } as const
  const pdu = options.truncate === true ? truncateBind(fields) : fields
  encodePdu(pdu)
  return pdu
}
