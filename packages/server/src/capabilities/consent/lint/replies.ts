import { compact, normalise } from '../normalise.ts'
import { type Vocabulary, vocabulary } from '../vocabulary.ts'
import type { Finding, HintCode } from './hints.ts'

/** Words that networks and aggregators act on before we see them, beside those that we know ourselves. */
const networkStops = ['REMOVE', 'ARRET', 'OPT-OUT', 'STOP ALL', 'TD']
const networkStarts = ['YES', 'START', 'UNSTOP']
const networkHelps = ['HELP', 'INFO', 'AIDE', 'AYUDA', 'HILFE']

const fold = (word: string): string => compact(normalise(word))
const ours = (kind: keyof Vocabulary): string[] =>
  Object.values(vocabulary as Record<string, Vocabulary>).flatMap((words) => words[kind] ?? [])
const folded = (...words: string[]): ReadonlySet<string> => new Set(words.map(fold))

const stops = folded(...networkStops, ...ours('stop'))
const softStops = folded(...ours('softStop'))
const starts = folded(...networkStarts)
const helps = folded(...networkHelps)

/** Verbs by which people are asked to answer, in the languages of our users and their neighbours. */
const invitation =
  /\b(antwort\w*|schreib\w*|send\w*|schick\w*|zurück\w*|reply|replies|text|respond|répond\w*|envoye\w*|respond\w*|envíe|contest\w*|rispond\w*|invi\w*|odpowiedz|odpov\w*|antwoord|stuur|svar\w*)\b/giu
/** Capitals of two letters or more, or what stands in quotes: words that are meant to be typed. */
const offered =
  /["“„‚'«](?<quoted>[\p{L}-]{2,20}(?: \p{L}{2,10})?)["”“‘'»]|(?<![\p{L}\p{N}{])(?<capitals>\p{Lu}{2,20})(?![\p{L}\p{N}}])/gu

/** What says that a word is offered for opting out, and so is what networks think it is. */
const meantAsExit =
  /abmeld|abbestell|abzumeld|keine (weiteren|werbung|nachrichten)|widerr|opt.?out|unsubscri|\bto (stop|end|cancel|quit)\b|no more|désabonn|désinscri|darse de baja|baja|disiscri|annull\w* l|cancelar (la|o)|uitschrijv|afmeld|rezygn|avregistr|zum beenden|beenden/iu

export interface OfferedWord {
  word: string
  from: number
  to: number
}

/** Words that the text asks people to answer with: offered in a sentence that invites an answer. */
export function offeredWords(text: string): OfferedWord[] {
  return sentencesIn(text).flatMap(({ from, sentence }) => {
    if (!sentence.match(invitation)) return []
    return [...sentence.matchAll(offered)].map((match) => {
      const word = match.groups!.quoted ?? match.groups!.capitals!
      const start = from + match.index + match[0].indexOf(word)
      return { word, from: start, to: start + word.length }
    })
  })
}

/** Whether the text asks for any answer at all. */
export const invitesReply = (text: string): boolean => offeredWords(text).length > 0

/** Whether it says how to opt out: a stop word that is offered, or words of unsubscribing. */
export const namesOptOut = (text: string): boolean =>
  offeredStops(text) || meantAsExit.test(text) || /\bSTOP\b/u.test(text)

const offeredStops = (text: string): boolean => offeredWords(text).some(({ word }) => stops.has(fold(word)))

function sentencesIn(text: string): { from: number; sentence: string }[] {
  const sentences: { from: number; sentence: string }[] = []
  for (const match of text.matchAll(/[^.!?\n]+/g)) sentences.push({ from: match.index, sentence: match[0] })
  return sentences
}

/** Answers that networks, or we, take for something else than the sender means. */
export function replyFindings(text: string): { code: HintCode; finding: Finding }[] {
  const words = offeredWords(text)
  const codes = words.map(({ word }) => meaningOf(fold(word)))
  return words.flatMap(({ word, from, to }, at) => {
    const code = codes[at]
    if (!code) return []
    // A stop word alone, or with words of unsubscribing beside it, says what it does.
    const alone =
      words.length === 1 && fold(word).startsWith('stop') && !asAlternative.test(text.slice(0, from))
    if (code === 'reply_is_opt_out' && (alone || meantAsExit.test(near(text, from, to)))) return []
    if (code === 'reply_is_help' && meantAsHelp.test(near(text, from, to))) return []
    return [{ code, finding: { from, to, facts: { word, other: 'OK' } } }]
  })
}

/** Another answer stands before it. */
const asAlternative = /(\b(oder|or|ou|o|of|lub)|[/,|])\s*["“„‚'«]?$/iu
const meantAsHelp = /\b(hilfe|help|aide|ayuda)\b.*\b(hilfe|help|aide|ayuda|info)\b/iu

const near = (text: string, from: number, to: number): string => text.slice(Math.max(0, from - 40), to + 40)

function meaningOf(word: string): HintCode | undefined {
  if (stops.has(word)) return 'reply_is_opt_out'
  if (starts.has(word)) return 'reply_is_opt_in'
  if (helps.has(word)) return 'reply_is_help'
  if (softStops.has(word)) return 'reply_may_be_opt_out'
  return undefined
}
