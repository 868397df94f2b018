/** Who is written to, and what: shared by the processes of the bench, which know each other's messages by number. */

const prefix = '+49151'
const digits = 8

/** Recipients come in no order, as in life: an index over them is written all over the place. */
const numbers = 10 ** digits
const step = 38_196_601
/** `step` times this is 1, modulo all numbers. */
const stepBack = inverse(BigInt(step), BigInt(numbers))

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

/** Recipient of message `index`: a valid German mobile number, and no other message's. */
export const recipientOf = (index: number): string =>
  prefix + String((index * step) % numbers).padStart(digits, '0')

/** The message that a recipient, with or without its plus sign, belongs to. */
export const indexOf = (recipient: string): number =>
  Number((BigInt(recipient.slice(-digits)) * stepBack) % BigInt(numbers))

const words =
  'Your parcel is on its way and will reach you today between 2 and 4 pm. Track it by this number: '

/** A text of 100 characters, one segment, unlike any other. */
export const textOf = (index: number): string => {
  const number = String(index)
  return words.slice(0, 100 - number.length).padEnd(100 - number.length, '.') + number
}

/** Milliseconds since the epoch, finer than Date.now(); all processes run on one machine and share its clock. */
export const wallClock = (): number => performance.timeOrigin + performance.now()

/** The whole numbers from `first` on. */
export interface Range {
  readonly first: number
  readonly count: number
}
