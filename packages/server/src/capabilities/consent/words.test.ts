import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normalise } from './normalise.ts'
import { homographs, type Vocabulary, vocabulary } from './vocabulary.ts'
import { mentions, read } from './words.ts'

const topics = [
  { id: 'w', key: 'werbung', name: 'Angebote & Rabatte' },
  { id: 's3', key: 'linie s3', name: 'Linie S3' },
]
/** `stop`, `stop all`, `stop w`, with `?` behind it where it is polite. */
function said(text: string, languages?: string[]): string | undefined {
  const reading = read(text, { topics, ...(languages && { languages }) })
  if (!reading || !('scope' in reading)) return reading?.act
  const { act, scope, polite } = reading
  const about = scope.kind === 'own' ? '' : scope.kind === 'all' ? ' all' : ` ${scope.topic}`
  return `${act}${about}${polite ? '?' : ''}`
}

for (const [text, expected] of [
  ['STOP', 'stop'],
  [' stop ', 'stop'],
  ['Stop.', 'stop'],
  ['„Stopp!“', 'stop'],
  ["'STOP'", 'stop'],
  ['ＳＴＯＰ', 'stop'],
  ['S T O P', 'stop'],
  ['S.T.O.P.', 'stop'],
  ['STOP 🛑🙏🏽', 'stop'],
  ['st\u200bop', 'stop'],
  ['Arrêt', 'stop'],
  ['ARRET', 'stop'],
  ['opt-out', 'stop'],
  ['Opt Out', 'stop'],
  ['iptal', 'stop'],
  ['İPTAL', 'stop'],
  ['IPTAL', 'stop'],
  ['ıptal', 'stop'],
  ['dar de baja', 'stop'],
  ['стоп', 'stop'],
  ['ΣΤΟΠ', 'stop'],
  ['στοπ', 'stop'],
  ['إيقاف', 'stop'],
  ['ايقاف', 'stop'],
  ['退订', 'stop'],
  ['TD', 'stop'],
  ['STOP ALL', 'stop'],
  ['STOPALL', 'stop'],
  ['STOP ALLE', 'stop all'],
  ['stop alles', 'stop all'],
  ['stop tout', 'stop all'],
  ['STOP WERBUNG', 'stop w'],
  ['Werbung stop', 'stop w'],
  ['stop linie-s3', 'stop s3'],
  ['Stopp Angebote & Rabatte', 'stop w'],
  ['abmelden Werbung bitte', 'stop w?'],
  ['Stop. Thank you', 'stop?'],
  ['stop bitte', 'stop?'],
  ['Bitte stop, danke!', 'stop?'],
  ['please stop texting me', 'stop?'],
  ['Hallo, bitte abmelden. Danke', 'stop?'],
  ['We must STOP this bill', 'doubtful'],
  ['STOP 12345', 'doubtful'],
  ['Nächster Stop Hauptbahnhof', 'doubtful'],
  ['Wo ist der Bus-Stop?', 'doubtful'],
  ['请停止发送', 'doubtful'],
  ["Don't", undefined],
  ['Can I come at the end of the week, please?', undefined],
  ['Danke', undefined],
  ['', undefined],
  ['🛍️', undefined],
  ['START', 'start'],
  ['yes!', 'start'],
  ['Anmelden', 'start'],
  ['START WERBUNG', 'start w'],
  ['başla', 'start'],
  ['HELP', 'help'],
  ['Hilfe?', 'help'],
  ['hjælp', 'help'],
  ['ヘルプ', 'help'],
  ['nein', 'soft_stop'],
  ['KÜNDIGEN', 'soft_stop'],
  ['kuendigen', 'soft_stop'],
  ['取消', 'soft_stop'],
] as const) {
  test(`"${text}" says ${expected ?? 'nothing of this'}`, () => assert.equal(said(text), expected))
}

test('a word that is an everyday word elsewhere counts for who may speak the language', () => {
  assert.equal(said('seis', ['fi']), 'stop')
  assert.equal(said('seis', ['es']), 'doubtful')
  assert.equal(said('seis'), 'stop', 'and where nobody knows what they speak')
  assert.equal(said('red', ['en', 'tr']), 'stop')
  assert.equal(said('T', ['de']), undefined)
})

/** Each stop word with a language of its own. */
const stopWords = Object.entries(vocabulary as Record<string, Vocabulary>).flatMap(([language, { stop }]) =>
  stop.map((word) => ({ word, language })),
)
const mark = fc.constantFrom('', '', '\u0301', '\u0308', '\u0323', '\u200d', '\u00ad', '\ufe0f')
const dress = fc.constantFrom(
  '',
  ' ',
  '.',
  '!',
  '„',
  '“',
  '"',
  "'",
  '«',
  '»',
  '\n',
  '🙏',
  '🛑',
  ' 👍🏽 ',
  '…',
  '-',
  '_',
  '*',
  '\t',
  '❤️',
)
const cased = (word: string, upper: readonly boolean[]): string =>
  [...word]
    .map((letter, at) => (upper[at % upper.length] ? letter.toUpperCase() : letter.toLowerCase()))
    .join('')

test('a stop word of any language is read in any case, with any accents, between any signs', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...stopWords),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
      fc.array(mark, { minLength: 1, maxLength: 9 }),
      fc.array(dress, { maxLength: 4 }),
      fc.array(dress, { maxLength: 4 }),
      ({ word, language }, upper, marks, before, after) => {
        // Accents are letters' own in other scripts, and a mark on a space stands alone.
        const bare = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word)
        const dressed = [...cased(word, upper)]
          .map((letter, at) => letter + (bare ? marks[at % marks.length] : ''))
          .join('')
        const reading = read(before.join('') + dressed + after.join(''), { languages: [language] })
        assert.equal(reading?.act, 'stop')
        assert.ok(reading.languages.includes(language as 'de'))
      },
    ),
    { numRuns: 2_000 },
  )
})

const filler = [
  'wir',
  'sehen',
  'uns',
  'morgen',
  'train',
  'delayed',
  'tomorrow',
  'bill',
  'maison',
  'gare',
  'kino',
] as const

test('a sentence with a stop word in it is not taken for one, and is doubtful', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...stopWords.filter(({ word }) => word.length > 1)),
      fc.array(fc.constantFrom(...filler), { minLength: 1, maxLength: 5 }),
      fc.nat(5),
      ({ word, language }, words, at) => {
        const sentence = (words as string[]).toSpliced(at, 0, word).join(' ')
        assert.equal(read(sentence, { languages: [language] })?.act, 'doubtful', sentence)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('no text whatever throws, and none is read another way when it is folded already', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('\ud83d', '\udc4d', '\u0000', 'İ', 'ı', 'STOP', ' ', '\u202e', '\u0301'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const reading = read(text, { topics })
      const folded = normalise(text)
      assert.equal(normalise(folded), folded)
      assert.equal(read(folded, { topics })?.act, reading?.act)
    }),
    { numRuns: 3_000 },
  )
})

test('what is read as anything mentions a word of ours', () => {
  const word = fc.constantFrom(
    ...stopWords.map((one) => one.word),
    'help',
    'ヘルプ',
    'yes',
    'nein',
    'werbung',
    'bitte',
    's',
    't',
    'o',
    'p',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), fc.constantFrom(' ', '-', '. ', '\n'), (words, between) => {
      const text = words.join(between)
      if (read(text, { topics })) assert.ok(mentions(text), text)
    }),
  )
})

test('a very long text costs no more than a long one', () => {
  assert.equal(read('stop '.repeat(1_000_000))?.act, 'doubtful')
})

test('words that mean two things in two languages are known, and none is a stop word and a yes', () => {
  const of = (kind: keyof Vocabulary) =>
    new Set(
      Object.values(vocabulary as Record<string, Vocabulary>).flatMap((words) =>
        (words[kind] ?? []).map(normalise),
      ),
    )
  const [stop, start, help] = [of('stop'), of('start'), of('help')]
  assert.deepEqual(
    [...stop].filter((word) => start.has(word) || help.has(word)),
    [],
  )
  assert.deepEqual(
    [...start].filter((word) => help.has(word)),
    [],
  )
  for (const word of Object.keys(homographs)) assert.ok(stop.has(word), word)
  // Spanish cancelar and Hungarian, Polish words of the second tier: Portuguese people mean STOP by it.
  assert.deepEqual(
    [...of('softStop')].filter((word) => stop.has(word)),
    ['cancelar'],
  )
})
