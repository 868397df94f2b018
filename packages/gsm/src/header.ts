import { waitingTypes } from './dcs.ts'
import {
  type Concat,
  type ElementSource,
  elementIds,
  type HeaderElement,
  type Indication,
  type Ports,
  type ReplyAddress,
  readReplyAddress,
  type SmscControl,
  smscControlBits,
  sources,
} from './elements.ts'
import { GsmError } from './errors.ts'
import { hasLocking, languageOf, type Shifts } from './languages/language.ts'

export interface UserDataHeader {
  /** All elements in the order in which they came, known or not: `encodeHeader` makes the same octets of them. */
  readonly elements: readonly HeaderElement[]
  /** Octets that the header takes, UDHL included. */
  readonly octets: number
  readonly concat?: Concat
  readonly ports?: Ports
  /** National tables that the text is in. */
  readonly shifts?: Shifts
  /** One for each type that was told. */
  readonly indications?: readonly Indication[]
  readonly smscControl?: SmscControl
  /** Who wrote the elements, by the last source indicator. */
  readonly source?: ElementSource
  readonly replyAddress?: ReplyAddress
}

/** What can be wrong with user data from the air. `problems` hold the keys. */
export const userDataProblems = {
  header_missing: 'A header is announced, but there are no octets.',
  header_overruns: 'The header claims more octets than there are; all of them are taken as text.',
  element_overruns: 'An element claims more octets than the header has; the elements before it are kept.',
  element_repeated: 'An element came again, or one that excludes it; the last one counts.',
  concat_malformed:
    'A concatenation element has a wrong length, no parts, or a part outside its total; ignored.',
  ports_malformed: 'A port element has a wrong length; ignored.',
  shift_malformed: 'A national language element has a wrong length; ignored.',
  language_unknown: 'A national language element names a table that there is not; ignored.',
  indication_malformed: 'A message indication element has a wrong length; ignored.',
  control_malformed: 'An SMSC control element has a wrong length; ignored.',
  source_malformed: 'A source indicator has a wrong length or an unknown value; ignored.',
  reply_address_malformed: 'A reply address contradicts its length or holds no digits; ignored.',
  length_overruns: 'More septets are announced than the octets hold; what is there is read.',
} as const
export type UserDataProblem = keyof typeof userDataProblems

/**
 * Elements to a header with its length octet in front (UDHL). No elements: no header, zero octets. Throws
 * `GsmError('header_too_long')` above the 255 octets that UDHL can tell, and so if an element is longer.
 */
export function encodeHeader(elements: readonly HeaderElement[]): Uint8Array {
  if (elements.length === 0) return new Uint8Array(0)
  let length = 1
  for (const { data } of elements) length += 2 + data.length
  if (length > 256) throw new GsmError('header_too_long')
  const header = new Uint8Array(length)
  header[0] = length - 1
  let at = 1
  for (const { id, data } of elements) {
    header[at++] = id
    header[at++] = data.length
    header.set(data, at)
    at += data.length
  }
  return header
}

/**
 * Reads the header at the start of user data. `length` is the number of octets that it takes, UDHL included.
 * Never throws. Of elements that repeat or exclude each other the last one counts [3GPP 23.040 §9.2.3.24].
 */
export function parseHeader(octets: Uint8Array): {
  header: UserDataHeader | undefined
  length: number
  problems: UserDataProblem[]
} {
  const udhl = octets[0]
  if (udhl === undefined) return { header: undefined, length: 0, problems: ['header_missing'] }
  const length = udhl + 1
  if (length > octets.length) return { header: undefined, length: 0, problems: ['header_overruns'] }

  const problems: UserDataProblem[] = []
  const elements: HeaderElement[] = []
  const known: Known = {}
  for (let at = 1; at < length; ) {
    const dataAt = at + 2
    const end = dataAt + (octets[at + 1] ?? 0)
    if (end > length) {
      problems.push('element_overruns')
      break
    }
    const element = { id: octets[at]!, data: octets.subarray(dataAt, end) }
    elements.push(element)
    const problem = readers[element.id]?.(element.data, known)
    if (problem !== undefined) problems.push(problem)
    at = end
  }
  return { header: { elements, octets: length, ...known }, length, problems }
}

type Known = { -readonly [key in keyof Omit<UserDataHeader, 'elements' | 'octets'>]: UserDataHeader[key] }
type Reader = (data: Uint8Array, known: Known) => UserDataProblem | undefined

const readers: { readonly [id: number]: Reader } = {
  [elementIds.concat8]: (data, known) => readConcat(data, 8, known),
  [elementIds.concat16]: (data, known) => readConcat(data, 16, known),
  [elementIds.ports8]: (data, known) => readPorts(data, 8, known),
  [elementIds.ports16]: (data, known) => readPorts(data, 16, known),
  [elementIds.singleShift]: (data, known) => readShift(data, 'single', known),
  [elementIds.lockingShift]: (data, known) => readShift(data, 'locking', known),
  [elementIds.indication]: readIndication,
  [elementIds.smscControl]: (data, known) => {
    if (data.length !== 1) return 'control_malformed'
    const set = (flag: keyof SmscControl) => (data[0]! & smscControlBits[flag]) !== 0
    const flags = Object.keys(smscControlBits) as (keyof SmscControl)[]
    return keep(
      known,
      'smscControl',
      Object.fromEntries(flags.map((flag) => [flag, set(flag)])) as unknown as SmscControl,
    )
  },
  [elementIds.source]: (data, known) => {
    const source = data.length === 1 ? sources[data[0]!] : undefined
    if (source === undefined) return 'source_malformed'
    // By its nature this one comes again, before the elements of the next writer.
    known.source = source
    return undefined
  },
  [elementIds.replyAddress]: (data, known) => {
    const address = readReplyAddress(data)
    return address === undefined ? 'reply_address_malformed' : keep(known, 'replyAddress', address)
  },
}

function keep<K extends keyof Known>(
  known: Known,
  key: K,
  value: NonNullable<Known[K]>,
): UserDataProblem | undefined {
  const repeated = known[key] !== undefined
  known[key] = value
  return repeated ? 'element_repeated' : undefined
}

function readConcat(data: Uint8Array, bits: 8 | 16, known: Known): UserDataProblem | undefined {
  const width = bits / 8
  if (data.length !== width + 2) return 'concat_malformed'
  const total = data[width]!
  const part = data[width + 1]!
  // [3GPP 23.040 §9.2.3.24.1]: zero, or a part above the total: the receiver shall ignore the whole element.
  if (total === 0 || part === 0 || part > total) return 'concat_malformed'
  return keep(known, 'concat', { reference: readNumber(data, 0, width), total, part, bits })
}

function readPorts(data: Uint8Array, bits: 8 | 16, known: Known): UserDataProblem | undefined {
  const width = bits / 8
  if (data.length !== width * 2) return 'ports_malformed'
  const destination = readNumber(data, 0, width)
  return keep(known, 'ports', { destination, source: readNumber(data, width, width), bits })
}

/** [3GPP 23.040 §9.2.3.24.15, 16]. */
function readShift(data: Uint8Array, kind: keyof Shifts, known: Known): UserDataProblem | undefined {
  if (data.length !== 1) return 'shift_malformed'
  const language = languageOf(data[0]!)
  if (language === undefined || (kind === 'locking' && !hasLocking(language))) return 'language_unknown'
  const repeated = known.shifts?.[kind] !== undefined
  known.shifts = { ...known.shifts, [kind]: language }
  return repeated ? 'element_repeated' : undefined
}

/** One element for each type of message that waits, so a second one is no repetition unless it is of the same type. */
function readIndication(data: Uint8Array, known: Known): UserDataProblem | undefined {
  if (data.length !== 2) return 'indication_malformed'
  const bits = data[0]!
  const extended = (bits >> 2) & 7
  const profile = (bits >> 5) & 3
  const indication: Indication = {
    type: waitingTypes[bits & 3]!,
    count: data[1]!,
    store: (bits & 0x80) !== 0,
    ...(extended === 0 ? {} : { extended }),
    ...(profile === 0 ? {} : { profile }),
  }
  const same = ({ type, extended, profile }: Indication) =>
    type === indication.type && extended === indication.extended && profile === indication.profile
  const others = (known.indications ?? []).filter((other) => !same(other))
  const repeated = others.length < (known.indications?.length ?? 0)
  known.indications = [...others, indication]
  return repeated ? 'element_repeated' : undefined
}

function readNumber(data: Uint8Array, at: number, width: number): number {
  return width === 1 ? data[at]! : (data[at]! << 8) | data[at + 1]!
}
