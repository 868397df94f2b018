import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { septetLength } from './alphabet.ts'
import { protectedSpans } from './protect.ts'
import { typography, westernTypography } from './replacements.ts'
import { letters, lettersByLanguage } from './replacements-letters.ts'
import { anyMessage, applied, transliterateOptions } from './texts.testing.ts'
import { type TransliterateLevel, transliterate } from './transliterate.ts'

type Row = readonly [from: string, to: string, language?: string]

const byLevel: { readonly [level in TransliterateLevel]: readonly Row[] } = {
  typography: [
    ['«a» “b” „c‟ 〝d〞 ＂e＂', '"a" "b" "c" "d" "e"'],
    ["‘a’ ʻb‛ ´c` d'e", "'a' 'b' 'c' d'e"],
    ['1–2 — 3 ‑ 4 − 5', '1-2 - 3 - 4 - 5'],
    ['wait… • one ‣ two', 'wait... * one * two'],
    ['10\u00a0000\u202f€\u2009!', '10 000 € !'],
    ['zero\u200bwidth\ufeff so\u00adft jo\u200din \u200eleft', 'zerowidth soft join left'],
    ['tab\there', 'tab here'],
    ['❤️½\u200d', '❤️1/2'],
    ['u\u0308ber e\u0301', 'über é'],
    ['Ｆｕｌｌ　ｗｉｄｔｈ！ ＄５', 'Full width! $5'],
    ['𝐁𝐨𝐥𝐝 𝒔𝒄𝒓𝒊𝒑𝒕', 'Bold script'],
    ['½ 1½ ⅔, 5 m², 10²', '1/2 1 1/2 2/3, 5 m2, 10^2'],
    ['ﬁne oﬃce', 'fine office'],
    ['₹500, 20 ₺, 5 ₽', 'Rs500, 20 TL, 5 RUB'],
    ['it\u0092s \u0093new\u0094\u0085 5 \u0080', 'it\'s "new"... 5 €'],
    ['20 °C, 68°F, 30°, n° 5, № 6, 2º', '20 C, 68F, 30 deg, no 5, No 6, 2o'],
    ['5 × 3 ≤ 20 → ok', '5 x 3 <= 20 -> ok'],
    ['5 Ω (Ohm: Ω), 3 Å', '5 Ω (Ohm: Ω), 3 Å'],
    ['Łódź, garçon – œuvre', 'Łódź, garçon - œuvre'],
    ['Αθήνα – Москва', 'Αθήνα - Москва'],
  ],
  letters: [
    ['Łódź, garçon – œuvre', 'Lodz, garcon - oeuvre'],
    ['n\u0303 z\u0301 ü ñ É ǖ', 'ñ z ü ñ É ü'],
    ['Œuvre, ŒUVRE, Þór, STRAẞE, ŊŊ', 'Oeuvre, OEUVRE, Thor, STRASSE, NGNG'],
    ['Grüße, ÄÖÜ, größer – ẞ', 'Grüße, ÄÖÜ, größer - SS', 'de'],
    ['Zażółć gęślą jaźń', 'Zazolc gesla jazn', 'pl'],
    ['Příliš žluťoučký kůň', 'Prilis zlutoucky kun', 'cs'],
    ['Kŕdeľ šťastných ďatľov', 'Krdel stastnych datlov', 'sk'],
    ['Árvíztűrő tükörfúrógép, ŐŰ', 'Arviztürö tükörfurogep, ÖÜ'.replace('gep', 'gép'), 'hu'],
    ['Árvíztűrő', 'Arvizturo'],
    ['șțăîâ ŞŢ', 'staia ST', 'ro'],
    ['ığdır çöş İĞŞ', 'igdir cös IGS', 'tr-TR'],
    ['Đorđe, ĐAK, čćšž', 'Djordje, DJAK, ccsz', 'hr'],
    ['Đorđe', 'Djordje', 'sr-Latn-RS'],
    ['Đà Nẵng, của tôi, Việt Nam đẹp', 'Dà Nang, cua toi, Viet Nam dep', 'vi'],
    ['Đorđe', 'Dorde'],
    ['ąčęėįšųūž', 'aceeisuuz', 'lt'],
    ['āčēģīķļņšūž', 'acegiklnsuz', 'lv'],
    ['õäöü šž', 'oäöü sz', 'et'],
    ['mañana, ¿qué?, él tomó', 'mañana, ¿qué?, él tomo', 'es'],
    ['não é avó', 'nao é avo', 'pt-BR'],
    ['ça, être, Noël, où', 'ca, etre, Noel, où', 'fr'],
    ['Þetta er íslenskt, æði', 'Thetta er islenskt, ædi', 'is'],
    ['Smørrebrød på Ærø – š', 'Smørrebrød på Ærø - s', 'da'],
    ['col·legi', 'col.legi', 'ca'],
    ['eĥoŝanĝo ĉiuĵaŭde', 'ehxosxangxo cxiujxauxde', 'eo'],
    ['Кофе – ą', 'Кофе - a'],
  ],
  scripts: [
    ['Καλημέρα, Ψυχή μου! ΑΘΗΝΑ ϋΐ', 'KAΛHMEPA, ΨYXH MOY! AΘHNA YI', 'el'],
    ['Привет, Щука и ЩУКА, объём', 'Privet, Shchuka i SHCHUKA, obyom', 'ru'],
    ['Гора', 'Gora', 'ru'],
    ['Гора', 'Hora', 'uk'],
    [
      'Згурський, Єнакієве, Їжакевич, Київ, п’ять, Юрій',
      'Zghurskyi, Yenakiieve, Yizhakevych, Kyiv, piat, Yurii',
      'uk-UA',
    ],
    ['‘Так’', "'Tak'", 'uk'],
    ['София, Пловдив, ъгъл, площад, хляб', 'Sofia, Plovdiv, agal, ploshtad, hlyab', 'bg'],
    ['Ђорђе, Љубав, Њ, џеп, чаша, ЉУБАВ', 'Djordje, Ljubav, Nj, dzep, casa, LJUBAV', 'sr'],
    ['Ѓорче, ќерка, џез, чај', 'Gjorche, kjerka, dzez, chaj', 'mk'],
    ['Гомель, Уладзімір, воўк', 'Homyel, Uladzimir, vouk', 'be'],
    ['Ї, ё', 'Yi, yo'],
    ['и\u0306 за\u0301мок', 'y zamok'],
    ['Łódź', 'Lodz'],
  ],
}
for (const [level, rows] of Object.entries(byLevel) as [TransliterateLevel, readonly Row[]][]) {
  for (const [from, to, language] of rows) {
    test(`${level}${language ? `, ${language}` : ''}: ${JSON.stringify(from)} becomes ${JSON.stringify(to)}`, () => {
      assert.equal(transliterate(from, { level, ...(language && { language }) }).text, to)
    })
  }
}

const kept = [
  'Grüße für 5 € {ok}',
  'https://example.org/a–b/’c…d',
  'http://bücher.example/ść?q=–',
  'www.example.org/–',
  'example.org/caf\u00e9–bar',
  'łódź.pl',
  'żółw@example.org',
  'ŁÓDŹ24',
  'ŁA-1234-ŻB',
  'ŻÓ–1234',
  'Ж4Щ7',
  '{{imię}} ((prénom – nom))',
  'https://example.org/{{mój kod}}/ł ok {{ł}}',
  '👩‍👩‍👧‍👦 ❤️ 🇩🇪 1️⃣ ❤️‍🔥 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👍🏽 👁️‍🗨️',
  'שלום ‏(5)‎',
  '你好，世界！　「好」',
  'می‌خواهم',
]
for (const text of kept) {
  test(`${JSON.stringify(text)} is left alone at every level`, () => {
    for (const level of ['typography', 'letters', 'scripts'] as const) {
      assert.deepEqual(transliterate(text, { level }), { text, changes: [] })
    }
  })
}

test('quotes and stops around an address are not part of it', () => {
  assert.equal(
    transliterate('See „https://example.org/–x“… (’www.example.org/ä–’)').text,
    'See "https://example.org/–x"... (\'www.example.org/ä–\')',
  )
})

test('amounts with a unit, ordinals and opening hours are no codes', () => {
  assert.equal(
    transliterate('100zł, 50Kč, 5-osobowy, 9am–5pm', { level: 'letters' }).text,
    '100zl, 50Kc, 5-osobowy, 9am-5pm',
  )
  assert.deepEqual(protectedSpans('100zł 50Kč 5-dniowy 9am–5pm 20:15–21:00Uhr COVID 1234'), [])
})

test('addresses and codes are touched where that is asked for, placeholders never', () => {
  const text = 'ł.pl/ł ŁÓDŹ24 {{ł}}'
  const plain = (...inside: ('addresses' | 'codes')[]) =>
    transliterate(text, { level: 'letters', inside }).text
  assert.equal(plain(), text)
  assert.equal(plain('addresses'), 'l.pl/l ŁÓDŹ24 {{ł}}')
  assert.equal(plain('codes'), 'ł.pl/ł LODZ24 {{ł}}')
  assert.equal(plain('addresses', 'codes'), 'l.pl/l LODZ24 {{ł}}')
})

test('what is protected is told by kind', () => {
  assert.deepEqual(
    protectedSpans('Hi {{name}}, AB-1234 at https://x.example/A1B2, me@x.example.').map(
      ({ from, to, kind }) => [from, to, kind],
    ),
    [
      [3, 11, 'placeholder'],
      [13, 20, 'code'],
      [24, 46, 'address'],
      [48, 60, 'address'],
    ],
  )
})

test('each change is listed with its place in the text as given, and why', () => {
  assert.deepEqual(transliterate('a… “ł” Жу\u200b', { level: 'scripts' }).changes, [
    { index: 1, from: '…', to: '...', kind: 'typography' },
    { index: 3, from: '“', to: '"', kind: 'typography' },
    { index: 4, from: 'ł', to: 'l', kind: 'letter' },
    { index: 5, from: '”', to: '"', kind: 'typography' },
    { index: 7, from: 'Ж', to: 'Zh', kind: 'script' },
    { index: 8, from: 'у', to: 'u', kind: 'script' },
    { index: 9, from: '\u200b', to: '', kind: 'removed' },
  ])
})

test('every row of the tables leads from outside GSM-7 into it, and no character stands in two', () => {
  const seen = new Set<string>()
  for (const [to, from] of [
    ...Object.values(typography).flat(),
    ...Object.values(westernTypography).flat(),
  ]) {
    assert.ok(septetLength(to) >= 0, to)
    for (const char of from) {
      assert.ok(septetLength(char) < 0, `${char} needs no replacement`)
      assert.ok(!seen.has(char), `${char} stands twice`)
      seen.add(char)
    }
  }
  for (const table of [letters, ...Object.values(lettersByLanguage)]) {
    for (const [from, to] of Object.entries(table))
      assert.ok(septetLength(from) < 0 && septetLength(to) > 0, from)
  }
})

test('the changes applied to the text as given make the result, and what is GSM-7 already stays', () => {
  fc.assert(
    fc.property(anyMessage, transliterateOptions, (text, options) => {
      const result = transliterate(text, options)
      assert.equal(applied(text, result.changes), result.text)
      for (const { from, to } of result.changes) assert.ok(septetLength(from) < 0 && septetLength(to) >= 0)
      if (septetLength(text) >= 0) assert.equal(result.text, text)
    }),
  )
})

test('a second run changes nothing more', () => {
  fc.assert(
    fc.property(anyMessage, transliterateOptions, (text, options) => {
      const once = transliterate(text, options).text
      assert.deepEqual(transliterate(once, options), { text: once, changes: [] })
    }),
  )
})

test('nothing changes inside what is protected', () => {
  fc.assert(
    fc.property(anyMessage, transliterateOptions, (text, options) => {
      const spans = protectedSpans(text, options)
      for (const { index, from } of transliterate(text, options).changes) {
        assert.ok(spans.every((span) => index + from.length <= span.from || index >= span.to))
      }
    }),
  )
})
