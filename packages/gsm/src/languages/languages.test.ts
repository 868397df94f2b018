import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decodeGsm7, encodeGsm7, septetLength } from '../alphabet.ts'
import { GsmError } from '../errors.ts'
import { hasLocking, type Language, languageIds, languageOf, languages, languageTables } from './language.ts'
import { ESCAPE, lockingTable, singleTable, type Table, UNASSIGNED } from './tables.ts'

const codesOf = (units: Uint16Array) => [...units.keys()].filter((code) => units[code] !== UNASSIGNED)

test('the identifiers are those of TS 23.038, 1 Turkish to 13 Urdu', () => {
  assert.deepEqual(languageIds, {
    turkish: 1,
    spanish: 2,
    portuguese: 3,
    bengali: 4,
    gujarati: 5,
    hindi: 6,
    kannada: 7,
    malayalam: 8,
    oriya: 9,
    punjabi: 10,
    tamil: 11,
    telugu: 12,
    urdu: 13,
  })
  for (const language of languages) assert.equal(languageOf(languageIds[language]), language)
  for (const id of [0, 14, 255, -1]) assert.equal(languageOf(id), undefined)
})

for (const language of languages) {
  const locking = lockingTable(language)
  if (locking !== undefined) {
    test(`${language}: each character of the locking table is its code, both ways`, () => {
      assert.equal(locking.units.length, 128)
      for (const code of codesOf(locking.units)) {
        const char = String.fromCharCode(locking.units[code]!)
        assert.deepEqual([...encodeGsm7(char, { locking: language })], [code], char)
        assert.equal(decodeGsm7(Uint8Array.of(code), { locking: language }), char)
      }
    })
  }

  test(`${language}: each character of the single shift table is its code behind an escape, both ways`, () => {
    const { units, codes } = singleTable(language)
    assert.equal(units.length, 128)
    for (const code of codesOf(units)) {
      const char = String.fromCharCode(units[code]!)
      assert.equal(decodeGsm7(Uint8Array.of(ESCAPE, code), { single: language }), char)
      // A character of the basic table needs no escape.
      const expected = septetLength(char) === 1 ? [...encodeGsm7(char)] : [ESCAPE, codes[units[code]!]!]
      assert.deepEqual([...encodeGsm7(char, { single: language })], expected, char)
    }
  })

  test(`${language}: unassigned codes show the character of the table beneath, or a space`, () => {
    const shifts = hasLocking(language) ? { locking: language, single: language } : { single: language }
    const { units } = singleTable(language)
    for (let code = 0; code < 128; code++) {
      if (code === ESCAPE || units[code] !== UNASSIGNED) continue
      const beneath = decodeGsm7(Uint8Array.of(code), shifts)
      assert.equal(decodeGsm7(Uint8Array.of(ESCAPE, code), shifts), beneath)
      if (locking?.units[code] === UNASSIGNED) assert.equal(beneath, ' ')
    }
    assert.equal(decodeGsm7(Uint8Array.of(ESCAPE, ESCAPE, 0x31), shifts), ' 1')
    assert.equal(decodeGsm7(Uint8Array.of(ESCAPE), shifts), ' ')
  })

  test(`${language}: the tables keep what every table of the standard has at the same place`, () => {
    const { units } = singleTable(language)
    for (const [code, char] of [...'\f^{}\\[~]|€'].map((char) => [encodeGsm7(char)[1]!, char] as const))
      assert.equal(String.fromCharCode(units[code]!), char)
    if (locking === undefined) return
    for (const [code, char] of [...'\n\r !0123456789:;?abcdefghijklmnopqrstuvwxyz'].map(
      (char) => [encodeGsm7(char)[0]!, char] as const,
    ))
      assert.equal(String.fromCharCode(locking.units[code]!), char)
  })
}

const scripts = {
  bengali: 'Bengali',
  gujarati: 'Gujarati',
  hindi: 'Devanagari',
  kannada: 'Kannada',
  malayalam: 'Malayalam',
  oriya: 'Oriya',
  punjabi: 'Gurmukhi',
  tamil: 'Tamil',
  telugu: 'Telugu',
  urdu: 'Arabic',
} as const
for (const [language, script] of Object.entries(scripts) as [keyof typeof scripts, string][]) {
  test(`${language}: what is not common to all scripts is ${script} or Latin, and stands once`, () => {
    const own = new RegExp(
      `[\\p{Script=${script}}\\p{Script_Extensions=${script}}\\p{Script=Common}\\p{Script=Inherited}A-Za-z]`,
      'u',
    )
    const seen = new Map<string, number>()
    for (const table of [lockingTable(language)!, singleTable(language)]) {
      for (const code of codesOf(table.units)) {
        const char = String.fromCharCode(table.units[code]!)
        // Malayalam and Hindi list code points that Unicode assigned later or not at all.
        if (/\p{Cn}/u.test(char)) continue
        assert.match(char, own, `${code.toString(16)}: U+${char.charCodeAt(0).toString(16)}`)
        seen.set(char, (seen.get(char) ?? 0) + 1)
      }
    }
    const twice = [...seen].filter(([, count]) => count > 1).map(([char]) => char)
    // The standard repeats these in its single shift tables.
    assert.deepEqual(twice.sort(), ['*', '¡'])
    assert.ok(seen.size > 100, `${seen.size}`)
  })
}

test('what stands in two places of a table is written with the lower code and read from both', () => {
  const urdu = { locking: 'urdu', single: 'urdu' } as const
  assert.deepEqual([...encodeGsm7('*¡', urdu)], [ESCAPE, 0x0b, ESCAPE, 0x13])
  assert.equal(decodeGsm7(Uint8Array.of(ESCAPE, 0x18, ESCAPE, 0x15), urdu), '*¡')
})

test('there is no locking table for Spanish, and asking for one is an error with a code', () => {
  assert.equal(languageTables.spanish.id, 2)
  for (const use of [
    () => encodeGsm7('a', { locking: 'spanish' }),
    () => decodeGsm7(Uint8Array.of(1), { locking: 'spanish' }),
  ])
    assert.throws(use, (error) => error instanceof GsmError && error.code === 'no_locking_table')
})

/** Codes looked up by hand in the annexes of the standard. */
const samples: ReadonlyArray<
  readonly [language: (typeof languages)[number], kind: 'locking' | 'single', code: number, char: string]
> = [
  ['turkish', 'locking', 0x07, 'ı'],
  ['turkish', 'locking', 0x0c, 'ğ'],
  ['turkish', 'locking', 0x40, 'İ'],
  ['turkish', 'single', 0x73, 'ş'],
  ['spanish', 'single', 0x61, 'á'],
  ['spanish', 'single', 0x09, 'ç'],
  ['portuguese', 'locking', 0x15, '∞'],
  ['portuguese', 'locking', 0x7d, '`'],
  ['portuguese', 'single', 0x7b, 'ã'],
  ['portuguese', 'single', 0x05, 'ê'],
  ['bengali', 'locking', 0x13, 'ও'],
  ['bengali', 'single', 0x1c, '২'],
  ['gujarati', 'locking', 0x60, '\u0ad0'],
  ['hindi', 'locking', 0x15, 'क'],
  ['hindi', 'locking', 0x28, ')'],
  ['hindi', 'locking', 0x29, '('],
  ['hindi', 'locking', 0x5f, '\u094d'],
  ['hindi', 'single', 0x19, '।'],
  ['kannada', 'locking', 0x24, '\u0ca1'],
  ['kannada', 'locking', 0x3d, '\u0caa'],
  ['malayalam', 'single', 0x34, '\u0d7f'],
  ['oriya', 'single', 0x20, '\u0b6a'],
  ['punjabi', 'locking', 0x7b, '\u0a70'],
  ['tamil', 'locking', 0x3c, '\u0ba9'],
  ['tamil', 'single', 0x24, '\u0bee'],
  ['telugu', 'single', 0x1c, '\u0c66'],
  ['telugu', 'single', 0x65, '€'],
  ['portuguese', 'single', 0x7f, 'â'],
  ['urdu', 'locking', 0x57, '\u06be'],
  ['urdu', 'single', 0x26, '،'],
]
for (const [language, kind, code, char] of samples) {
  test(`${language}: 0x${code.toString(16)} of the ${kind} table is U+${char.charCodeAt(0).toString(16)}`, () => {
    const table = kind === 'locking' ? lockingTable(language)! : singleTable(language)
    assert.equal(String.fromCharCode(table.units[code]!), char)
  })
}

/** Of the cells of locking and single shift table, made from another program's tables and not from ours. */
const digests: { readonly [language in Language]: readonly [locking: string | undefined, single: string] } = {
  turkish: ['26db28296d49', '1f6cbb99b9ce'],
  spanish: [undefined, 'e27748f1de50'],
  portuguese: ['b0a58feffc9c', '28f8c6319fe6'],
  bengali: ['02c32e687d74', '4eebd5683aaa'],
  gujarati: ['6c92881b41e2', '1defaf65ff5d'],
  hindi: ['00f7c887195d', '5ee7776afa0b'],
  kannada: ['b63592c888a6', 'cb70a305d060'],
  malayalam: ['e57afae0f9b5', '99bd68075ddf'],
  oriya: ['ae4e50091c54', '1e416f8e4902'],
  punjabi: ['868e285ecd20', 'ba9c0860dc44'],
  tamil: ['5eba74ca5d3b', 'c4a2e22b2812'],
  telugu: ['c4aabd5b0cd4', '79fdb7bd73c7'],
  urdu: ['2ae111bdcd26', '07444887347d'],
}
for (const language of languages) {
  test(`${language}: no cell has changed since the tables were compared with others`, () => {
    const digest = (table: Table | undefined) =>
      table === undefined
        ? undefined
        : createHash('sha256')
            .update(Array.from(table.units, (unit) => unit.toString(16).padStart(4, '0')).join(''))
            .digest('hex')
            .slice(0, 12)
    assert.deepEqual([digest(lockingTable(language)), digest(singleTable(language))], digests[language])
  })
}
