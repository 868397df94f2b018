import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProfileName } from '@kurzpost/simulator'
import { ends, kindsOf, readings } from './carriers.ts'
import { openStory } from './house.ts'

/** The networks whose habits are known, each with a house that was told nothing of them but what its profile says. */

interface Case {
  group: number
  profile: ProfileName
  /** What the ids of receipts are known to be at the end; undefined: nothing was to be learned. */
  learned?: Record<string, string>
  /** Final states that the network gives. */
  states?: readonly string[]
}

const cases: readonly Case[] = [
  { group: 31, profile: 'healthy', learned: { tlv: 'same' } },
  { group: 31, profile: 'vonage', learned: { text: 'hex_to_decimal' } },
  { group: 31, profile: 'jsmpp', learned: { text: 'hex_to_decimal' } },
  { group: 31, profile: 'hex-64', learned: { text: 'hex_to_decimal' } },
  { group: 31, profile: 'openmarket' },
  { group: 31, profile: 'ksmppd' },
  { group: 20, profile: 'clickatell' },
  { group: 37, profile: 'yo' },
  { group: 37, profile: 'jasmin', states: ['delivered', 'undelivered'] },
  { group: 30, profile: 'melrose' },
  { group: 32, profile: 'kannel' },
  { group: 36, profile: 'vumi' },
  { group: 40, profile: 'restcomm' },
  { group: 5, profile: 'nextel' },
  { group: 6, profile: 'netfors' },
]
const count = 200

for (const [at, { group, profile, learned, states = ['delivered'] }] of cases.entries()) {
  test(`group ${group}: of ${count} messages over ${profile} every receipt is matched, none is lost and none doubled`, async () => {
    const story = await openStory({ simulator: { profile, receiptDelayMs: 5, redeliverMs: 20 } })
    const messages = Array.from({ length: count }, (_, n) => ({
      to: `+49151${230 + at}${String(n).padStart(5, '0')}`,
      text: 'Ihr Termin ist morgen um 9 Uhr.',
    }))
    const { body } = await story.api('POST', '/v1/messages/batch', { messages })
    assert.deepEqual(kindsOf(await ends(story, body.results)), [...states].sort())
    const { submits } = await story.phone('GET', '/submits?since=0')
    assert.equal(submits.length, count, 'every one went out once')
    assert.equal(new Set(submits.map(({ to }: { to: string }) => to)).size, count)
    const { orphans, ids: known } = await readings(story.databaseUrl)
    assert.equal(orphans, 0, 'no receipt is left over')
    if (learned) assert.deepEqual(known, learned)
  })
}
