import {
  countSegments,
  decodeText,
  decodeUserData,
  GsmError,
  joinUserData,
  languages,
  packUserData,
  parsePackedUserData,
  parseUserData,
  type Segmentation,
  segmentText,
  transliterate,
} from '@kurzpost/gsm'
import { hashOf, type Random } from '../../random.ts'
import { type Draft, mutateInto } from '../mutate.ts'
import { hold, type Seedling, type Target } from '../target.ts'

/** User data from the air, and texts of any characters: nothing throws, and nothing of a text is lost. */

const draft: Draft = { buffer: Buffer.alloc(4_096), length: 0 }
const codings = [0, 1, 3, 4, 5, 6, 7, 8, 0x0a, 0x0e, 0x10, 0x15, 0x18, 0xc8, 0xd0, 0xe8, 0xf0, 0xf5] as const

function checkUserData(octets: Buffer): number {
  const hash = hashOf(octets)
  const udhi = (hash & 1) === 0
  const { body, header, problems } = parseUserData(octets, { udhi })
  hold(octets.length - body.length <= 256, 'Octets of text were dropped.')
  hold(udhi || (header === undefined && problems.length === 0), 'A header was found where there is none.')
  const dataCoding = codings[(hash >>> 1) % codings.length]!
  const zero = (hash & 0x1000) === 0 ? 'latin1' : 'gsm7'
  decodeText(body, dataCoding, { header, zero })
  decodeText(body, dataCoding, { header, packed: true })
  decodeUserData(octets, { udhi, dataCoding, packed: true })
  const { text } = decodeUserData(octets, { udhi, dataCoding, zero })
  hold(text === decodeText(body, dataCoding, { header, zero }), 'A text is read in two ways.')

  parsePackedUserData(octets, { udhi })
  const short = parsePackedUserData(octets, { udhi, length: (hash >>> 8) & 0xff })
  hold(short.body.length <= 255, 'More septets came than were announced.')

  const septets = Uint8Array.from(body.subarray(0, 160), (octet) => octet & 0x7f)
  const front = octets.subarray(0, octets.length - body.length)
  const packed = packUserData({ header: front, body: septets })
  const again = parsePackedUserData(packed.octets, { udhi: front.length > 0, length: packed.length })
  hold(Buffer.compare(again.body, septets) === 0, 'Septets are not the same after packing and unpacking.')
  return 1
}

/** Characters by an octet each, so that a mutation of the octets is one of the text. */
const characters = [
  ...'abc ABC\n\r019@£$¥èΔΦ€[]{}~^|\\\f\u001b',
  ...['ş', 'ğ', 'ı', 'İ', 'ç', 'á', 'ó', 'अ', 'ন', 'ک', '中', 'ё'],
  ...['\u0301', '\u200d', '\ufe0f', '\ud83d', '\ude00', '👩‍👩‍👧', '🇩🇪', '😀', '\u0000', '\uffff', '\ufeff'],
]

function checkText(octets: Buffer): number {
  let text = ''
  // Mostly one alphabet: a text with anything in it is UCS-2 and nothing else.
  const limit = octets[0]! & 1 ? characters.length : 34
  for (const octet of octets) text += characters[octet % limit]
  const hash = hashOf(octets)
  if ((hash & 0x70) === 0) transliterate(text)
  const tables = (hash & 3) === 0 ? [languages[(hash >>> 2) % languages.length]!] : []
  const referenceBits = (hash & 0x1000) === 0 ? 8 : 16
  const options = { reference: hash, referenceBits, languages: tables } as const
  const count = countSegments(text, options)
  hold(count.segments <= countSegments(text, { referenceBits }).segments, 'Tables cost a segment.')
  try {
    const cut = segmentText(text, options)
    checkSegments(text, cut)
    hold(
      cut.segments.length === count.segments && cut.units === count.units,
      'A text is counted in two ways.',
    )
  } catch (error) {
    if (!(error instanceof GsmError && error.code === 'too_many_segments')) throw error
  }
  return 1
}

function checkSegments(text: string, { segments, units, perSegment, encoding, left }: Segmentation): void {
  hold(segments.map((segment) => segment.text).join('') === text, 'The segments are not the text.')
  hold(segments.length > 0 && segments.length <= 255, `There are ${segments.length} segments.`)
  const dataCoding = encoding === 'gsm7' ? 0 : 8
  let sum = 0
  for (const segment of segments) {
    const { header, body } = segment
    sum += segment.units
    hold(segment.units <= perSegment, 'A segment holds more than it can.')
    const onAir = header.length + (encoding === 'gsm7' ? Math.ceil((body.length * 7) / 8) : body.length)
    hold(onAir <= 140, `A segment has ${onAir} octets.`)
    // An escape stands for itself in a text, and a byte order mark is none of the text: both do not come back.
    if (/[\u001b\ufeff\ufffe]/.test(segment.text)) continue
    const read = decodeUserData(joinUserData(segment), { udhi: header.length > 0, dataCoding })
    hold(read.text === segment.text, 'A segment reads as another text.')
  }
  hold(sum === units && left >= 0, 'The units of the segments are not those of the text.')
}

const headers: readonly (readonly number[])[] = [
  [],
  [5, 0, 3, 7, 3, 1],
  [6, 8, 4, 1, 2, 3, 1],
  [6, 5, 4, 0x0b, 0x84, 0x23, 0xf0],
  [3, 0x24, 1, 1],
  [3, 0x25, 1, 13],
  [11, 5, 4, 0, 1, 0, 2, 0, 3, 9, 2, 2],
  [0],
]

function fresh(random: Random): Seedling {
  const header = random.pick(headers)
  const length = random.oneIn(256) ? 200 + random.below(2_000) : random.below(160)
  const top = random.pick([0x80, 0x100, 0x20])
  const body = Array.from({ length: Math.max(1, length) }, () => random.below(top))
  return { octets: Buffer.from([...header, ...body]), marks: header.map((_, at) => at) }
}

function mutate(random: Random, base: Seedling, other: Seedling): Buffer {
  mutateInto(draft, random, base, other)
  return draft.buffer.subarray(0, Math.max(1, draft.length))
}

export const gsm: Target = {
  name: 'gsm',
  unit: 'inputs',
  covers: ['/packages/gsm/src/'],
  checks: [
    { name: 'user-data', share: 7, run: checkUserData },
    { name: 'text', share: 1, run: checkText },
  ],
  fresh,
  mutate,
}
