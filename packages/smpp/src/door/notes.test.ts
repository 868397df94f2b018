import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualTime } from '../testing/manual-time.ts'
import { createStrangerLog, type StrangerNote } from './notes.ts'

function setUp(maxLines = 10) {
  const time = createManualTime()
  const lines: string[] = []
  const log = createStrangerLog<string>(
    { time, intervalMs: 60_000, maxLines },
    (note: StrangerNote<string>) => lines.push(`${note.what} ${note.address} ${note.detail} x${note.count}`),
  )
  const taken = (): string[] => lines.splice(0)
  return { time, log, taken }
}

test('the first of a kind is written at once, repetitions as one line with their count', () => {
  const { time, log, taken } = setUp()
  for (let i = 0; i < 500; i++) log.add('junk', `n${i}`, 'a')
  log.add('junk', 'n', 'b')
  log.add('silence', 'n', 'a')
  assert.deepEqual(taken(), ['junk a n0 x1', 'junk b n x1', 'silence a n x1'])
  time.advance(60_000)
  assert.deepEqual(taken(), ['junk a n499 x499'])
})

test('who goes on is written once an interval, and who has stopped is forgotten', () => {
  const { time, log, taken } = setUp()
  log.add('junk', 'n', 'a')
  time.advance(60_000)
  log.add('junk', 'n', 'a')
  assert.deepEqual(taken(), ['junk a n x1', 'junk a n x1'])
  log.add('junk', 'n', 'a')
  time.advance(60_000)
  assert.deepEqual(taken(), ['junk a n x1'])
  time.advance(120_000)
  assert.deepEqual([taken(), time.armed], [[], 0])
})

test('group 3: strangers from everywhere write so many lines in an interval, and one for the rest', () => {
  const { time, log, taken } = setUp(10)
  for (let i = 0; i < 10_000; i++) log.add('junk', 'n', `address ${i}`)
  assert.equal(taken().length, 10)
  time.advance(60_000)
  assert.deepEqual(taken(), ['lines_left_out  9990 more x9990'])
})

test('what is counted is written when the log is closed, and no timer stays', () => {
  const { time, log, taken } = setUp()
  log.add('junk', 'n', 'a')
  log.add('junk', 'n', 'a')
  log.close()
  assert.deepEqual([taken(), time.armed], [['junk a n x1', 'junk a n x1'], 0])
})

test('a line that comes after the log is closed is written, and holds no timer', () => {
  const { time, log, taken } = setUp()
  log.close()
  log.add('socket_error', 'late', 'a')
  assert.deepEqual([taken(), time.armed], [['socket_error a late x1'], 0])
})

test('group 3: repetitions and new strangers share the lines of an interval, and no count is lost between them', () => {
  const { time, log, taken } = setUp(10)
  let given = 0
  const add = (address: string): void => {
    given++
    log.add('junk', 'n', address)
  }
  const lines: string[] = []
  for (let interval = 0; interval < 4; interval++) {
    for (let i = 0; i < 20; i++) for (let times = 0; times < 3; times++) add(`address ${interval * 6 + i}`)
    time.advance(59_999)
    const written = taken()
    assert.ok(written.filter((line) => !line.startsWith('lines_left_out')).length <= 10, written.join('\n'))
    lines.push(...written)
    time.advance(1)
  }
  log.close()
  lines.push(...taken())
  const told = lines.reduce((sum, line) => sum + Number(line.split(' x').at(-1)), 0)
  assert.equal(told, given)
})
