/**
 * Addresses of customers as readers see them whose role hides numbers: enough to tell two apart and to recognise
 * one, too little to write to it. Senders that are names or short codes belong to nobody and stay as they are.
 */

/** E.164 country codes of two digits; 1 and 7 have one, all others three (ITU-T E.164 Annex, list of assigned codes). */
const twoDigits = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/
const hidden = '••••'

const e164 = /^\+[1-9]\d{6,14}$/
const mail = /^([^\s@]+)@([^\s@]+)$/

function maskNumber(number: string): string {
  const digits = number.slice(1)
  const codeLength = /^[17]/.test(digits) ? 1 : twoDigits.test(digits) ? 2 : 3
  const national = digits.slice(codeLength)
  // Four digits at least stay hidden: ten thousand numbers to try for each one shown.
  const [lead, tail] = national.length >= 10 ? [3, 3] : national.length >= 7 ? [0, 3] : [0, 0]
  return [
    `+${digits.slice(0, codeLength)}`,
    national.slice(0, lead),
    hidden,
    tail ? national.slice(-tail) : '',
  ]
    .filter(Boolean)
    .join(' ')
}

/** As some networks and people write it: `015123456789`, `4915123456789`. Short codes have eight digits at most. */
const bare = /^\d{9,15}$/

function maskWhole(text: string): string {
  if (e164.test(text)) return maskNumber(text)
  const [, name, host] = mail.exec(text) ?? []
  return name === undefined ? text : `${name[0]}${hidden}@${host}`
}

/** One address: `+4915123456789` becomes `+49 151 •••• 789`, `ada@example.org` becomes `a••••@example.org`. */
export const mask = (address: string): string =>
  bare.test(address) ? `${hidden} ${address.slice(-3)}` : maskWhole(address)

/** Every E.164 number inside a text; for sentences and for files. */
export const maskNumbers = (text: string): string =>
  text.replace(/(?<![\d+])\+[1-9]\d{6,14}(?!\d)/g, maskNumber)

/** Fields in which people write to each other: what a customer told an agent is not taken from the agent. */
const prose: ReadonlySet<string> = new Set(['text', 'note'])

/** Fields that hold an address. Elsewhere digits alone are a customer number as well, or an order. */
const ofAddresses: ReadonlySet<string> = new Set([
  'address',
  'addresses',
  'from',
  'to',
  'sender',
  'number',
  'numbers',
])

/** An answer of the API with every address in it masked, however deep; what is no JSON stays as it is. */
export function maskDeep(value: unknown, field = ''): unknown {
  if (typeof value === 'string') {
    if (prose.has(field)) return value
    return maskNumbers(ofAddresses.has(field) ? mask(value) : maskWhole(value))
  }
  if (Array.isArray(value)) return value.map((each) => maskDeep(each, field))
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [maskNumbers(name), maskDeep(inner, name)]),
  )
}

/** Whether a search for this text would tell a masked reader whose number it is: more than the four last digits. */
export const findsOut = (text: string): boolean => text.replace(/\D/g, '').length > 4
