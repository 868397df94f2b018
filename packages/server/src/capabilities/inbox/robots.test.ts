import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRobot } from './robots.ts'

const answer = 'We are closed. We will write on Monday.'
const robot = (text: string, from = '+4915123456789') => isRobot({ from, text, answer })

test('names, short codes, our own echo and answers that phones give by themselves get no automatic answer', () => {
  assert.ok(robot('Hello', 'DHL'))
  assert.ok(robot('Hello', '72975'))
  assert.ok(robot(`${answer} `))
  for (const text of [
    'Auto-Reply: away',
    'Automatische Antwort: ich bin im Urlaub',
    "I'm driving",
    'Ich bin gerade nicht erreichbar',
  ])
    assert.ok(robot(text), text)
})

test('people do, also those who speak of offices and answers', () => {
  for (const text of [
    'Hello?',
    'Ist das Office heute offen?',
    'Bitte antworten Sie mir',
    'My auto is broken',
  ])
    assert.ok(!robot(text), text)
})
