/** The part of the table in `errors.ts` that is about who may come in, and how. */
export const accessErrors = {
  operator_only: {
    status: 403,
    retryable: false,
    sentence: 'This is about the installation as a whole, and your account does not operate it.',
    advice: 'Ask whoever runs the installation: its first account may.',
  },
  insecure_connection: {
    status: 403,
    retryable: false,
    sentence: 'Passwords and sessions are not taken over a connection that others can read.',
    advice:
      'Put TLS in front and set KURZPOST_PUBLIC_URL to the https address, or use the console on the machine itself.',
  },
  forged_request: {
    status: 403,
    retryable: false,
    sentence: 'The request bears a session but does not come from a page of this server.',
    advice: 'Use the console at its own address; programs use an API key.',
  },
  sign_in_failed: {
    status: 401,
    retryable: false,
    sentence: 'E-mail, password, code or passkey do not fit.',
    advice: 'Check them and try again. An owner or admin can give you a link for a new password.',
  },
  second_factor_needed: {
    status: 401,
    retryable: false,
    sentence: 'The password fits; the code of the authenticator app is missing.',
    advice: 'Send the same again with `code`.',
  },
  proof_needed: {
    status: 403,
    retryable: false,
    sentence: 'What opens your access is changed only right after you have shown that it is you.',
    advice:
      'Give your password or a passkey at `POST /v1/session/proof`, then try again within five minutes.',
  },
  password_weak: {
    status: 422,
    retryable: false,
    sentence: 'The password is easy to guess.',
    advice:
      'Take at least 10 characters that are not your address and do not repeat, such as a short sentence.',
  },
  code_wrong: {
    status: 422,
    retryable: false,
    sentence: 'The code is not the one of this moment, or was used already.',
    advice: 'Wait for the next code, and check that the clock of the phone is right.',
  },
  no_second_factor: {
    status: 409,
    retryable: false,
    sentence:
      'Recovery codes stand in for the codes of an authenticator app, and there are none to stand in for.',
    advice: 'Set up the codes of an app first: `POST /v1/me/totp`.',
  },
  passkey_refused: {
    status: 422,
    retryable: false,
    sentence: 'The passkey could not be verified.',
    advice:
      'Start again. Passkeys need https, or http://localhost on the machine itself, and no bare IP address.',
  },
  link_invalid: {
    status: 404,
    retryable: false,
    sentence: 'The link is used, expired or withdrawn, or it is not complete.',
    advice: 'Ask whoever gave it to you for a new one.',
  },
  role_beyond_yours: {
    status: 403,
    retryable: false,
    sentence: 'The role may do more than you may.',
    advice: 'Ask somebody who has that role; owners are made and removed by owners alone.',
  },
  last_owner: {
    status: 409,
    retryable: false,
    sentence: 'The account would be left without an owner.',
    advice: 'Make somebody else an owner first.',
  },
  user_of_others: {
    status: 409,
    retryable: false,
    sentence: 'The user belongs to other accounts as well, and their sign-in is not yours alone to change.',
    advice: 'Ask whoever runs the installation: `kurzpost user reset` makes a link.',
  },
} as const
