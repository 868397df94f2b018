import type { Argument, Column, Keyword, NumberSettings, Service } from './service.ts'
import { spellings } from './words.ts'

/** A word of a service, as it is looked up. */
export interface Entry {
  readonly service: Service
  readonly keyword: Keyword
  /** What stands behind the word: for tables, one for each column that is looked up by what people write. */
  readonly arguments: readonly Argument[]
  readonly columns: readonly Column[]
}

/** All words of an account, ready to be looked up. */
export interface Book {
  readonly revision: number
  /** The entries of a folded word: several where different numbers have it for different services. */
  readonly words: ReadonlyMap<string, readonly Entry[]>
  /** The same words by their length: a slip changes it by one at most. */
  readonly byLength: ReadonlyMap<number, readonly string[]>
  readonly numbers: ReadonlyMap<string, NumberSettings>
}

/** The arguments of a service; those of a table are its columns. */
export const argumentsOf = (
  service: Pick<Service, 'kind' | 'settings'>,
  columns: readonly Column[],
): readonly Argument[] => {
  if (service.kind !== 'table') return service.settings.arguments
  const asked = columns.filter(({ key }) => key === 'argument')
  const byCaller = columns.some(({ key }) => key === 'caller')
  // The first ones are codes (a line, a branch), the last one may be a name of several words.
  return asked.map(({ name }, at) => ({ name, optional: byCaller || at > 0, rest: at === asked.length - 1 }))
}

export function makeBook(
  revision: number,
  services: readonly Service[],
  columnsOf: ReadonlyMap<string, readonly Column[]>,
  numbers: ReadonlyMap<string, NumberSettings>,
): Book {
  const words = new Map<string, Entry[]>()
  for (const service of services) {
    const columns = columnsOf.get(service.id) ?? []
    const args = argumentsOf(service, columns)
    for (const keyword of service.keywords) {
      const entry = { service, keyword, arguments: args, columns }
      for (const word of spellings(keyword.word)) {
        const entries = words.get(word)
        if (entries) entries.push(entry)
        else words.set(word, [entry])
      }
    }
  }
  return { revision, words, byLength: Map.groupBy(words.keys(), (word) => word.length), numbers }
}

/** `+4915…`, `4915…` and `004915…` are one number: networks do not agree on how they write who was called. */
export const bareNumber = (number: string): string => number.replace(/^(\+|00)/, '').toLowerCase()

export const answersAt = ({ service: { numbers } }: Entry, to: string): boolean =>
  numbers === null || numbers.some((number) => bareNumber(number) === bareNumber(to))

/** What a number does with unknown words; undefined: they are left to others. */
export const settingsOfNumber = (book: Book, to: string): NumberSettings | undefined =>
  book.numbers.get(bareNumber(to))
