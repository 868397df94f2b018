/** Bits 1 and 0 of esm_class: how the SMSC shall carry a submitted message. */
const modes = ['default', 'datagram', 'forward', 'store_and_forward'] as const

/** Bits 5 to 2: what the message is. Only `default` and the two acknowledgements are for an ESME to send. */
const types = {
  default: 0x00,
  receipt: 0x04,
  delivery_acknowledgement: 0x08,
  user_acknowledgement: 0x10,
  conversation_abort: 0x18,
  intermediate_notification: 0x20,
} as const
const typeMask = 0x3c
const udhiBit = 0x40
const replyPathBit = 0x80

export type MessageMode = (typeof modes)[number]
export type MessageType = keyof typeof types

/** What an esm_class says. [SMPP 3.4 §5.2.12, 5.0 §4.7.12] */
export interface EsmClass {
  mode: MessageMode
  /** `reserved` for combinations that the specification does not have. */
  type: MessageType | 'reserved'
  /** The message begins with a user data header. */
  udhi: boolean
  replyPath: boolean
}

const typesByBits = new Map<number, MessageType>(
  Object.entries(types).map(([name, bits]) => [bits, name as MessageType]),
)

/** `readEsmClass(0x44)` is a receipt with a user data header (facts group 36). */
export const readEsmClass = (value: number): EsmClass => ({
  mode: modes[value & 3]!,
  type: typesByBits.get(value & typeMask) ?? 'reserved',
  udhi: (value & udhiBit) !== 0,
  replyPath: (value & replyPathBit) !== 0,
})

/** The octet for what is given; the rest is the default: `writeEsmClass({ udhi: true })` is 0x40. */
export const writeEsmClass = ({
  mode = 'default',
  type = 'default',
  udhi = false,
  replyPath = false,
}: Partial<EsmClass> & { type?: MessageType }): number =>
  modes.indexOf(mode) | types[type] | (udhi ? udhiBit : 0) | (replyPath ? replyPathBit : 0)
