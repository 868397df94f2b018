/** What went wrong, by the API's code, in English. */
export const errors = {
  marked: 'What is missing or does not fit is said in red at the fields.',
  retry: 'Try again',
  title: 'That did not work',
  /** By the API's code; a code that is missing here shows the sentence of the server. */
  byCode: {
    topic_key_taken: 'Another topic has that word: a STOP with it would be about either. Take another one.',
    topic_key_reserved:
      'People could not tell this word from STOP, ALL or HELP. Take another one, such as the name.',
    not_opted_out: 'There is no opt-out of this number any more that could be taken back.',
    consent_topic_unknown: 'There is no such topic any more, or it has been archived.',
    consent_missing:
      'The recipient has not agreed to this. Ask first, or write down the consent that you have.',
    consent_opted_out: 'The recipient has opted out. Only they can take that back.',
    consent_quiet_hours:
      'Quiet hours: marketing may not reach the recipient now, and it would expire before it may. The room of quiet hours says by which rule.',
    consent_frequency_cap: 'The recipient has had as many messages as your caps allow.',
    consent_slug_taken: 'Another form stands at this address. Choose another one.',
    unreachable: 'The server does not answer. Is it running?',
    invalid_number:
      'This is not a phone number that can be dialled. Write it with + and country code, such as +4930123456.',
    invalid_sender:
      'A sender is a phone number, a short code of 3 to 8 digits, or a name of up to 11 letters and digits.',
    sender_not_yours:
      'This sender was not given to your account. Take one of your own, or have it given to you by whoever runs the server.',
    text_empty: 'The message has no text yet.',
    text_too_long: 'The text needs more segments than one message may have. Shorten it.',
    text_not_encodable:
      'The text has characters that the GSM alphabet lacks. Choose the automatic encoding, or replace them.',
    send_at_out_of_range: 'The moment is more than a year away. Choose one within 365 days.',
    not_cancellable: 'Too late: the message is already on its way or finished.',
    overloaded: 'The server has more to do than it can take. Try again in a few seconds.',
    database_unavailable: 'The database does not answer, so nothing was stored. Try again in a moment.',
    shutting_down: 'The server is stopping. Try again in a few seconds.',
    handset_unavailable:
      'The simulator does not answer. It is started again by itself; try again in a moment.',
    invalid_request: 'Something in it does not fit:',
    name_taken: 'There is another one of this name. Choose another name, or change the one that there is.',
    stale_revision:
      'Somebody has changed it since you opened it. Undo your changes, look, and change it again.',
    unknown_profile: 'There is no such profile for this kind.',
    set_by_environment:
      'Address and credentials of this carrier come from KURZPOST_CARRIER_URL. Change them there and start the server again; everything else can be changed here.',
    operator_only: 'This is about the installation as a whole, which another account operates.',
    forged_request: 'The server takes this only from its own pages. Reload the page and try again.',
    sign_in_failed: 'That does not fit. Look at it once more.',
    proof_needed: 'Show first that it is you; your proof is older than five minutes.',
    password_weak:
      'This password is easy to guess. Take at least 10 characters that are not your address and do not repeat.',
    code_wrong:
      'That is not the code of this moment. Wait for the next one, and check the clock of the phone.',
    no_second_factor: 'Recovery codes stand in for those of an app; set these up first.',
    keyword_table_unreadable: 'This file is not a table that can be taken.',
    too_many_keyword_services: 'There are as many services as there may be. Delete one that nobody needs.',
    passkey_refused: 'The passkey could not be verified. Start again.',
    link_invalid: 'This link opens nothing any more. Ask for a new one.',
    role_beyond_yours: 'The role may do more than you may. Ask somebody who has it.',
    last_owner: 'The account would be left without an owner. Make somebody else an owner first.',
    user_of_others:
      'This person belongs to other accounts as well, so the sign-in is not yours alone to change. Ask whoever runs the server.',
    rate_limited: 'Too many requests in a short time. Wait a moment.',
    forbidden: 'This key, or your role, may not do that. Use one with more rights, or ask for another role.',
    not_found: 'It is not there any more. Somebody may have deleted it.',
    no_receipt: 'The network took the message and never spoke of it again. It may have arrived.',
    internal: 'Something went wrong in the server. Try again; if it stays, look into its log.',
    carrier_rejected: 'The carrier refused the message.',
    undelivered: 'The network could not deliver the message.',
    validity_expired: 'The message was not delivered before it expired.',
    outcome_unknown: 'The link broke before the carrier answered, and no receipt came. It may have arrived.',
  } as Record<string, string>,
}
