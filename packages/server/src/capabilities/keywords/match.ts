import { answersAt, type Book, type Entry } from './book.ts'
import { isReserved, mayBeReserved } from './reserved.ts'
import type { Argument } from './service.ts'
import { fold, foldBare, mayMean, wordsOf } from './words.ts'

export type Match =
  /** A service is asked. `missing`: it wants more than was written. */
  | { is: 'asked'; entry: Entry; how: 'exact' | 'typo'; given: readonly string[]; missing: boolean }
  /** One or several words may have been meant. */
  | { is: 'unclear'; entries: readonly Entry[]; word: string }
  /** No word of ours. `left`: not even worth an answer, as it may be a STOP, or is a sentence that begins like a request. */
  | { is: 'unknown'; word: string | undefined; left: boolean }

/** `S BAHN` is found under `S-Bahn`; longer names than that nobody types. */
const mostWords = 3

/** Which service of an account a text is for that came to one of its numbers. */
export function match(book: Book, to: string, text: string): Match {
  const words = wordsOf(text)
  const [first] = words
  if (first === undefined) return { is: 'unknown', word: undefined, left: true }
  if (isReserved(first)) return { is: 'unknown', word: first, left: true }
  const exact = lookUp(words, (typed, bare) => entriesAt(book, typed, bare, to))
  if (exact) {
    const [entry] = exact.entries
    const given = distribute(exact.rest, entry!.arguments)
    if (!given) return { is: 'unknown', word: first, left: true }
    return { is: 'asked', entry: entry!, how: 'exact', given, missing: isMissing(entry!, given) }
  }
  return readSlips(book, to, words)
}

function readSlips(book: Book, to: string, words: readonly string[]): Match {
  const unknown: Match = { is: 'unknown', word: words[0], left: false }
  if (mayBeReserved(words[0]!)) return { ...unknown, left: true }
  const near = lookUp(words, (typed) => neighbours(book, typed, to))
  if (!near) return unknown
  // Other services than one: nobody knows which was meant.
  const services = new Map(near.entries.map((entry) => [entry.service.id, entry]))
  const entries = [...services.values()].filter(({ service }) => service.settings.typos !== 'off')
  if (entries.length === 0) return unknown
  const fitting = entries.filter((entry) => distribute(near.rest, entry.arguments))
  if (fitting.length === 0) return unknown
  const [entry] = fitting
  if (services.size > 1 || entry!.service.settings.typos === 'ask')
    return { is: 'unclear', entries: fitting, word: words[0]! }
  const given = distribute(near.rest, entry!.arguments)!
  return { is: 'asked', entry: entry!, how: 'typo', given, missing: isMissing(entry!, given) }
}

/** Words in front that stand for something, as many as do; the rest is what stands behind. */
function lookUp(
  words: readonly string[],
  find: (typed: string, bare: string) => readonly Entry[],
): { entries: readonly Entry[]; rest: readonly string[] } | undefined {
  const front = words.slice(0, mostWords)
  const [folded, bare] = [front.map(fold), front.map(foldBare)]
  for (let count = front.length; count > 0; count--) {
    const entries = find(folded.slice(0, count).join(''), bare.slice(0, count).join(''))
    if (entries.length > 0) return { entries, rest: words.slice(count) }
  }
  return undefined
}

function entriesAt(book: Book, typed: string, bare: string, to: string): readonly Entry[] {
  const found = book.words.get(typed) ?? book.words.get(bare)
  return found?.filter((entry) => answersAt(entry, to)) ?? []
}

function neighbours(book: Book, word: string, to: string): readonly Entry[] {
  return [-1, 0, 1]
    .flatMap((more) => book.byLength.get(word.length + more) ?? [])
    .filter((other) => mayMean(word, other))
    .flatMap((other) => book.words.get(other)!.filter((entry) => answersAt(entry, to)))
}

/** The words as the arguments take them; undefined where there are more words than that: a sentence, and no request. */
export function distribute(words: readonly string[], args: readonly Argument[]): string[] | undefined {
  const last = args.at(-1)
  if (last?.rest && words.length >= args.length)
    return [...words.slice(0, args.length - 1), words.slice(args.length - 1).join(' ')]
  return words.length > args.length ? undefined : [...words]
}

const isMissing = ({ arguments: args }: Entry, given: readonly string[]): boolean =>
  args.some(({ optional }, at) => !optional && given[at] === undefined)

/** Words that are close to one that nobody has, for a "did you mean". */
export function suggestions(book: Book, to: string, word: string, most = 3): string[] {
  const typed = fold(word)
  const close = [...book.words]
    .filter(([other]) => mayMean(typed, other) || (typed.length >= 3 && other.startsWith(typed)))
    .flatMap(([, entries]) => entries.filter((entry) => answersAt(entry, to)))
  return [...new Set(close.map(({ keyword }) => keyword.word))].slice(0, most)
}

/** The words that a number answers to, the first one of each service. */
export function wordsAt(book: Book, to: string): string[] {
  const entries = [...book.words.values()].flat().filter((entry) => answersAt(entry, to))
  const first = new Map(entries.map(({ service }) => [service.id, service.keywords[0]!.word]))
  return [...first.values()]
}
