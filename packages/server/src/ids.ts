import { randomFillSync } from 'node:crypto'

/**
 * Public ids are TypeIDs: a prefix that names the thing and a UUIDv7 (RFC 9562 §5.7) in Crockford base32,
 * `msg_01kx…`. The database stores the bare UUID, so its indexes grow at the right-hand edge.
 */
export const prefixes = {
  account: 'acc',
  message: 'msg',
  event: 'evt',
  key: 'key',
  carrier: 'car',
  route: 'rte',
  login: 'lgn',
  webhook: 'whk',
  delivery: 'dlv',
  user: 'usr',
  session: 'ses',
  passkey: 'pky',
  link: 'lnk',
  number: 'num',
  audit: 'adt',
  topic: 'top',
  consent: 'cns',
  consentForm: 'frm',
  signUp: 'sgn',
  preferenceLink: 'plk',
  keywordService: 'kws',
  keywordRow: 'kwr',
  contact: 'con',
  contactNote: 'cnt',
  list: 'lst',
  segment: 'seg',
  import: 'imp',
  audience: 'aud',
  merge: 'mrg',
  erasure: 'ers',
  conversation: 'cnv',
  entry: 'ent',
  team: 'tem',
  canned: 'can',
} as const
export type IdKind = keyof typeof prefixes

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
/** Random digits, made for 512 ids at a time. */
const pool = new Uint8Array(8 * 512)
let digits = ''
let digitsAt = 0
let lastMs = 0
let counter = 0
let head = ''

/**
 * A new UUIDv7 as its hyphenated text. Ids of one process are strictly ascending: the 12 bits after the
 * time count within a millisecond (RFC 9562 §6.2, method 1) and borrow from the next one when they run out.
 */
export function uuidv7(ms: number): string {
  if (ms > lastMs || counter === 0xfff || head === '') {
    lastMs = ms > lastMs ? ms : lastMs + 1
    counter = 0
    const time = lastMs.toString(16).padStart(12, '0')
    head = `${time.slice(0, 8)}-${time.slice(8)}-7`
  } else counter++
  if (digitsAt === digits.length) {
    digits = Buffer.from(randomFillSync(pool).buffer).toString('hex')
    digitsAt = 0
  }
  const at = digitsAt
  digitsAt += 16
  const variant = '89ab'[digits.charCodeAt(at) & 3]!
  const sequence = counter.toString(16).padStart(3, '0')
  return `${head}${sequence}-${variant}${digits.slice(at + 1, at + 4)}-${digits.slice(at + 4, at + 16)}`
}

/** How many ids a chunk may give out: the last 12 bits of its own, which are zero, count them. */
export const idsInChunk = 4096

/** A new UUIDv7 from which ids are counted: `idInChunk(id, 0)` is the id itself. */
export const uuidv7Chunk = (ms: number): string => `${uuidv7(ms).slice(0, 33)}000`

/** The id that stands `place` ids after that of the chunk. */
export function idInChunk(chunk: string, place: number): string {
  const count = Number.parseInt(chunk.slice(33), 16) + place
  return chunk.slice(0, 33) + count.toString(16).padStart(3, '0')
}

/** The smallest UUIDv7 of a moment: the bound for "since" in queries on time-ordered keys. */
export function uuidFloor(at: Date): string {
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** Two base32 digits for each value of ten bits. */
const digitPairs = Array.from({ length: 1024 }, (_, bits) => alphabet[bits >> 5]! + alphabet[bits & 31]!)
/** What a hex digit is worth, by its character. */
const worth = Uint8Array.from(
  { length: 128 },
  (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0,
)
/** Where the 32 digits of a UUID stand in its text. */
const hexAt = [...'00000000-0000-0000-0000-000000000000'].flatMap((char, at) => (char === '-' ? [] : [at]))

/**
 * `publicId('message', uuid)` is `msg_…`: 26 base32 digits for the 128 bits, most significant first. By table and
 * in steps of twenty bits, which are five hex digits, without a string in between: each event needs one.
 */
export function publicId(kind: IdKind, uuid: string): string {
  const digit = (place: number): number => worth[uuid.charCodeAt(hexAt[place]!)]!
  let text = `${prefixes[kind]}_${digitPairs[(digit(0) << 4) | digit(1)]!}`
  for (let at = 2; at < 32; at += 5) {
    const bits =
      (digit(at) << 16) | (digit(at + 1) << 12) | (digit(at + 2) << 8) | (digit(at + 3) << 4) | digit(at + 4)
    text += digitPairs[bits >> 10]! + digitPairs[bits & 1023]!
  }
  return text
}

/** What a base32 digit is worth, by its character; 32 for what is none. */
const digitWorth = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = alphabet.indexOf(String.fromCharCode(code))
  return digit < 0 ? 32 : digit
})

/** The UUID inside a public id, or undefined when the text is not an id of that kind. */
export function parseId(kind: IdKind, text: string): string | undefined {
  const prefix = `${prefixes[kind]}_`
  const start = prefix.length
  if (!text.startsWith(prefix) || text.length !== start + 26) return undefined
  let hex = ''
  let none = 0
  const digit = (place: number): number => {
    const worth = digitWorth[text.charCodeAt(start + place)] ?? 32
    none |= worth & 32
    return worth
  }
  const first = (digit(0) << 5) | digit(1)
  if (first > 0xff) return undefined
  hex += (first | 0x100).toString(16).slice(1)
  for (let at = 2; at < 26; at += 4) {
    const bits = (digit(at) << 15) | (digit(at + 1) << 10) | (digit(at + 2) << 5) | digit(at + 3)
    hex += (bits | 0x100000).toString(16).slice(1)
  }
  if (none !== 0) return undefined
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
