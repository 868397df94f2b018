/** Bits 1 and 0: for which final outcome a receipt is asked. `success` is of 5.0 and reserved before. */
const receipts = ['never', 'always', 'failure', 'success'] as const
const deliveryBit = 0x04
const userBit = 0x08
const intermediateBit = 0x10

/** What a registered_delivery asks for. [SMPP 3.4 §5.2.17, 5.0 §4.7.21] */
export interface RegisteredDelivery {
  /** The SMSC's receipt for the final outcome. */
  receipt: (typeof receipts)[number]
  /** The handset shall acknowledge that it has the message. */
  deliveryAcknowledgement: boolean
  /** The person shall acknowledge having read it. */
  userAcknowledgement: boolean
  /** The SMSC shall also tell of states on the way. */
  intermediate: boolean
}

/** `readRegisteredDelivery(0x11)` asks for a receipt always and for what happens on the way. */
export const readRegisteredDelivery = (value: number): RegisteredDelivery => ({
  receipt: receipts[value & 3]!,
  deliveryAcknowledgement: (value & deliveryBit) !== 0,
  userAcknowledgement: (value & userBit) !== 0,
  intermediate: (value & intermediateBit) !== 0,
})

/** The octet for what is given; the rest is not asked for: `writeRegisteredDelivery({ receipt: 'always' })` is 1. */
export const writeRegisteredDelivery = ({
  receipt = 'never',
  deliveryAcknowledgement = false,
  userAcknowledgement = false,
  intermediate = false,
}: Partial<RegisteredDelivery>): number =>
  receipts.indexOf(receipt) |
  (deliveryAcknowledgement ? deliveryBit : 0) |
  (userAcknowledgement ? userBit : 0) |
  (intermediate ? intermediateBit : 0)
