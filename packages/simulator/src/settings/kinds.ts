/** What one setting holds: the way to read it from JSON or from the text of a flag, and what a person is told of it. */
export interface Rule<T> {
  readonly fallback: T
  /** What would be right, as the end of the sentence "it takes …". */
  readonly takes: string
  /** The same in a word that README and help explain once, where it would come again and again. */
  readonly short?: string
  /** The value as it is kept and shown; undefined if it does not fit. */
  readonly read: (value: unknown) => T | undefined
  readonly help: string
  /** Shown as `set` or `unset`, never as it is. */
  readonly secret?: true
}

/** Flags and environment variables are texts; in JSON a number is a number, and its text is accepted too. */
const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)
      ? Number(value)
      : NaN

export const count = (fallback: number, from: number, to: number, help: string): Rule<number> => ({
  fallback,
  takes: `a whole number from ${from} to ${to}`,
  read: (value) => {
    const number = numberOf(value)
    return Number.isInteger(number) && number >= from && number <= to ? number : undefined
  },
  help,
})

const truths: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
])
export const flag = (fallback: boolean, help: string): Rule<boolean> => ({
  fallback,
  takes: 'true or false',
  read: (value) => truths.get(value),
  help,
})

/** How often something happens, to how many of all: kept as a number from 0 to 1. */
export const share = (help: string): Rule<number> => ({
  fallback: 0,
  takes: 'a share such as 0.05 or "5%", or true for all and false for none',
  short: 'a share',
  read: readShare,
  help,
})
export function readShare(value: unknown): number | undefined {
  const truth = truths.get(value)
  if (truth !== undefined) return Number(truth)
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] : undefined
  const number = percent === undefined ? numberOf(value) : Number(percent) / 100
  return number >= 0 && number <= 1 ? number : undefined
}

export const oneOf = <const T extends string>(values: readonly [T, ...T[]], help: string): Rule<T> => ({
  fallback: values[0],
  takes: `one of ${values.join(', ')}`,
  read: (value) => (values.includes(value as T) ? (value as T) : undefined),
  help,
})

export const text = (longest: number, help: string): Rule<string> => ({
  fallback: '',
  takes: `a text of up to ${longest} characters`,
  read: (value) => (typeof value === 'string' && value.length <= longest ? value : undefined),
  help,
})

/** Some words out of a list, with blanks between them; none is the empty text. */
export const someOf = (values: readonly string[], help: string): Rule<string> => ({
  fallback: '',
  takes: `some of ${values.join(', ')}, with blanks between them, or an empty text`,
  read: (value) => {
    if (typeof value !== 'string') return undefined
    const words = value.split(/[\s,]+/).filter((word) => word !== '')
    return words.every((word) => values.includes(word)) ? words.join(' ') : undefined
  },
  help,
})
