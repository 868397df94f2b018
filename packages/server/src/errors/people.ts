/** The part of the table in `errors.ts` that is about people, imports, audiences and erasure. */
export const peopleErrors = {
  invalid_email: {
    status: 422,
    retryable: false,
    sentence: 'The text is not an e-mail address.',
    advice: 'Write it as name@example.org.',
  },
  contact_without_address: {
    status: 422,
    retryable: false,
    sentence: 'A person needs an address or an external id, or nobody could find them again.',
    advice: 'Give at least one entry in `addresses`, or an `external_id`.',
  },
  contact_address_taken: {
    status: 409,
    retryable: false,
    sentence: 'The address belongs to another person already.',
    advice: 'Look at `details`: change that person, merge the two, or take the address from the other first.',
  },
  contact_ambiguous: {
    status: 409,
    retryable: false,
    sentence: 'The addresses belong to different people.',
    advice: 'Look at `details`: merge those people if they are one, or send fewer addresses.',
  },
  contact_external_id_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another person has this external id.',
    advice: 'Look at `details` for who it is, and merge the two if they are one.',
  },
  contact_erased: {
    status: 409,
    retryable: false,
    sentence: 'Somebody with this address was erased at their own wish.',
    advice: 'Send `"returned": true` only if the person has come back by themselves.',
  },
  import_closed: {
    status: 409,
    retryable: false,
    sentence: 'The import is not at the step at which this can be done.',
    advice: 'Look at its `state`: upload, inspect, start, in this order; then it runs by itself.',
  },
  import_incomplete: {
    status: 422,
    retryable: false,
    sentence: 'The file is empty, or a piece of it is missing.',
    advice: 'Upload the pieces 0, 1, 2 and so on without a gap, then inspect again.',
  },
  import_unreadable: {
    status: 422,
    retryable: false,
    sentence: 'The file is no table that can be read: mostly a quotation mark that never ends.',
    advice: 'Open it in a spreadsheet, look at the line that is named, and save it as CSV in UTF-8.',
  },
  import_failed: {
    status: 422,
    retryable: false,
    sentence: 'The database did not take a row of the file.',
    advice: 'Look into the log for the import, and tell us: this should have been found earlier.',
  },
  audience_over: {
    status: 409,
    retryable: false,
    sentence: 'Sending to this audience has ended already.',
    advice: 'What it has sent can be seen in the list of messages, by its id as `client_ref`.',
  },
  merge_not_last: {
    status: 409,
    retryable: false,
    sentence: 'The person has taken in somebody else since.',
    advice: 'Undo the merges of a person from the last to the first; `details` names the next one.',
  },
} as const
