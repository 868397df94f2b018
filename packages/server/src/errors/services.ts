/** The part of the table in `errors.ts` that is about keyword services and the inbox. */
export const serviceErrors = {
  keyword_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another service has this word at the same number.',
    advice: 'Choose another word, give one of the two services other numbers, or switch the other one off.',
  },
  keyword_reserved: {
    status: 422,
    retryable: false,
    sentence: 'This word means STOP, START or HELP to networks and to people.',
    advice: 'Choose another word: nobody could use this one without being signed off, signed on or helped.',
  },
  keyword_table_unreadable: {
    status: 422,
    retryable: false,
    sentence: 'The file is not a table.',
    advice:
      'Send CSV in UTF-8 with the names of the columns in its first line, each of them once. `details.problem` says what is wrong.',
  },
  too_many_keyword_services: {
    status: 422,
    retryable: false,
    sentence: 'The account has reached its number of keyword services.',
    advice: 'Delete one that is no longer used.',
  },
  inbox_state: {
    status: 409,
    retryable: false,
    sentence: 'The conversation stands where this makes no sense.',
    advice: 'Read it again: somebody else may have closed or opened it.',
  },
  inbox_refused: {
    status: 422,
    retryable: false,
    sentence: 'The answer may not be sent to this person.',
    advice: '`details.code` says why; nothing was sent.',
  },
  inbox_full: {
    status: 422,
    retryable: false,
    sentence: 'The account has reached its number of teams or canned answers.',
    advice: 'Delete one that is no longer used.',
  },
} as const
