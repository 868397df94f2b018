/** An address as SMPP carries it: type of number, numbering plan, digits or name. [SMPP 3.4 §5.2.5, §5.2.6] */
export interface SmppAddress {
  ton: number
  npi: number
  address: string
}

const kinds: readonly [RegExp, (text: string) => SmppAddress][] = [
  [/^\+/, (text) => ({ ton: 1, npi: 1, address: text.slice(1) })],
  [/^\d{3,8}$/, (text) => ({ ton: 3, npi: 0, address: text })],
  [/./, (text) => ({ ton: 5, npi: 0, address: text })],
]

/** E.164 is international, three to eight digits are a short code, anything else is a name. None: the carrier's default. */
export function toSmpp(address: string | null): SmppAddress {
  const kind = kinds.find(([pattern]) => pattern.test(address ?? ''))
  return kind ? kind[1](address!) : { ton: 0, npi: 0, address: '' }
}

/**
 * An inbound address in our spelling. International numbers get their plus; so do long digit strings of unknown
 * type, for carriers leave the type out more often than they send national numbers (smpp-interop group 39).
 */
export function fromSmpp({ ton, address }: Omit<SmppAddress, 'npi'>): string {
  const digits = address.trim()
  if (!/^\+?\d+$/.test(digits)) return digits.slice(0, 64)
  if (digits.startsWith('+')) return digits
  if (digits.startsWith('00')) return `+${digits.slice(2)}`
  return ton === 1 || (ton === 0 && digits.length > 8) ? `+${digits}` : digits
}
