/** Who is written to, and what: shared by the processes of the bench, which know each other's messages by number. */

const prefix = '+49151'
const digits = 8

/** Recipient of message `index`: a valid German mobile number, and no other message's. */
export const recipientOf = (index: number): string => prefix + String(index).padStart(digits, '0')

/** The message that a recipient, with or without its plus sign, belongs to. */
export const indexOf = (recipient: string): number => Number(recipient.slice(-digits))

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
