import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeBook } from './book.ts'
import { match } from './match.ts'
import type { Column, Service, ServiceSettings } from './service.ts'

const service = (
  name: string,
  words: string[],
  more: Partial<Omit<Service, 'settings'>> & { settings?: Partial<ServiceSettings> } = {},
): Service => ({
  accountId: 'a',
  id: name,
  name,
  kind: 'template',
  enabled: true,
  numbers: null,
  keywords: words.map((word) => ({ word })),
  quota: { per_hour: null, per_day: null },
  secrets: {},
  revision: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...more,
  settings: {
    language: 'en',
    time_zone: 'UTC',
    typos: 'answer',
    max_segments: 1,
    arguments: [],
    texts: { answer: { en: 'x' } },
    ...more.settings,
  },
})

const columns: Column[] = [
  { name: 'line', key: 'argument' },
  { name: 'stop', key: 'argument' },
  { name: 'time', key: null },
]
const book = makeBook(
  1,
  [
    service('hours', ['Öffnungszeiten', 'HOURS']),
    service('departures', ['ABFAHRT', 'S-Bahn'], { settings: { arguments: [{ name: 'stop', rest: true }] } }),
    service('balance', ['SALDO'], {
      settings: { arguments: [{ name: 'account' }, { name: 'pin', optional: true }] },
    }),
    service('sales', ['SALDE'], { numbers: ['+4930123456'] }),
    service('asks', ['BESTELLUNG'], { settings: { typos: 'ask' } }),
    service('strict', ['KONTOSTAND'], { settings: { typos: 'off' } }),
    service('shop', ['SHOP']),
    service('timetable', ['PLAN'], { kind: 'table' }),
  ],
  new Map([['timetable', columns]]),
  new Map(),
)

const seen = (text: string, to = '12345') => {
  const found = match(book, to, text)
  if (found.is === 'asked')
    return [
      found.entry.service.name,
      found.how,
      ...found.given,
      ...(found.missing ? ['(missing)'] : []),
    ].join(' | ')
  if (found.is === 'unclear') return `unclear: ${found.entries.map((entry) => entry.service.name).join(', ')}`
  return found.left ? 'left' : 'unknown'
}

const table: [text: string, what: string, to?: string][] = [
  ['HOURS', 'hours | exact'],
  ['öffnungszeiten bitte', 'hours | exact'],
  ['OFFNUNGSZEITEN', 'hours | exact'],
  ['oeffnungs zeiten', 'hours | exact'],
  ['Huors', 'hours | typo'],
  ['HOURS on Sunday', 'left'],
  ['ABFAHRT', 'departures | exact | (missing)'],
  ['Abfahrt Hamburg Altona', 'departures | exact | Hamburg Altona'],
  ['s bahn Hamburg', 'departures | exact | Hamburg'],
  ['abfahrtt, Altona', 'departures | typo | Altona'],
  ['SALDO 1234', 'balance | exact | 1234'],
  ['SALDO 1234 99', 'balance | exact | 1234 | 99'],
  ['SALDO 1234 99 und mehr', 'left'],
  ['SALDA 12', 'balance | typo | 12'],
  ['SALDA', 'unclear: balance, sales', '4930123456'],
  ['SALDE', 'sales | exact', '+4930123456'],
  ['SALDE', 'balance | typo | (missing)'],
  ['Bestelung', 'unclear: asks'],
  ['Kontostnd', 'unknown'],
  ['PLAN S3 Hamburg Altona', 'timetable | exact | S3 | Hamburg Altona'],
  ['PLAN S3', 'timetable | exact | S3'],
  ['STOP', 'left'],
  ['stop SALDO', 'left'],
  ['STOPP', 'left'],
  ['STPO', 'left'],
  ['SHOP', 'shop | exact'],
  ['SHPO', 'shop | typo'],
  ['Guten Tag', 'unknown'],
  ['', 'left'],
  ['😀', 'left'],
]
for (const [text, what, to] of table)
  test(`"${text}"${to ? ` to ${to}` : ''}: ${what}`, () => assert.equal(seen(text, to), what))
