/** Why a row of a file was not taken: a code for programs and a sentence for the file that people correct. */
export const rowProblems = {
  invalid_number: 'This is not a phone number that can be dialled.',
  invalid_email: 'This is not an e-mail address.',
  invalid_language: 'This is not a language code such as de or en.',
  invalid_time_zone: 'This is not the name of a time zone such as Europe/Berlin.',
  invalid_degrees: 'This is not a latitude or longitude in degrees.',
  invalid_value: 'This does not fit the type of the attribute.',
  half_a_place: 'Latitude and longitude come together or not at all.',
  no_address: 'The row has neither an address nor an external id.',
  too_long: 'This is too long.',
  unreadable: 'This holds characters that could not be read; save the file as UTF-8.',
  address_taken: 'The address belongs to another person already.',
  ambiguous: 'The addresses of this row belong to different people.',
  erased: 'Somebody with this address was erased at their own wish.',
} as const
export type ProblemCode = keyof typeof rowProblems
