/** The part of the table in `errors.ts` that is about consent, quiet hours and sign-ups. */
export const consentErrors = {
  consent_topic_unknown: {
    status: 422,
    retryable: false,
    sentence: 'There is no topic with this id, or it has been archived.',
    advice: 'List the topics with `GET /v1/topics`, and send on a living one.',
  },
  consent_missing: {
    status: 422,
    retryable: false,
    sentence: 'The recipient has not agreed to this kind of message.',
    advice:
      'Ask for consent first: by a sign-up form, by a double opt-in, or record one that you have with `POST /v1/consent`.',
  },
  consent_opted_out: {
    status: 422,
    retryable: false,
    sentence: 'The recipient has opted out of these messages.',
    advice: 'Do not send. Only the person can take it back, by START or a new sign-up.',
  },
  consent_quiet_hours: {
    status: 422,
    retryable: true,
    sentence:
      'Marketing may not reach the recipient at this hour, and no hour that may comes before the message expires.',
    advice:
      'Give it a later `expires_at`, or none. `POST /v1/consent-rules/explain` says which hours hold and why.',
  },
  consent_frequency_cap: {
    status: 422,
    retryable: true,
    sentence: 'The recipient has had as many messages as your caps allow.',
    advice: 'Send later. `POST /v1/consent-rules/explain` says which cap it is and what has counted.',
  },
  consent_throttled: {
    status: 429,
    retryable: true,
    sentence: 'This number, or this address, has asked too often.',
    advice:
      'Wait for an hour. A number gets at most three questions an hour and five a day, so that nobody can annoy a stranger.',
  },
  consent_sign_up_failed: {
    status: 422,
    retryable: false,
    sentence: 'The text that asks for consent could not be sent.',
    advice: 'Look at `details.code` for why, and at the sender of the form and its topics.',
  },
  consent_sign_up_ended: {
    status: 409,
    retryable: false,
    sentence: 'This sign-up has expired, was declined, or had too many wrong codes.',
    advice: 'Start a new one.',
  },
  consent_code_wrong: {
    status: 422,
    retryable: true,
    sentence: 'The code is not the one that was sent.',
    advice:
      'Look at the newest text message, and enter its six digits. After five wrong ones the sign-up ends.',
  },
  consent_slug_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another form has this address already.',
    advice: 'Choose another `slug`.',
  },
  topic_key_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another topic of this account has that key: a STOP with it would be about either.',
    advice: 'Take another key, or archive the other topic.',
  },
  topic_key_reserved: {
    status: 422,
    retryable: false,
    sentence: 'People could not tell this key from a word such as STOP, ALL or HELP.',
    advice: 'Take another key, such as the name of the topic.',
  },
  not_opted_out: {
    status: 409,
    retryable: false,
    sentence: 'There is no opt-out of this number that could be taken back.',
    advice: 'Look at what holds with `GET /v1/consent?number=…`.',
  },
} as const
