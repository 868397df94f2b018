import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createShelf, type HandsetMessage } from './shelf.ts'

const into = (to: string, text: string) =>
  ({ direction: 'in', from: 'Shop', to, text, encoding: 'gsm7', segments: 1 }) as const
const texts = (messages: HandsetMessage[]) => messages.map(({ text }) => text)

test('a handset keeps its last messages, oldest first', () => {
  const shelf = createShelf({ limits: { handsets: 10, messagesEach: 3, messagesTotal: 100 } })
  for (let i = 1; i <= 7; i += 1) shelf.add(into('+4911111111', String(i)), i)
  assert.deepEqual(texts(shelf.messages('+4911111111')), ['5', '6', '7'])
})

test('the least recently used handset goes first', () => {
  const shelf = createShelf({ limits: { handsets: 2, messagesEach: 3, messagesTotal: 100 } })
  shelf.add(into('+4911111111', 'a'), 1)
  shelf.add(into('+4922222222', 'b'), 2)
  shelf.add(into('+4911111111', 'c'), 3)
  shelf.add(into('+4933333333', 'd'), 4)
  assert.deepEqual(
    shelf.list().map(({ number }) => number),
    ['+4933333333', '+4911111111'],
  )
})

test('all handsets together keep no more than the total', () => {
  const shelf = createShelf({ limits: { handsets: 100, messagesEach: 10, messagesTotal: 25 } })
  for (let i = 0; i < 200; i += 1) shelf.add(into(`+491000000${i % 10}`, String(i)), i)
  const kept = shelf.list().flatMap(({ number }) => shelf.messages(number))
  assert.ok(kept.length <= 25 && kept.length >= 15, `${kept.length} kept`)
  assert.ok(texts(kept).includes('199'))
})

test('all handsets together keep no more characters than the total, and count those that are overwritten', () => {
  const shelf = createShelf({ limits: { messagesEach: 2, charactersTotal: 1000 } })
  for (let i = 0; i < 50; i += 1) shelf.add(into('+4911111111', 'x'.repeat(100)), i)
  for (let i = 0; i < 8; i += 1) shelf.add(into(`+49222222${i}0`, 'y'.repeat(100)), i)
  assert.equal(shelf.list().length, 9, 'exactly a thousand fit')
  shelf.add(into('+4933333333', 'z'), 99)
  assert.deepEqual([shelf.list().length, shelf.messages('+4911111111').length], [9, 0])
})

test('reading marks as read, peeking does not', () => {
  const shelf = createShelf()
  shelf.add(into('+4911111111', 'a'), 5)
  shelf.messages('+4911111111', { peek: true })
  assert.deepEqual(shelf.list(), [{ number: '+4911111111', unread: 1, last_at: '1970-01-01T00:00:00.005Z' }])
  shelf.messages('4911111111')
  assert.equal(shelf.list()[0]!.unread, 0)
})

test('a listener hears its own handset until it stops, by any spelling of the number', () => {
  const shelf = createShelf()
  const heard: HandsetMessage[] = []
  const stop = shelf.listen('004911111111', (message) => heard.push(message))
  shelf.add(into('+4911111111', 'a'), 1)
  shelf.add(into('+4922222222', 'b'), 2)
  stop()
  shelf.add(into('+4911111111', 'c'), 3)
  assert.deepEqual(texts(heard), ['a'])
})

test('references rotate through all 256 values', () => {
  const shelf = createShelf()
  const references = Array.from({ length: 256 }, () => shelf.nextReference('+4911111111'))
  assert.equal(new Set(references).size, 256)
  assert.ok(references.every((reference) => reference >= 0 && reference <= 255))
  assert.equal(shelf.nextReference('+4911111111'), references[0])
})
