export interface ProtectedSpan {
  /** UTF-16 index of the first character, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly kind: 'address' | 'code' | 'placeholder'
}

export interface ProtectOptions {
  /** What is not to be protected. Placeholders always are. Default: nothing. */
  readonly inside?: readonly ('addresses' | 'codes')[]
}

/** Placeholders of a template, in the two spellings that are about. */
const placeholder = /\{\{[^{}]{1,100}\}\}|\(\([^()]{1,100}\)\)/g
/** Stands for a placeholder's characters while the rest is looked at: neither letter, digit, sign nor space. */
const MASK = '\ue000'

/** No address is without one of these, no code without a digit: spares most words the rest. */
const suspicious = /[\p{Nd}@:.]/u
const scheme = /[a-z][a-z0-9+.-]{0,20}:\/\/|www\./i
const domainWithPath = /^[^\s/@:?#"“”„«»]{1,253}\.\p{L}{2,63}(?=[/?#:])/u
/** Without a path only endings that are no words: `done.To` is a missing space and no address in Tonga. */
const domainAlone =
  /^(?:[\p{L}\p{M}\p{Nd}-]{1,63}\.)+(?:com|net|org|info|biz|shop|online|app|io|eu|de|at|ch|fr|nl|be|lu|uk|dk|pl|cz|hu|gr|bg|lt|lv|ee|tr|ua|ru|br|mx|vn)$/u
const mailbox = /^[^\s@"“”„«»]{1,64}@[^\s@"“”„«»]{1,253}/u
/** Signs that end a sentence or a quotation around an address and are not part of it. */
const closing = /["'“”„‘’«»)\].,;:!?…]/u

/**
 * Letters and digits with hyphens between them. An en dash joins a code only between capitals and digits, where a word
 * processor put it: not in `9am–5pm`.
 */
const token =
  /(?<![\p{L}\p{M}\p{Nd}])[\p{Lu}\p{Nd}]{2,}(?:[\u2012-\u2014][\p{Lu}\p{Nd}]{2,})+(?![\p{L}\p{M}\p{Nd}])|[\p{L}\p{M}\p{Nd}]+(?:[-_\u2010\u2011][\p{L}\p{M}\p{Nd}]+)*/gu
/** 100zł, 50Kč, 5-dniowy: an amount or an ordinal, not a code. */
const quantity = /^\p{Nd}+(?:\p{Lu}?\p{Ll}{1,4}|[-\u2010\u2011]\p{Ll}+)$/u
const SHORTEST_CODE = 4

/**
 * The parts of a text that mean what they are letter by letter, in order and apart from each other: addresses (URLs,
 * domains, mail), codes (at least four letters and digits, both kinds, dashes between them: `AB-1234`, `ŁÓDŹ24`), and
 * placeholders (`{{name}}`, `((name))`). Quotes and stops around an address are not part of it.
 */
export function protectedSpans(text: string, { inside = [] }: ProtectOptions = {}): ProtectedSpan[] {
  const spans: ProtectedSpan[] = []
  let masked = text
  if (text.includes('{{') || text.includes('((')) {
    masked = text.replace(placeholder, (found, from: number) => {
      spans.push({ from, to: from + found.length, kind: 'placeholder' })
      return MASK.repeat(found.length)
    })
  }
  const placeholders = spans.length
  const [addresses, codes] = [!inside.includes('addresses'), !inside.includes('codes')]
  for (const { 0: word, index } of masked.matchAll(/\S+/gu)) {
    if (!suspicious.test(word)) continue
    const address = addresses ? addressIn(word) : undefined
    if (address) spans.push({ from: index + address.from, to: index + address.to, kind: 'address' })
    for (const { from, to } of codes ? codesIn(word) : []) {
      const before = Math.min(to, address?.from ?? to)
      if (from < before) spans.push({ from: index + from, to: index + before, kind: 'code' })
      const after = Math.max(from, address?.to ?? to)
      if (after < to) spans.push({ from: index + after, to: index + to, kind: 'code' })
    }
  }
  return placeholders > 0 ? apart(spans) : spans.sort((a, b) => a.from - b.from)
}

/** The part of a word that is an address, if any. */
function addressIn(word: string): { from: number; to: number } | undefined {
  const opening = /^["'“”„‘’«»([]*/u.exec(word)![0].length
  const inner = word.slice(opening)
  const at = scheme.exec(word)?.index
  const from = at ?? (domainWithPath.test(inner) || mailbox.test(inner) ? opening : -1)
  if (from < 0) {
    const to = trimmed(word, opening, word.length)
    return domainAlone.test(word.slice(opening, to)) ? { from: opening, to } : undefined
  }
  const quote = word.slice(from).search(/["“”„«»]/u)
  return { from, to: trimmed(word, from, quote < 0 ? word.length : from + quote) }
}

function trimmed(word: string, from: number, end: number): number {
  let to = end
  while (to > from && closing.test(word[to - 1]!)) to--
  return to
}

function codesIn(word: string): { from: number; to: number }[] {
  const codes: { from: number; to: number }[] = []
  for (const { 0: found, index: from } of word.matchAll(token)) {
    if (isCode(found)) codes.push({ from, to: from + found.length })
  }
  return codes
}

function isCode(found: string): boolean {
  return (
    found.replace(/[^\p{L}\p{Nd}]/gu, '').length >= SHORTEST_CODE &&
    /\p{Nd}/u.test(found) &&
    /\p{L}/u.test(found) &&
    !quantity.test(found)
  )
}

/** In order; a placeholder inside an address is part of it. */
function apart(spans: ProtectedSpan[]): ProtectedSpan[] {
  const kept: ProtectedSpan[] = []
  for (const span of spans.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = kept.at(-1)
    if (last === undefined || span.from >= last.to) kept.push(span)
    else if (span.to > last.to) kept[kept.length - 1] = { ...last, to: span.to }
  }
  return kept
}
