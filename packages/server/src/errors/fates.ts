/** The part of the table in `errors.ts` that says why a message failed: `error.code` of a message, never an HTTP answer. */
export const fates = {
  carrier_rejected: {
    status: 0,
    retryable: false,
    sentence: 'The carrier refused the message.',
    advice:
      'Look at the carrier code in the timeline: mostly the number, the sender or the account at the carrier.',
  },
  not_sendable: {
    status: 0,
    retryable: false,
    sentence: 'The message could not be put into the form in which a carrier takes it.',
    advice: 'Nothing was sent. Look for the message id in the log, and send the text another way.',
  },
  audience_stopped: {
    status: 0,
    retryable: false,
    sentence: 'Somebody stopped the sending that this message was part of, before it went out.',
    advice: 'Nothing was sent to this person. Send again if it should have been.',
  },
  person_erased: {
    status: 0,
    retryable: false,
    sentence: 'The person was erased before the message went out.',
    advice: 'Nothing was sent, and nothing more will be.',
  },
  undelivered: {
    status: 0,
    retryable: true,
    sentence: 'The network could not deliver the message.',
    advice: 'Check the number, try another channel, or send again later.',
  },
  validity_expired: {
    status: 0,
    retryable: true,
    sentence: 'The message was not delivered before it expired.',
    advice: 'Send again, with a later `expires_at` if the text is still true.',
  },
  outcome_unknown: {
    status: 0,
    retryable: true,
    sentence: 'The link broke before the carrier answered, and no receipt came.',
    advice: 'The message may have arrived. Ask the recipient before you send again.',
  },
  no_receipt: {
    status: 0,
    retryable: true,
    sentence: 'The carrier took the message, and no receipt came for as long as it was worth delivering.',
    advice:
      'The message may have arrived. Ask the recipient before you send again; ask the carrier about its receipts.',
  },
} as const
