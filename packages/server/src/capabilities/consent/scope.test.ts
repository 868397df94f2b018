import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scope } from './entry.ts'
import { type Held, standingOf } from './scope.ts'

const scopes = {
  all: { topic: null, sender: null },
  sender: { topic: null, sender: '12345' },
  topic: { topic: 't', sender: null },
  other: { topic: 'u', sender: null },
} as const
type Name = keyof typeof scopes

/** `+topic -all`: what was said, in this order. */
const words = (said: string): Held[] =>
  said
    .split(' ')
    .filter(Boolean)
    .map((word, seq) => ({
      ...scopes[word.slice(1) as Name],
      granted: word[0] === '+' ? true : word[0] === '-' ? false : null,
      at: new Date(0),
      seq,
      entryId: '',
      how: 'api',
      via: null,
    }))

const asked: Scope = { topic: 't', sender: '12345' }

for (const [said, standing, why] of [
  ['', 'none', 'who said nothing has not agreed'],
  ['+other', 'none', 'a yes to one topic is none to another'],
  ['+topic', 'granted', 'a yes to the topic'],
  ['+sender', 'granted', 'a yes to the sender covers its topics'],
  ['+all', 'granted', 'a yes to everything'],
  ['+topic -sender', 'withdrawn', 'a no to the sender after the yes to a topic'],
  ['-sender +topic', 'granted', 'a yes to a topic after the no to its sender'],
  ['-sender +other', 'withdrawn', 'a yes to another topic lifts nothing here'],
  ['-topic +all', 'withdrawn', 'a yes to everything does not undo the no to one topic'],
  ['-all +sender', 'granted', 'a yes to the sender after the no to everything'],
  ['+topic -all +sender', 'granted', 'the sender again, and its topic with it'],
  ['-all -sender +topic', 'granted', 'a yes to the topic after both'],
  ['+topic -all', 'withdrawn', 'a no to everything'],
  ['?sender', 'none', 'what was taken back counts for nothing'],
] as const) {
  test(`${why}: "${said}" is ${standing}`, () => {
    assert.equal(standingOf(words(said), asked).standing, standing)
  })
}

test('without a topic only words about the sender or about everything count', () => {
  const message = { topic: null, sender: '12345' }
  assert.equal(standingOf(words('+topic'), message).standing, 'none')
  assert.equal(standingOf(words('-topic'), message).standing, 'none')
  assert.equal(standingOf(words('+sender'), message).standing, 'granted')
  assert.equal(standingOf(words('-all'), { topic: null, sender: null }).standing, 'withdrawn')
  assert.equal(standingOf(words('-sender'), { topic: null, sender: null }).standing, 'withdrawn')
  assert.equal(standingOf(words('+sender'), { topic: null, sender: null }).standing, 'none')
})
