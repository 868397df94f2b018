import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../metrics.ts'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from './carrier.ts'
import { measureCarriers } from './measured.ts'

const taken: Submitted = { remoteId: 'x', remoteKey: 'x', request: new Uint8Array() }
const ends: readonly [outcome: string, end: Submitted | Error][] = [
  ['taken', taken],
  ['throttled', new CarrierError('x', { retry: 'later', sent: 'no', throttled: true })],
  ['later', new CarrierError('x', { retry: 'later', sent: 'no' })],
  ['elsewhere', new CarrierError('x', { retry: 'elsewhere', sent: 'no' })],
  ['permanent', new CarrierError('x', { retry: 'never', sent: 'no' })],
  ['unsent', new CarrierError('x', { retry: 'unsent', sent: 'no' })],
  ['unknown', new CarrierError('x', { retry: 'later', sent: 'maybe' })],
]

for (const [outcome, end] of ends)
  test(`a submission that is ${outcome} is counted as that, and ends as it did`, async () => {
    const metrics = createMetrics()
    let free = 7
    const own: Carrier = {
      long: 'whole',
      get freeWindow() {
        return free
      },
      submit: () => (end instanceof Error ? Promise.reject(end) : Promise.resolve(end)),
      open: () => Promise.reject(new Error('not here')),
    }
    const carrier = measureCarriers(metrics)('one', own)
    const result = await carrier.submit({ segments: 3 } as OutboundSegment).catch((error: unknown) => error)
    assert.equal(result, end)
    const { text } = await metrics.render()
    assert.match(text, new RegExp(`submits_total\\{carrier="one",outcome="${outcome}"\\} 1`))
    assert.equal(text.includes('segments_total{carrier="one"} 3'), outcome === 'taken')
    assert.equal(text.includes('submit_seconds_count{carrier="one"} 1'), outcome === 'taken')
    free = 0
    assert.deepEqual([carrier.freeWindow, carrier.long, carrier.query], [0, 'whole', undefined])
  })
