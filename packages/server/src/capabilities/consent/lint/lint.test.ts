import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type HintCode, hintCodes, hints } from './hints.ts'
import { type LintOptions, lint } from './lint.ts'

const check = (text: string, more: Partial<LintOptions> = {}) =>
  lint({ text, sender: '+4930123456', country: 'DE', kind: 'other', brand: null, template: false, ...more })
const codes = (text: string, more: Partial<LintOptions> = {}) => check(text, more).map(({ code }) => code)
const advert = { kind: 'marketing', brand: 'Blumen Koch' } as const

/** For each code a text in which it is found, and its closest neighbour in which it is not. */
const cases: Record<HintCode, { bad: string; good: string; more?: Partial<LintOptions> }[]> = {
  reply_is_opt_out: [
    {
      bad: 'Passt der Termin? Antworten Sie mit JA oder CANCEL.',
      good: 'Passt der Termin? Antworten Sie mit JA oder NEUER.',
    },
    { bad: 'Reply A to confirm or "quit" to change.', good: 'Reply A to confirm or "other" to change.' },
    { bad: 'Quiz: antworten Sie A oder STOP.', good: 'Keine Nachrichten mehr? Antworten Sie mit STOP.' },
    { bad: 'Répondez ARRET ou OK pour votre choix', good: 'Répondez 1 ou 2 pour votre choix' },
    { bad: 'Text END for the evening slot', good: 'Text END to unsubscribe' },
  ],
  reply_may_be_opt_out: [
    { bad: 'Kommen Sie? Antworten Sie JA oder NEIN.', good: 'Kommen Sie? Antworten Sie 1 oder 2.' },
  ],
  reply_is_opt_in: [
    { bad: 'Reply YES to confirm your appointment.', good: 'Reply C to confirm your appointment.' },
  ],
  reply_is_help: [
    {
      bad: 'Antworten Sie mit INFO, um die Adresse zu bekommen.',
      good: 'Antworten Sie mit WEG, um die Adresse zu bekommen.',
    },
  ],
  reply_impossible: [{ bad: 'Antworten Sie mit WEG.', good: 'Rufen Sie an.', more: { sender: 'Koch' } }],
  no_way_out: [
    {
      bad: 'Blumen Koch: alles neu',
      good: 'Blumen Koch: alles neu. Abmelden: koch.example/aus',
      more: { ...advert, sender: 'Koch' },
    },
  ],
  opt_out_missing: [
    {
      bad: 'Blumen Koch: new roses',
      good: 'Blumen Koch: new roses. Opt out: reply STOP',
      more: { ...advert, country: 'GB' },
    },
  ],
  opt_out_advised: [
    { bad: 'Blumen Koch: neue Rosen', good: 'Blumen Koch: neue Rosen. Abmelden mit STOP', more: advert },
  ],
  sender_unnamed: [
    {
      bad: 'Neue Rosen da. Abmelden mit STOP',
      good: 'BLUMEN-KOCH: Neue Rosen da. Abmelden mit STOP',
      more: advert,
    },
  ],
  alphanumeric_unsupported: [{ bad: 'Hi', good: '', more: { sender: 'Koch', country: 'US' } }],
  alphanumeric_registered: [{ bad: 'Hi', good: '', more: { sender: 'Koch', country: 'RO' } }],
  mobile_sender_refused: [{ bad: 'Salut', good: '', more: { sender: '+33612345678' } }],
  marketing_not_carried: [{ bad: 'Blumen Koch', good: '', more: { ...advert, country: 'DK' } }],
  advert_as_service: [
    {
      bad: 'Ihr Paket ist da, mit 10 % auf alles.',
      good: 'Ihr Paket ist da, 10 kg schwer.',
      more: { kind: 'service' },
    },
  ],
  ucs2_by_few: [
    { bad: `${'Ihr Termin ist morgen um zehn Uhr in der Praxis. '.repeat(2)}Bis bald…`, good: 'Bis bald...' },
  ],
  ucs2_harmless: [{ bad: 'Bis bald…', good: 'Bis bald...' }],
  one_segment_more: [{ bad: 'a'.repeat(163), good: 'a'.repeat(200) }],
  link_shortener: [{ bad: 'Mehr: https://bit.ly/3xYz', good: 'Mehr: https://koch.example/3xYz' }],
  placeholder_left: [
    { bad: 'Hallo {{name}}, Ihr Paket ist da.', good: 'Hallo Ada, Ihr Paket ist da.' },
    { bad: 'Hallo [Name], alles da', good: 'Hallo Ada [sic]!'.replace(' [sic]', '') },
    { bad: 'Dear undefined', good: 'Dear Ada' },
    { bad: 'Code: %code%', good: 'Code: 100%' },
  ],
}

for (const code of hintCodes) {
  test(`${code} is found where it is, and not in the text beside it`, () => {
    for (const { bad, good, more } of cases[code]) {
      assert.ok(codes(bad, more).includes(code), bad)
      const otherwise = good === '' ? { ...more, sender: '+4930123456', country: 'DE' } : more
      assert.ok(!codes(good === '' ? bad : good, otherwise).includes(code), good)
    }
  })
}

test('what is found is shown where it stands, with a sentence in both languages and no gap left in it', () => {
  for (const [code, all] of Object.entries(cases)) {
    for (const { bad, more } of all) {
      const hint = check(bad, more).find((each) => each.code === code)!
      for (const sentence of [hint.sentence.en, hint.sentence.de]) {
        assert.ok(sentence.endsWith('.'), sentence)
        assert.doesNotMatch(sentence.replace(/“[^”]*”|„[^“]*“/g, 'x'), /\{|undefined| {2}/, sentence)
      }
      const word = hint.facts?.word ?? hint.facts?.placeholder
      if (word !== undefined) assert.equal(bad.slice(hint.from, hint.to), word)
    }
  }
})

test('one character that forces UCS-2 is named, with what it costs and what to write', () => {
  const [hint] = check(`${'Ihr Termin ist morgen um zehn Uhr in der Praxis. '.repeat(2)}Bis bald…`)
  assert.equal(hint!.code, 'ucs2_by_few')
  assert.equal(
    hint!.sentence.en,
    '“…” puts the whole text into UCS-2: 2 segments in place of 1. Write “...” for “…”.',
  )
})

test('a sentence is of one language: its marks, its numbers and its words', () => {
  const dash = `${'Ihr Termin ist morgen um zehn Uhr in der Praxis. '.repeat(2)}Bis bald…`
  assert.equal(
    check(dash)[0]!.sentence.de,
    '„…“: Deshalb geht der ganze Text als UCS-2 hinaus, mit 2 statt 1 Segmenten. Schreiben Sie „...“ statt „…“.',
  )
  const saved = (length: number) =>
    check('a'.repeat(length)).find(({ code }) => code === 'one_segment_more')!.sentence
  assert.deepEqual(saved(161), {
    en: '1 character fewer saves a segment: 2 become 1.',
    de: '1 Zeichen weniger spart ein Segment: Aus 2 wird 1.',
  })
  assert.equal(saved(309).de, '3 Zeichen weniger sparen ein Segment: Aus 3 werden 2.')
  const [hint] = check('Hi', { sender: 'Koch', country: 'US' })
  assert.match(hint!.sentence.de, /^Im Land der Empfänger \(Vereinigte Staaten\)/)
  for (const all of Object.values(cases))
    for (const { bad, more } of all)
      for (const { sentence } of check(bad, more)) {
        assert.doesNotMatch(sentence.de, /\b(for|in place of|the|no|characters?)\b|”/, sentence.de)
        assert.doesNotMatch(sentence.en, /\b(statt|für|nichts|Zeichen)\b|„/, sentence.en)
      }
})

test('a text that Arabic or an emoji makes UCS-2 gets no advice that would take its sense away', () => {
  assert.deepEqual(codes('مرحبا بكم'), [])
})

test('in a template the braces that will be filled are no leftovers, others are', () => {
  assert.deepEqual(codes('Hallo {{name}}', { template: true }), [])
  assert.deepEqual(codes('Hallo {name}', { template: true }), ['placeholder_left'])
})

test('a good advert has nothing to be said about it', () => {
  assert.deepEqual(
    codes('Blumen Koch: Ab heute Tulpen. Keine Werbung mehr? Antworten Sie mit STOP.', advert),
    [],
  )
})

test('whatever the text, the linter answers, quickly, and points inside of it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.stringMatching(/^[A-Z{}<%$. "“/-]{0,300}$/),
      ),
      fc.constantFrom('marketing' as const, 'service' as const),
      (text, kind) => {
        for (const { from, to, severity } of check(text, { kind })) {
          assert.ok(severity in { error: 1, warning: 1, hint: 1 })
          if (from !== undefined) assert.ok(0 <= from && from < to! && to! <= text.length)
        }
      },
    ),
  )
})

test('every hint has its source', () => {
  for (const code of hintCodes) assert.ok(hints[code].source.length > 5, code)
})
