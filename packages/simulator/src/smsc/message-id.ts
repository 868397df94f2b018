import { mix } from '../chance.ts'
import type { idSpellings } from '../settings/answer.ts'
import type { Settings } from '../settings/settings.ts'

export type Spelling = (typeof idSpellings)[number]
type Id = number | bigint

const hex = (id: Id): string => id.toString(16)
/** 64 bits in hex, 20 digits in decimal: what ids with zeros in front are filled up to. */
const hex16 = (id: Id): string => hex(id).padStart(16, '0')

/** A message id as the SMSC writes it, and back: carriers do not always write it the same way twice. */
const spellings: Readonly<Record<Spelling, { write: (id: Id) => string; read: (text: string) => bigint }>> = {
  decimal: { write: (id) => String(id), read: (text) => BigInt(text) },
  // Ten digits hold 32 bits, and are what SMSCs with such ids fill up to; 20 hold 64.
  'decimal-padded': {
    write: (id) => String(id).padStart(id < 2 ** 32 ? 10 : 20, '0'),
    read: (text) => BigInt(text),
  },
  hex: { write: hex, read: readHex },
  'hex-padded': { write: hex16, read: readHex },
  'hex-upper': { write: (id) => hex(id).toUpperCase(), read: readHex },
  'hex-mixed': {
    write: (id) =>
      hex(id).replace(/[a-f]/g, (letter, at: number) => (at % 2 === 0 ? letter.toUpperCase() : letter)),
    read: readHex,
  },
  uuid: { write: uuid, read: (text) => readHex(text.replaceAll('-', '').slice(16)) },
  dashed: {
    write: (id) =>
      hex16(id)
        .toUpperCase()
        .replace(/^(.{6})(.{6})(.{4})$/, '$1-$2-$3'),
    read: (text) => readHex(text.replaceAll('-', '')),
  },
}

function readHex(text: string): bigint {
  return BigInt(`0x${text}`)
}

/** The id itself is the last 16 digits; what comes before only looks like chance. */
function uuid(id: Id): string {
  const own = hex16(id)
  const low = Number(BigInt.asUintN(32, BigInt(id)))
  const head = hex(mix(low, 1)).padStart(8, '0')
  const middle = hex(mix(low, 2)).padStart(8, '0')
  return `${head}-${middle.slice(0, 4)}-4${middle.slice(5)}-${own.slice(0, 4)}-${own.slice(4)}`
}

/** Beyond 2^63: one more than a signed 64-bit number holds. */
const HIGH = 0x8000_0000_0000_0000n
const largest: Readonly<Record<Settings['idBits'], (id: number) => Id>> = {
  53: (id) => id,
  64: (id) => HIGH | BigInt(id),
  32: (id) => id % 2 ** 32,
}

export interface IdWriter {
  readonly answer: (id: number) => string
  readonly receipt: (id: number) => string
  readonly tlv: (id: number) => string
}

type IdSettings = Pick<Settings, 'idInAnswer' | 'idInReceipt' | 'idInTlv' | 'idBits'>

/** How these settings write ids, made ready. */
export function idWriter({ idInAnswer, idInReceipt, idInTlv, idBits }: IdSettings): IdWriter {
  const large = largest[idBits]
  const writerOf = (spelling: Spelling) => {
    const { write } = spellings[spelling]
    return idBits === '53' ? write : (id: number) => write(large(id))
  }
  const inReceipt = idInReceipt === 'same' ? idInAnswer : idInReceipt
  return {
    answer: writerOf(idInAnswer),
    receipt: writerOf(inReceipt),
    tlv: writerOf(idInTlv === 'same' ? inReceipt : idInTlv),
  }
}

/** The low 32 bits of an id that an ESME names, written as answers are; undefined if it is no such id. */
export function lowBitsOf(text: string, { idInAnswer }: Pick<Settings, 'idInAnswer'>): number | undefined {
  try {
    return Number(BigInt.asUintN(32, spellings[idInAnswer].read(text)))
  } catch {
    return undefined
  }
}

/**
 * Ids counted up from the microsecond of the start, so that a simulator that starts again gives none twice as long as
 * it gives fewer than a million a second. Far below 2^53 until the year 2255: a number is exact here. With `reuse` they
 * begin again after so many.
 */
export function createMessageIds(startedAtMs: number): (reuse: number) => number {
  const first = startedAtMs * 1000 + 1
  let given = 0
  return (reuse) => {
    const id = first + (reuse > 0 ? given % reuse : given)
    given += 1
    return id
  }
}
