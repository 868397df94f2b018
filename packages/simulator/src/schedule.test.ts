import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSchedule } from './schedule.ts'

/** Time that moves only when told, and one alarm, as the schedule has it. */
function handClock() {
  let time = 0
  let alarm: { at: number; wake: () => void } | undefined
  let armed = 0
  return {
    now: () => time,
    after(delayMs: number, wake: () => void) {
      const mine = { at: time + delayMs, wake }
      alarm = mine
      armed += 1
      return () => {
        if (alarm === mine) alarm = undefined
      }
    },
    advance(ms: number) {
      const until = time + ms
      while (alarm && alarm.at <= until) {
        time = alarm.at
        const { wake } = alarm
        alarm = undefined
        wake()
      }
      time = until
    },
    get armed() {
      return armed
    },
    get isArmed() {
      return alarm !== undefined
    },
  }
}

test('tasks run in the order of their times, and those of one time in the order given', () => {
  const clock = handClock()
  const schedule = createSchedule(clock)
  const ran: string[] = []
  // A fixed shuffle of 0..99, each twice: enough to move entries through every branch of the heap.
  for (let i = 0; i < 200; i += 1) {
    const delay = (i * 37) % 100
    schedule.after(delay, () => ran.push(`${String(delay).padStart(2, '0')}:${String(i).padStart(3, '0')}`))
  }
  assert.equal(schedule.size, 200)
  clock.advance(99)
  assert.equal(ran.length, 200)
  assert.deepEqual(ran, ran.toSorted())
})

test('nothing runs before its time', () => {
  const clock = handClock()
  const schedule = createSchedule(clock)
  let ran = 0
  schedule.after(10, () => (ran += 1))
  clock.advance(9)
  assert.equal(ran, 0)
  clock.advance(1)
  assert.equal(ran, 1)
})

test('one alarm serves them all, and an earlier task moves it forward', () => {
  const clock = handClock()
  const schedule = createSchedule(clock)
  const ran: number[] = []
  for (let i = 0; i < 1000; i += 1) schedule.after(1000, () => ran.push(1000))
  assert.equal(clock.armed, 1)
  schedule.after(5, () => ran.push(5))
  assert.equal(clock.armed, 2)
  clock.advance(5)
  assert.deepEqual(ran, [5])
})

test('a task that schedules itself again without delay does not stop time', () => {
  const clock = handClock()
  const schedule = createSchedule(clock)
  let ran = 0
  const again = () => {
    ran += 1
    if (ran < 5) schedule.after(0, again)
  }
  schedule.after(0, again)
  // Each round is an alarm of its own: four more alarms, not one endless loop inside the first.
  clock.advance(0)
  assert.equal(ran, 5)
  assert.equal(clock.armed, 5)
})

test('a task that throws does not take the later ones with it', () => {
  const clock = handClock()
  const schedule = createSchedule(clock)
  let ran = false
  schedule.after(1, () => {
    throw new Error('broken task')
  })
  schedule.after(2, () => {
    ran = true
  })
  assert.throws(() => clock.advance(1), /broken task/)
  clock.advance(5)
  assert.equal(ran, true)
})

test('a cleared schedule is silent and can be used again', () => {
  const clock = handClock()
  const schedule = createSchedule(clock)
  const ran: string[] = []
  schedule.after(1, () => ran.push('old'))
  schedule.clear()
  assert.equal(clock.isArmed, false)
  schedule.after(3, () => ran.push('new'))
  clock.advance(5)
  assert.deepEqual(ran, ['new'])
})
