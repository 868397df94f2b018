import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Waiting } from '../api/types.ts'
import { createFormats } from '../format/formats.ts'
import { de } from '../strings/de.ts'
import { en } from '../strings/en.ts'
import { whyWaiting } from './why.ts'

const german = (waiting: Omit<Waiting, 'sentence'>) =>
  whyWaiting({ sentence: 'said by the server', ...waiting }, de, createFormats('de', de))

/** Every code of the server's own table: what it says in German carries what the server's sentence counts. */
const said: [Omit<Waiting, 'sentence'>, string][] = [
  [
    { code: 'retry', carrier: 'nord', facts: { error: 'ESME_RMSGQFUL' } },
    'Nord hat sie nicht genommen (ESME_RMSGQFUL).',
  ],
  [
    {
      code: 'carrier_paused',
      carrier: 'nord',
      facts: { carriers: [{ name: 'nord', code: 'paused', links: 1 }] },
    },
    'Ihr einziger Netzzugang nimmt sie zurzeit nicht: nord ist angehalten.',
  ],
  [
    {
      code: 'carrier_down',
      carrier: 'nord',
      facts: {
        carriers: [
          { name: 'nord', code: 'down', links: 3 },
          { name: 'sued', code: 'drained', links: 1 },
        ],
      },
    },
    'Keiner ihrer Netzzugänge nimmt sie zurzeit: nord ist ausgefallen (keine seiner 3 Verbindungen kommt zustande) und sued ist abgemeldet.',
  ],
  [
    { code: 'sender_rate', facts: { sender: 'Bank', segments_per_second: 0.5 } },
    'Sie wartet, bis sie dran ist: Der Absender Bank darf 0,5 Segmente je Sekunde senden.',
  ],
  [
    { code: 'account_rate', facts: { segments_per_second: 1_300 } },
    'Sie wartet, bis sie dran ist: Dieses Konto darf 1.300 Segmente je Sekunde senden.',
  ],
  [
    {
      code: 'carrier_rate',
      carrier: 'nord',
      facts: { ahead_in_lane: 1_000, ahead_in_higher_lanes: 12, segments_per_second: 40 },
    },
    'Vor ihr gehen 1.000 oder mehr Nachrichten ihrer Spur und 12 Nachrichten höherer Spuren; nord nimmt 40 Segmente je Sekunde.',
  ],
  [
    { code: 'window_full', carrier: 'nord', facts: { ahead_in_lane: 1, ahead_in_higher_lanes: 0 } },
    'Vor ihr geht 1 Nachricht ihrer Spur; nord antwortet langsam, und sein Fenster ist voll.',
  ],
  [
    { code: 'next', carrier: 'nord', facts: { ahead_in_lane: 0, ahead_in_higher_lanes: 0 } },
    'Sie ist die nächste, über nord.',
  ],
]

test('in German it says why a message waits with the numbers of the server', () => {
  for (const [waiting, sentence] of said) assert.ok(german(waiting).startsWith(sentence), german(waiting))
})

test('the German catalogue has a sentence for every code that a server gives', () => {
  const codes = ['on_wire', 'scheduled', 'retry', 'uncertain_resend', 'uncertain_wait', 'routing', 'no_route']
  const standings = ['paused', 'drained', 'down', 'not_held', 'circuit_open', 'unknown_kind', 'unknown']
  const turns = ['account_rate', 'sender_rate', 'carrier_rate', 'window_full', 'behind', 'next']
  for (const code of [...codes, ...standings.map((each) => `carrier_${each}`), ...turns])
    assert.notEqual(german({ code }), 'Said by the server', code)
})

test('in English the sentence of the server stands, with a capital', () => {
  const waiting = { code: 'next', sentence: 'it is the next, by nord.', carrier: 'nord' }
  assert.equal(whyWaiting(waiting, en, createFormats('en-GB', en)), 'It is the next, by nord.')
})
