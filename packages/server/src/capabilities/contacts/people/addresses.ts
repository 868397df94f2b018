import { normalizeRecipient } from '../../../message/address.ts'

export const channels = ['sms', 'email'] as const
export type Channel = (typeof channels)[number]

/** An address as somebody typed it. */
export interface AddressWish {
  channel: Channel
  address: string
  label?: string | null | undefined
}

/** In its one spelling, with the key under which consent and suppression know it. */
export interface Address extends AddressWish {
  key: Buffer
}

/** How numbers without a country code are read; see message/address.ts. */
export interface NumberRules {
  country: string
  lenient: boolean
}

const mail = /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@.<>"(),:;\\[\]]+(\.[^\s@.<>"(),:;\\[\]]+)+$/

/** E.164 for phones, small letters for e-mail; undefined when the text is no such address. */
export function normalizeAddress(channel: Channel, text: string, rules: NumberRules): string | undefined {
  if (channel === 'sms') return normalizeRecipient(text, rules)
  const address = text.trim().toLowerCase()
  return address.length <= 254 && mail.test(address) ? address : undefined
}
