import { GsmError } from './errors.ts'
import { allocateFor } from './slab.ts'

/** [3GPP 23.038 §6.2.1]: the basic table, the position is the code. 0x1B is the escape and stands for no character. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà'

/** [3GPP 23.038 §6.2.1.1]: what the code after an escape means. */
const extension: ReadonlyArray<readonly [code: number, char: string]> = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]

const ESCAPE = 0x1b
const ABSENT = 0xff
const ESCAPED = 0x80
const REPLACEMENT = '\ufffd'

/** Code unit -> septet, high bit set if it needs an escape. For all units: no bounds check. */
const septetOf = new Uint8Array(0x10000).fill(ABSENT)
/** Code after an escape -> character; unassigned codes show the basic character [3GPP 23.038 §6.2.1.1, note]. */
const extendedCharOf = [...basic]

for (let code = 0; code < basic.length; code++) {
  if (code !== ESCAPE) septetOf[basic.charCodeAt(code)] = code
}
for (const [code, char] of extension) {
  septetOf[char.charCodeAt(0)] = code | ESCAPED
  extendedCharOf[code] = char
}
// Two escapes in a row are reserved for a further table that nobody defined: shown as a space.
extendedCharOf[ESCAPE] = ' '

/** Septets that one UTF-16 code unit takes: 1, 2 for the extension table, 0 if the alphabet does not have it. */
export function septetCost(unit: number): 0 | 1 | 2 {
  const code = septetOf[unit]!
  return code < ESCAPED ? 1 : code === ABSENT ? 0 : 2
}

/** Septets that the text takes, or -1 if the alphabet does not have all of its characters. */
export function septetLength(text: string): number {
  let septets = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const code = septetOf[unit]!
    if (code >= ESCAPED) {
      if (code === ABSENT) return -1
      septets++
    }
  }
  return septets
}

/** Index of the first character that GSM-7 does not have; the text's length if there is none. */
export function firstOffender(text: string): number {
  let index = 0
  while (index < text.length && septetCost(text.charCodeAt(index)) !== 0) index++
  return index
}

/**
 * Text as unpacked septets, one an octet: the form that SMPP carries. Throws `GsmError('not_encodable')` with the
 * index of the first character that the default alphabet and its extension do not have.
 */
export function encodeGsm7(text: string): Uint8Array {
  const septets = encodeGsm7IfAble(text)
  if (septets === undefined) throw new GsmError('not_encodable', firstOffender(text))
  return septets
}

/** As `encodeGsm7`, but `undefined` instead of an error. */
export function encodeGsm7IfAble(text: string): Uint8Array | undefined {
  return allocateFor(text, text.length * 2, writeSeptets)
}

function writeSeptets(text: string, septets: Uint8Array, start: number): number {
  let at = start
  for (let index = 0; index < text.length; index++) {
    const code = septetOf[text.charCodeAt(index)]!
    if (code < ESCAPED) {
      septets[at++] = code
    } else {
      if (code === ABSENT) return -1
      septets[at++] = ESCAPE
      septets[at++] = code & 0x7f
    }
  }
  return at
}

/**
 * Unpacked septets as text. Total: an octet above 0x7F is no septet and shows as U+FFFD, an escape before an
 * unassigned code shows the basic character, an escape at the end shows as a space.
 */
export function decodeGsm7(septets: Uint8Array): string {
  let text = ''
  for (let index = 0; index < septets.length; index++) {
    const code = septets[index]!
    if (code === ESCAPE) text += index + 1 < septets.length ? afterEscape(septets[++index]!) : ' '
    else text += code < 0x80 ? basic[code] : REPLACEMENT
  }
  return text
}

function afterEscape(code: number): string {
  return extendedCharOf[code] ?? REPLACEMENT
}
