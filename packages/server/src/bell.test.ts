import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createBell } from './bell.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('wakes a listener once, however often it rings within a turn', async () => {
  const bell = createBell()
  const heard: string[] = []
  bell.on('queue', (origin) => heard.push(`queue ${origin}`))
  bell.on('outbox', (origin) => heard.push(`outbox ${origin}`))
  bell.ring('queue')
  bell.ring('outbox', 'elsewhere')
  bell.ring('queue', 'elsewhere')
  await turn()
  assert.deepEqual(heard, ['queue here', 'outbox elsewhere'])
  bell.ring('queue', 'elsewhere')
  bell.ring('queue')
  await turn()
  assert.equal(heard.at(-1), 'queue here')
})

it('leaves listeners alone that have stopped', async () => {
  const bell = createBell()
  const stop = bell.on('queue', () => assert.fail('woken'))
  bell.ring('queue')
  stop()
  await turn()
  bell.ring('queue')
  await turn()
})
