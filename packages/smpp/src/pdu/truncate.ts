import type { PduInput } from './commands.ts'
import { layoutOf } from './layout.ts'

/**
 * The bind or outbind with its strings cut to what the specification allows: system_id 15, password 8, system_type 12,
 * address_range 40 characters. Without it they go out as they are given, up to 64, because most SMSCs hand out longer
 * ones and take them; the strict ones compare the first eight characters of a password and refuse a ninth (facts group 8).
 * Other PDUs are returned as they are: a cut message_id or address would be another one.
 */
export function truncateBind<T extends PduInput>(pdu: T): T {
  if (!/^(outbind|bind_\w+er)$/.test(pdu.command)) return pdu
  const cut: Record<string, unknown> = { ...pdu }
  for (const { name, type, specified } of layoutOf(pdu.command)!.fields) {
    const value = cut[name]
    if (type === 'cstring' && typeof value === 'string') cut[name] = value.slice(0, specified - 1)
  }
  return cut as T
}
