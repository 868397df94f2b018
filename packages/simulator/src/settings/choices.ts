import { mix, unit } from '../chance.ts'
import type { Rule } from './kinds.ts'
import { readShare } from './kinds.ts'

/** One line of a choice: this, for so many of those to this prefix. */
interface Case<T> {
  readonly value: T
  /** Of all that come, not of what the lines before have left. Undefined: all that are left. */
  readonly share: number | undefined
  /** Each n-th of those that come to this line. */
  readonly every: number | undefined
  /** Digits that the recipient begins with; '' is everybody. */
  readonly prefix: string
}

/** A choice made ready: picks a value for a recipient, or undefined if no line fits. */
export interface Choice<T> {
  pick(recipient: string, key: number, purpose: number, fits?: (value: T) => boolean): T | undefined
  /** Whether a key is needed. */
  readonly draws: boolean
  /** Set if it is this for everybody. */
  readonly always?: T
}

type Words<T> = (word: string) => T | undefined

/** Reads `delivered 90%, undelivered for 49170, expired`; undefined if a word of it is wrong. */
export function readChoice<T>(text: string, words: Words<T>): Choice<T> | undefined {
  const cases: Case<T>[] = []
  for (const line of text.split(/[,;]/)) {
    if (line.trim() === '') continue
    const one = readCase(line.trim(), words)
    if (!one) return undefined
    cases.push(one)
  }
  const [first] = cases
  const always =
    first && first.share === undefined && first.every === undefined && first.prefix === ''
      ? first.value
      : undefined
  return {
    pick: picker(cases),
    draws: always === undefined && cases.some(({ share }) => share !== undefined),
    ...(always !== undefined && { always }),
  }
}

function readCase<T>(line: string, words: Words<T>): Case<T> | undefined {
  const match = /^(\S+)(?:\s+(\d\S*))?(?:\s+every\s+(\d{1,7}))?(?:\s+for\s+\+?(\d{1,20})\*?)?$/.exec(line)
  if (!match) return undefined
  const [, word = '', shareText, everyText, prefix = ''] = match
  const value = words(word)
  const share = shareText === undefined ? undefined : readShare(shareText)
  const every = everyText === undefined ? undefined : Number(everyText)
  if (value === undefined || every === 0 || (shareText !== undefined && share === undefined)) return undefined
  return { value, share, every, prefix }
}

function picker<T>(cases: readonly Case<T>[]): Choice<T>['pick'] {
  const counted = cases.map(() => 0)
  return (recipient, key, purpose, fits) => {
    let drawn = -1
    let below = 0
    for (let i = 0; i < cases.length; i += 1) {
      const { value, share, every, prefix } = cases[i]!
      if (prefix !== '' && !recipient.startsWith(prefix)) continue
      if (fits && !fits(value)) continue
      if (share !== undefined) {
        if (drawn < 0) drawn = unit(mix(key, purpose), 0)
        below += share
        if (drawn >= below) continue
      }
      if (every !== undefined) {
        counted[i]! += 1
        if (counted[i]! < every) continue
        counted[i] = 0
      }
      return value
    }
    return undefined
  }
}

/** Words with shares, by recipient: kept as the text that was given. */
export const choices = <T>(fallback: string, takes: string, words: Words<T>, help: string): Rule<string> => ({
  fallback,
  takes: `${takes}, several with commas between them, each with a share ("10%"), "every 3" and "for 49170" (recipients that begin so) behind it; the first that fits counts`,
  short: `a choice: ${takes}`,
  read: (value) => written(value, words),
  help,
})

/** The same where there is no recipient: a line for some of them would never fit. */
export const choicesForAll = <T>(takes: string, words: Words<T>, help: string): Rule<string> => ({
  fallback: '',
  takes: `${takes}, several with commas between them, each with a share ("10%") or "every 3" behind it; the first that fits counts`,
  short: `a choice: ${takes}`,
  read: (value) => {
    const text = written(value, words)
    return text !== undefined && /\bfor\b/.test(text) ? undefined : text
  },
  help,
})

function written<T>(value: unknown, words: Words<T>): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > 1000) return undefined
  return readChoice(text, words) === undefined ? undefined : text.trim()
}

/** The words of a list. */
export const wordsOf =
  <const T extends string>(values: readonly T[]): Words<T> =>
  (word) =>
    values.find((value) => value === word)
