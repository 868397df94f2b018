import { fillTemplate, parseTemplate } from '@kurzpost/gsm'
import { type Book, type Entry, settingsOfNumber } from './book.ts'
import { didYouMean, finish, type Person, type Said, usageOf } from './compose.ts'
import { suggestions, wordsAt } from './match.ts'
import { houseTexts, inLanguage } from './texts.ts'

/** Words that a number names when it is asked for one that it does not know. */
const mostNamed = 8
const maxSegments = 2

/** The question which of several words was meant. */
export function sayUnclear(entries: readonly Entry[], person: Person | undefined): Said {
  const [first] = entries
  const wanted = [person?.language, first!.keyword.language, first!.service.settings.language]
  const [language] = inLanguage(houseTexts.did_you_mean, wanted)
  return finish('did_you_mean', language, didYouMean(entries.map(usageOf), language), maxSegments)
}

/** What a number says to a word that nobody has. */
export function sayUnknown(book: Book, to: string, word: string, person: Person | undefined): Said {
  const own = settingsOfNumber(book, to)?.texts ?? {}
  const services = [...book.words.values()].flat()
  const texts = Object.keys(own).length > 0 ? own : houseTexts.unknown
  const [language, text] = inLanguage(texts, [person?.language, services[0]?.service.settings.language])
  const close = suggestions(book, to, word)
  const values = {
    suggestions: close.length > 0 ? ` ${didYouMean(close, language)}` : '',
    words: wordsAt(book, to).slice(0, mostNamed).join(', '),
  }
  return finish('unknown', language, fillTemplate(parseTemplate(text), values), maxSegments)
}

/** A folded word as it may be counted: not what may be a number, a code or a name with both. */
export const countable = (word: string): string | null =>
  word.length >= 2 && word.length <= 20 && word.replace(/\P{N}/gu, '').length <= 2 ? word : null
