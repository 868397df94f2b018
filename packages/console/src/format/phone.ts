/** ITU country codes of one and two digits; every other code has three. */
const one = ['1', '7']
const two =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  )

/** `+491700000001` as `+49 170 0000001`. Short codes and names come back as they are. */
export function showNumber(address: string): string {
  if (!/^\+\d{7,15}$/.test(address)) return address
  const digits = address.slice(1)
  const code = digits.slice(
    0,
    one.includes(digits.slice(0, 1)) ? 1 : two.includes(digits.slice(0, 2)) ? 2 : 3,
  )
  const rest = digits.slice(code.length)
  return `+${code} ${rest.slice(0, 3)} ${rest.slice(3)}`
}

/** What people type, without blanks and brackets: `+49 (170) 000-0001` as `+491700000001`. */
export const bareNumber = (typed: string): string =>
  typed.replace(/[\s()/.\-\u00a0]/g, '').replace(/^00/, '+')

/** Good enough to open a virtual handset; the server is the judge of real numbers. */
export const looksDialable = (typed: string): boolean => /^\+\d{7,15}$/.test(bareNumber(typed))
