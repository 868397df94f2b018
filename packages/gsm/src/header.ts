/** Information element identifiers that this package reads [3GPP 23.040 §9.2.3.24]. */
export const elementIds = { concat8: 0x00, ports8: 0x04, ports16: 0x05, concat16: 0x08 } as const

export interface HeaderElement {
  readonly id: number
  readonly data: Uint8Array
}
export interface Concat {
  readonly reference: number
  readonly total: number
  /** From 1. */
  readonly part: number
  readonly bits: 8 | 16
}
export interface Ports {
  readonly destination: number
  readonly source: number
  readonly bits: 8 | 16
}
export interface UserDataHeader {
  /** All elements in the order in which they came, known or not. */
  readonly elements: readonly HeaderElement[]
  readonly concat?: Concat
  readonly ports?: Ports
}

/** What can be wrong with user data from the air. `problems` hold the keys. */
export const userDataProblems = {
  header_missing: 'A header is announced, but there are no octets.',
  header_overruns: 'The header claims more octets than there are; all of them are taken as text.',
  element_overruns: 'An element claims more octets than the header has; the elements before it are kept.',
  concat_malformed:
    'A concatenation element has a wrong length, no parts, or a part outside its total; ignored.',
  ports_malformed: 'A port element has a wrong length; ignored.',
  length_overruns: 'More septets are announced than the octets hold; what is there is read.',
} as const
export type UserDataProblem = keyof typeof userDataProblems

/** Elements to a header with its length octet in front (UDHL). No elements: no header, zero octets. */
export function encodeHeader(elements: readonly HeaderElement[]): Uint8Array {
  if (elements.length === 0) return new Uint8Array(0)
  const header = new Uint8Array(elements.reduce((length, { data }) => length + 2 + data.length, 1))
  header[0] = header.length - 1
  let at = 1
  for (const { id, data } of elements) {
    header[at++] = id
    header[at++] = data.length
    header.set(data, at)
    at += data.length
  }
  return header
}

/** The element that ties a segment to its message; the reference is taken modulo 2^bits. */
export function concatElement({ reference, total, part, bits }: Concat): HeaderElement {
  const low = reference & 0xff
  return bits === 8
    ? { id: elementIds.concat8, data: Uint8Array.of(low, total, part) }
    : { id: elementIds.concat16, data: Uint8Array.of((reference >> 8) & 0xff, low, total, part) }
}

/** The element that addresses an application on the handset by its ports. */
export function portsElement({ destination, source, bits }: Ports): HeaderElement {
  return bits === 8
    ? { id: elementIds.ports8, data: Uint8Array.of(destination, source) }
    : {
        id: elementIds.ports16,
        data: Uint8Array.of(destination >> 8, destination & 0xff, source >> 8, source & 0xff),
      }
}

/**
 * Reads the header at the start of user data. `length` is the number of octets that it takes, UDHL included.
 * Never throws. Of two elements that exclude each other the last one counts [3GPP 23.040 §9.2.3.24].
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
  const known: { concat?: Concat; ports?: Ports } = {}
  for (let at = 1; at < length; ) {
    const dataAt = at + 2
    const end = dataAt + (octets[at + 1] ?? 0)
    if (dataAt > length || end > length) {
      problems.push('element_overruns')
      break
    }
    const element = { id: octets[at]!, data: octets.subarray(dataAt, end) }
    elements.push(element)
    const problem = readers[element.id]?.(element.data, known)
    if (problem !== undefined) problems.push(problem)
    at = end
  }
  return { header: { elements, ...known }, length, problems }
}

type Known = { concat?: Concat; ports?: Ports }
type Reader = (data: Uint8Array, known: Known) => UserDataProblem | undefined

const readers: { readonly [id: number]: Reader } = {
  [elementIds.concat8]: (data, known) => readConcat(data, 8, known),
  [elementIds.concat16]: (data, known) => readConcat(data, 16, known),
  [elementIds.ports8]: (data, known) => readPorts(data, 8, known),
  [elementIds.ports16]: (data, known) => readPorts(data, 16, known),
}

function readConcat(data: Uint8Array, bits: 8 | 16, known: Known): UserDataProblem | undefined {
  const width = bits / 8
  if (data.length !== width + 2) return 'concat_malformed'
  const total = data[width]!
  const part = data[width + 1]!
  // [3GPP 23.040 §9.2.3.24.1]: zero, or a part above the total: the receiver shall ignore the whole element.
  if (total === 0 || part === 0 || part > total) return 'concat_malformed'
  known.concat = { reference: readNumber(data, 0, width), total, part, bits }
  return undefined
}

function readPorts(data: Uint8Array, bits: 8 | 16, known: Known): UserDataProblem | undefined {
  const width = bits / 8
  if (data.length !== width * 2) return 'ports_malformed'
  known.ports = { destination: readNumber(data, 0, width), source: readNumber(data, width, width), bits }
  return undefined
}

function readNumber(data: Uint8Array, at: number, width: number): number {
  return width === 1 ? data[at]! : (data[at]! << 8) | data[at + 1]!
}
