/** What a receipt's text says, key by key. */
export interface ReceiptFields {
  /** Keys of the specification, by their names without blanks: id, sub, dlvrd, submitdate, donedate, stat, err, text. */
  readonly known: ReadonlyMap<string, string>
  /** Everything else that looks like `key:value`, key in lower case. */
  readonly vendor: ReadonlyMap<string, string>
  /** A word without a key where `stat:` was left out, or ''. */
  readonly stray: string
}

/** Keys as they are written, without blanks and '_' -> the name of the specification. [SMPP 3.4 appendix B] */
const names: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['msgid', 'id'],
  ['messageid', 'id'],
  ['sub', 'sub'],
  ['dlvrd', 'dlvrd'],
  ['submitdate', 'submitdate'],
  ['submit', 'submitdate'],
  ['donedate', 'donedate'],
  ['done', 'donedate'],
  ['stat', 'stat'],
  ['status', 'stat'],
  ['err', 'err'],
  ['error', 'err'],
  ['text', 'text'],
])
/** Those that may stand right behind a value without a blank between, the longest first. */
const glued = ['submitdate', 'donedate', 'dlvrd', 'stat', 'text', 'sub', 'err']
// A longer word is no key.
const longestKey = 24

// A receipt has a handful of keys; a long text of a person's or an attacker's may have thousands of colons.
const mostVendorKeys = 64

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
const isWord = (code: number): boolean => isLetter(code) || (code >= 48 && code <= 57) || code === 95
/** Blanks, control characters, and what lists are parted by. */
const isBreak = (code: number): boolean =>
  code <= 32 || code === 44 || code === 59 || code === 124 || code === 0xa0 || code === 0x7f

interface Key {
  name: string
  known: boolean
  start: number
}

/** Reads the fields of a receipt in one pass, without regular expressions: any text, of any length, in linear time. */
export function readReceiptText(text: string): ReceiptFields {
  const known = new Map<string, string>()
  const vendor = new Map<string, string>()
  let stray = ''
  let open: Key | undefined
  let from = 0
  let floor = 0

  function close(end: number): void {
    if (open === undefined) return
    const { name } = open
    const value = trimBreaks(text, from, end)
    if (!open.known) {
      if (!vendor.has(name) && vendor.size < mostVendorKeys) vendor.set(name, value)
    } else if (name === 'donedate' || name === 'submitdate') {
      const [date, rest] = splitDate(value)
      if (!known.has(name)) known.set(name, date)
      stray ||= rest
    } else if (!known.has(name))
      known.set(name, name === 'stat' || name === 'text' ? value : firstWord(value))
    open = undefined
  }

  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const key = keyBefore(text, colon, floor, known, open?.known === true)
    if (key === undefined) continue
    close(key.start)
    if (key.name === 'text' && known.size > 0) {
      // A person wrote the rest: what looks like keys in it is none.
      known.set('text', text.slice(colon + 1))
      return { known, vendor, stray }
    }
    open = key
    from = colon + 1
    floor = from
  }
  close(text.length)
  return { known, vendor, stray }
}

function keyBefore(
  text: string,
  colon: number,
  floor: number,
  seen: ReadonlyMap<string, string>,
  inKnown: boolean,
): Key | undefined {
  const least = Math.max(floor, colon - longestKey)
  let end = colon
  while (end > least && text.charCodeAt(end - 1) === 32) end--
  let start = end
  while (start > least && isWord(text.charCodeAt(start - 1))) start--
  if (start === end) return undefined
  const word = text.slice(start, end).toLowerCase()
  const whole = twoWords(text, start, word, least)
  if (whole !== undefined && standsAlone(text, whole.start, floor)) return whole
  if (standsAlone(text, start, floor)) {
    const name = names.get(word.includes('_') ? word.replaceAll('_', '') : word)
    if (name !== undefined) return { name, known: true, start }
  }
  const compact = (whole === undefined ? word : text.slice(whole.start, end).toLowerCase()).replace(
    /[ _]/g,
    '',
  )
  const tail = inKnown ? glued.find((one) => compact.endsWith(one) && !seen.has(one)) : undefined
  const cut = tail === undefined ? undefined : cutOf(text, end, tail)
  if (cut !== undefined) return { name: tail!, known: true, start: cut }
  // A vendor's own key: a word that begins with a letter, with no blank before its colon.
  if (end === colon && standsAlone(text, start, 0) && isLetter(text.charCodeAt(start)))
    return { name: word, known: false, start }
  return undefined
}

/** `submit date` and `done date`. */
function twoWords(text: string, start: number, word: string, least: number): Key | undefined {
  if (word !== 'date') return undefined
  let end = start
  while (end > least && text.charCodeAt(end - 1) === 32) end--
  if (end === start) return undefined
  for (const first of ['submit', 'done']) {
    const from = end - first.length
    if (from >= 0 && text.slice(from, end).toLowerCase() === first)
      return { name: `${first}date`, known: true, start: from }
  }
  return undefined
}

const standsAlone = (text: string, start: number, floor: number): boolean =>
  start === floor || start === 0 || isBreak(text.charCodeAt(start - 1))

/** Where a glued key begins; only behind a digit or a letter of the other case, so that `substat:` stays a vendor's key. */
function cutOf(text: string, end: number, key: string): number | undefined {
  let start = end
  for (let left = key.length; left > 0; ) {
    start--
    if (start < 0) return undefined
    const code = text.charCodeAt(start)
    if (code !== 32 && code !== 95) left--
  }
  const before = text.charCodeAt(start - 1)
  const first = text.charCodeAt(start)
  const digit = before >= 48 && before <= 57
  return digit || (isLetter(before) && (before & 32) !== (first & 32)) ? start : undefined
}

function trimBreaks(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBreak(text.charCodeAt(start))) start++
  while (end > start && isBreak(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function firstWord(value: string): string {
  let end = 0
  while (end < value.length && !isBreak(value.charCodeAt(end))) end++
  return value.slice(0, end)
}

/** A date, written with or without marks between its digits, and the word that follows it, if any. */
function splitDate(value: string): [date: string, rest: string] {
  let end = 0
  while (end < value.length && end < 32 && !isLetter(value.charCodeAt(end))) end++
  // The T of ISO 8601 is a mark too.
  if (value[end] === 'T' && end === 10)
    for (end++; end < value.length && end < 32 && !isLetter(value.charCodeAt(end)); ) end++
  return [value.slice(0, end).trim(), firstWord(value.slice(end))]
}
