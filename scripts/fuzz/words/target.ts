import { compact, normalise } from '../../../packages/server/src/capabilities/consent/normalise.ts'
import {
  homographs,
  type Vocabulary,
  vocabulary,
} from '../../../packages/server/src/capabilities/consent/vocabulary.ts'
import { mentions, read } from '../../../packages/server/src/capabilities/consent/words.ts'
import { hashOf, type Random } from '../../random.ts'
import { type Draft, mutateInto } from '../mutate.ts'
import { hold, type Seedling, type Target } from '../target.ts'

/** What people write to a number: STOP and its kin among anything else. */

const draft: Draft = { buffer: Buffer.alloc(4_096), length: 0 }
const vocabularies = Object.entries(vocabulary as Record<string, Vocabulary>)
const stops = vocabularies.flatMap(([language, { stop }]) => stop.map((word) => ({ language, word })))
const words = vocabularies.flatMap(([, kinds]) => Object.values(kinds).flat() as string[])

/** Pieces of texts by an octet each, so that a mutation of the octets is one of the text. */
const pieces = [
  ...words,
  ...' .,!?\n\t-_/"\'„“’«»…()&@0123456789abcxyzABCXYZäöüßéñçşğıİşøæłđ',
  ...[
    '\u0301',
    '\u0308',
    '\u0327',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '\u00ad',
    '\u202e',
    '\ud83d',
    '\ude00',
    '\u0000',
  ],
  ...['👍', '🙏🏽', '🛑', '👩‍👩‍👧', 'ＳＴＯＰ', 'ⓢⓣⓞⓟ', 'ﷺ', '中', 'あ', '한', 'ह', 'ς'],
]
const topics = [
  { id: 'w', key: 'werbung', name: 'Angebote' },
  { id: 's', key: 'linie s3', name: 'Linie S3' },
]

function checkText(octets: Buffer): number {
  let text = ''
  for (const [at, octet] of octets.entries()) {
    const next = octets[at + 1] ?? 0
    text += pieces[(octet * 7 + (next & 3)) % pieces.length]
  }
  const reading = read(text, { topics })
  const folded = normalise(text)
  hold(normalise(folded) === folded, 'What is folded folds again.')
  hold(!reading || mentions(text), 'A word is read that nobody mentions.')
  hold(read(folded, { topics })?.act === reading?.act, 'A folded text is read as something else.')
  hold(text !== '' || reading === undefined, 'Nothing is read as something.')
  return 1
}

/** Signs that nobody would take for a part of the word. */
const dress = ['', ' ', '.', '!', '…', '„', '“', '"', '\n', '🙏🏽', '🛑', '\ufe0f', '*', '\u200d', ' - ']

function checkDressed(octets: Buffer): number {
  const hash = hashOf(octets)
  const { language, word } = stops[hash % stops.length]!
  const side = (from: number) =>
    [...octets.subarray(from, from + 3)].map((octet) => dress[octet % dress.length]).join('')
  const cased = [...word]
    .map((letter, at) =>
      (octets[at % octets.length] ?? 0) & 1 ? letter.toUpperCase() : letter.toLowerCase(),
    )
    .join('')
  const text = side(0) + cased + side(3)
  const reading = read(text, { languages: [language] })
  hold(reading?.act === 'stop', `${JSON.stringify(text)} is not read as a STOP.`)
  const inside = read(`wir sehen ${text} morgen`, { languages: [language] })
  hold(
    word.length === 1 || inside?.act === 'doubtful',
    `${JSON.stringify(text)} in a sentence is not doubtful.`,
  )
  const elsewhere = homographs[compact(normalise(word))]
  hold(
    !elsewhere || read(text, { languages: ['xx'] })?.act !== 'stop',
    'An everyday word of another language is read as a STOP.',
  )
  return 1
}

export const stopWords: Target = {
  name: 'words',
  unit: 'texts',
  covers: ['/consent/words', '/consent/normalise'],
  checks: [
    { name: 'text', share: 2, run: checkText },
    { name: 'dressed', share: 1, run: checkDressed },
  ],
  fresh: (random: Random): Seedling => ({
    octets: Buffer.from(Array.from({ length: 1 + random.below(12) }, () => random.below(256))),
    marks: [],
  }),
  mutate(random, base, other) {
    mutateInto(draft, random, base, other)
    return draft.buffer.subarray(0, Math.max(1, draft.length))
  },
}
