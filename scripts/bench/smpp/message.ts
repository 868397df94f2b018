/** The one message that the round trips carry, and its answer: the same octets on every side. */

const shortMessage = Buffer.from(
  'Your parcel is on its way and comes between 2 and 4 pm. '.repeat(3).slice(0, 140),
)

/**
 * Made anew for each message, as programs do. data_coding 4 (octets) keeps npm's smpp from translating the text, which
 * the SMPP package leaves to another one; so both do the same work.
 */
export const submitFields = () => ({
  source_addr_ton: 5,
  source_addr: 'Kurzpost',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '491701234567',
  registered_delivery: 1,
  data_coding: 4,
  short_message: shortMessage,
})

export const messageId = '018f3c2a9b7d4e51'
