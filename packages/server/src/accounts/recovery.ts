import { createHmac, randomInt } from 'node:crypto'

/** For the day on which the phone with the authenticator app is gone. */
export const recoveryCodes = 10

/** Without 0, 1, l and o, which paper makes alike: 32 characters, twelve of them 60 bits. */
const alphabet = '23456789abcdefghijkmnpqrstuvwxyz'
const length = 12

/** New codes as people read them: `abcd-efgh-ijkm`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: recoveryCodes }, () =>
    Array.from({ length }, () => alphabet[randomInt(alphabet.length)])
      .join('')
      .replace(/(.{4})(?=.)/g, '$1-'),
  )

/** What was typed, without what people put between; undefined for what is no recovery code by its form. */
export function readRecoveryCode(given: string): string | undefined {
  const code = given.replace(/[\s-]/g, '').toLowerCase()
  return code.length === length && [...code].every((char) => alphabet.includes(char)) ? code : undefined
}

/** Kept in place of a code, under a key of the installation and bound to its user: a copy of the database opens nothing. */
export const recoveryHash = (key: Buffer, userId: string, code: string): Buffer =>
  createHmac('sha256', key)
    .update(`recovery\0${userId}\0${readRecoveryCode(code)}`)
    .digest()
