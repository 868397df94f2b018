import { septetCost, septetLength } from './alphabet.ts'
import { letters, typography } from './replacements.ts'

export interface TransliterateOptions {
  /** Also reduce Latin letters to the nearest in GSM-7 (`ł` to `l`). Default false: it can change a meaning. */
  readonly letters?: boolean
}

export interface Change {
  /** UTF-16 index in the text as given. */
  readonly index: number
  readonly from: string
  readonly to: string
}

const typographyOf = table(typography)
const lettersOf = table([...typography, ...letters])

const combining = /[\u0300-\u036f]/
/** Addresses, which stop working when a character of them changes. Looked for word by word: see `protectedSpan`. */
const scheme = /[a-z][a-z0-9+.-]{0,20}:\/\/|www\./i
const bareDomain = /^[^\s/@:?#"“”„«»]{1,253}\.\p{L}{2,63}(?=[/?#:])/u
const mailbox = /^[^\s@"“”„«»]{1,64}@[^\s@"“”„«»]{1,253}/u
/** Signs that end a sentence or a quotation around an address and are not part of it. */
const closing = /["'“”„‘’«»)\].,;:!?…]/u

/**
 * Replaces characters that GSM-7 does not have by ones that it has, as the tables in replacements.ts say, and lists
 * each change. Letters that come as a base and a combining accent are composed. Addresses (URLs, bare domains with a
 * path, mail) are left alone, and so is what no table knows: the result may still need UCS-2, and whether it is
 * worth using then is for the caller to decide.
 */
export function transliterate(
  text: string,
  options: TransliterateOptions = {},
): { text: string; changes: Change[] } {
  if (septetLength(text) >= 0) return { text, changes: [] }
  const replacements = options.letters ? lettersOf : typographyOf
  const changes: Change[] = []
  let result = ''
  for (const { 0: word, index: start } of text.matchAll(/\s+|\S+/gu)) {
    const spared = protectedSpan(word)
    for (let at = 0; at < word.length; ) {
      if (at === spared.from && spared.to > at) {
        result += word.slice(at, spared.to)
        at = spared.to
        continue
      }
      const from = unitAt(word, at)
      const to = replacement(from, replacements)
      if (to !== from) changes.push({ index: start + at, from, to })
      result += to
      at += from.length
    }
  }
  return { text: result, changes }
}

/** One code point and the accents that combine with it. */
function unitAt(word: string, at: number): string {
  let end = at + String.fromCodePoint(word.codePointAt(at)!).length
  while (end < word.length && combining.test(word[end]!)) end++
  return word.slice(at, end)
}

function replacement(from: string, replacements: ReadonlyMap<string, string>): string {
  if (from.length === 1 && septetCost(from.charCodeAt(0)) !== 0) return from
  const composed = from.normalize('NFC')
  const to = replacements.get(composed) ?? composed
  return septetLength(to) < 0 ? from : to
}

/** The part of a word (no white space in it) that is an address: its indexes, equal if there is none. */
function protectedSpan(word: string): { from: number; to: number } {
  const opening = /^["'“”„‘’«»([]*/u.exec(word)![0].length
  const inner = word.slice(opening)
  const from = scheme.exec(word)?.index ?? (bareDomain.test(inner) || mailbox.test(inner) ? opening : -1)
  if (from < 0) return { from: 0, to: 0 }
  const quote = word.slice(from).search(/["“”„«»]/u)
  let to = quote < 0 ? word.length : from + quote
  while (to > from && closing.test(word[to - 1]!)) to--
  return { from, to }
}

function table(rows: typeof typography): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([to, from]) => [...from].map((char) => [char, to] as const)))
}
