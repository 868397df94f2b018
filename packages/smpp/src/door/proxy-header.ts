import { isIPv4, isIPv6 } from 'node:net'
import { plainAddress } from './address.ts'
import { crc32c } from './crc32c.ts'

/** Who is behind the proxy; undefined where the header does not say, and the connection's own address counts. */
export type ProxySource = { address: string; port: number } | undefined

export type ProxyResult =
  /** The header is not whole yet. */
  | { state: 'more' }
  /** It is none: the connection has to be closed. */
  | { state: 'bad'; reason: string }
  | {
      state: 'done'
      version: 1 | 2
      /** The proxy speaks for itself, as in a health check. */
      local: boolean
      source: ProxySource
      /** What came behind the header. */
      rest: Buffer
    }

export interface ProxyHeaderReader {
  /** Feeds octets as they arrive. After `bad` or `done` it must not be called again. */
  push(chunk: Buffer): ProxyResult
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const word = Buffer.from('PROXY ', 'latin1')
const longestLine = 107
const fixed = 16
const crcType = 0x03

/** Octets of the address block by family and transport; what is not here is unassigned. [§2.2] */
const blocks: ReadonlyMap<number, { length: number; ip?: 4 | 16 }> = new Map([
  [0x00, { length: 0 }],
  [0x01, { length: 0 }],
  [0x02, { length: 0 }],
  [0x10, { length: 0 }],
  [0x11, { length: 12, ip: 4 }],
  [0x12, { length: 12 }],
  [0x20, { length: 0 }],
  [0x21, { length: 36, ip: 16 }],
  [0x22, { length: 36 }],
  [0x30, { length: 0 }],
  [0x31, { length: 216 }],
  [0x32, { length: 216 }],
])

const more: ProxyResult = { state: 'more' }
const bad = (reason: string): ProxyResult => ({ state: 'bad', reason })

/**
 * Reads the header of the PROXY protocol, version 1 or 2, however it is cut. [haproxy.org proxy-protocol.txt §2]
 * It never throws and holds at most 16 + `maxLength` octets: a v1 line has at most 107, a v2 header may claim up to
 * `maxLength` behind its first 16. What cannot become a header any more is `bad` at its first wrong octet.
 *
 * A CRC32C is checked where there is one; the other TLVs are skipped. Unix sockets, datagrams and UNKNOWN have no
 * address that would mean something here, so `source` is undefined, as the specification allows.
 */
export function createProxyHeaderReader({
  maxLength = 4096,
}: {
  maxLength?: number
} = {}): ProxyHeaderReader {
  let held = Buffer.alloc(0)

  return {
    push(chunk) {
      const octets = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const result = read(octets, maxLength)
      // A copy, or a header of 20 octets would hold the 64 KiB of the read that it came in.
      held = result.state === 'more' ? Buffer.from(octets) : Buffer.alloc(0)
      return result
    },
  }
}

function read(octets: Buffer, maxLength: number): ProxyResult {
  if (octets.length === 0) return more
  if (begins(octets, word)) return octets.length < word.length ? more : readLine(octets)
  if (begins(octets, signature)) return readBinary(octets, maxLength)
  return bad('no PROXY header')
}

const begins = (octets: Buffer, expected: Buffer): boolean => {
  const length = Math.min(octets.length, expected.length)
  return octets.subarray(0, length).equals(expected.subarray(0, length))
}

function readLine(octets: Buffer): ProxyResult {
  const end = octets.subarray(0, longestLine).indexOf('\r\n')
  if (end < 0) return octets.length < longestLine ? more : bad('a version 1 line without its end')
  const line = octets.toString('latin1', 0, end)
  const rest = octets.subarray(end + 2)
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN '))
    return { state: 'done', version: 1, local: false, source: undefined, rest }
  const [, family, from, to, fromPort, toPort, ...surplus] = line.split(' ')
  const fits = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isPlainIPv6 : undefined
  if (fits === undefined) return bad('a version 1 line of an unknown family')
  if (!from || !to || !fits(from) || !fits(to)) return bad('a version 1 line with a broken address')
  if (!isPort(fromPort) || !isPort(toPort) || surplus.length > 0)
    return bad('a version 1 line with broken ports')
  return {
    state: 'done',
    version: 1,
    local: false,
    source: { address: plainAddress(from), port: Number(fromPort) },
    rest,
  }
}

const isPlainIPv6 = (text: string): boolean => isIPv6(text) && !text.includes('%')
const isPort = (text: string | undefined): boolean =>
  text !== undefined && /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 0xffff

function readBinary(octets: Buffer, maxLength: number): ProxyResult {
  const versionAndCommand = octets[12]
  const family = octets[13]
  if (versionAndCommand === undefined) return more
  if (versionAndCommand !== 0x20 && versionAndCommand !== 0x21)
    return bad('a version 2 header of an unknown version or command')
  const local = versionAndCommand === 0x20
  if (family === undefined) return more
  // The family of a LOCAL header is to be ignored, whatever it says.
  const block = local ? { length: 0 } : blocks.get(family)
  if (block === undefined) return bad('a version 2 header of an unknown family')
  if (octets.length < fixed) return more
  const length = octets.readUInt16BE(14)
  if (length > maxLength) return bad(`a version 2 header of ${length} octets; ${maxLength} are allowed`)
  if (length < block.length) return bad('a version 2 header too short for its addresses')
  if (octets.length < fixed + length) return more
  const header = octets.subarray(0, fixed + length)
  const rest = octets.subarray(fixed + length)
  if (local) return { state: 'done', version: 2, local, source: undefined, rest }
  // Of a family without a known block, nobody can tell addresses from TLVs.
  const problem = block.length > 0 ? tlvProblem(header, fixed + block.length) : undefined
  if (problem !== undefined) return bad(problem)
  return { state: 'done', version: 2, local, source: sourceOf(header, block.ip), rest }
}

function sourceOf(header: Buffer, ip: 4 | 16 | undefined): ProxySource {
  if (ip === undefined) return undefined
  const octets = header.subarray(fixed, fixed + ip)
  const address = ip === 4 ? octets.join('.') : (octets.toString('hex').match(/.{4}/g) ?? []).join(':')
  return { address: plainAddress(address), port: header.readUInt16BE(fixed + 2 * ip) }
}

/** Walks the TLVs: each must end within the header, and a checksum must be right. */
function tlvProblem(header: Buffer, from: number): string | undefined {
  let at = from
  while (at < header.length) {
    if (at + 3 > header.length) return 'a version 2 header with a broken TLV'
    const length = header.readUInt16BE(at + 1)
    const value = at + 3
    if (value + length > header.length) return 'a version 2 header with a broken TLV'
    if (header[at] === crcType) {
      if (length !== 4) return 'a version 2 header with a broken TLV'
      const blank = Buffer.from(header)
      blank.fill(0, value, value + 4)
      if (crc32c(blank) !== header.readUInt32BE(value)) return 'a version 2 header with a wrong checksum'
    }
    at = value + length
  }
  return undefined
}
