import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addNetwork, ends, kindsOf } from './carriers.ts'
import { eventually, openStory } from './house.ts'

/** The behaviours of the simulator, each beside a carrier that works: what comes of a crowd of messages. */

const story = await openStory({ env: { KURZPOST_UNCERTAIN_SECONDS: '2' } })

interface Case {
  profile: string
  /** Beside the profile: receipts after minutes would make a test of minutes. */
  simulator?: Record<string, string | number>
  settings?: Record<string, unknown>
  messages: number
  /** Lanes in turn: `code` is sent again when nobody knows, the other waits. */
  lanes?: readonly string[]
  /** Until a message of unknown fate is given up. */
  validSeconds?: number
  /** So many of its receipts may be beyond reading: their messages are `submitted` until long after their validity. */
  unheard?: number
  /** The ends that there may be. */
  ends: readonly string[]
}

const quick = { retry_pause_seconds: 0.1, throttle_pause_seconds: 0.1 }
const both = ['transactional', 'code']
const cases: readonly Case[] = [
  { profile: 'throttling', simulator: { receiptDelayMs: 100 }, messages: 120, ends: ['delivered'] },
  { profile: 'shaping', simulator: { receiptDelayMs: 100 }, messages: 120, ends: ['delivered'] },
  {
    profile: 'slow',
    simulator: { receiptDelayMs: 100, answerDelayMs: 'lognormal 1000 4000' },
    messages: 100,
    ends: ['delivered'],
  },
  {
    profile: 'flaky',
    simulator: { receiptDelayMs: 'lognormal 50 500' },
    messages: 200,
    lanes: both,
    validSeconds: 8,
    ends: ['delivered', 'expired', 'undelivered'],
  },
  {
    profile: 'hostile',
    // Without group 9: after an OK that has no id no receipt can name the message, and it waits hours for its end.
    simulator: {
      malformed:
        '1 3%, 2 0.3%, 3 0.3%, 4 1%, 5 2%, 6 2%, 7 2%, 8 2%, 10 2%, 12 3%, 13 3%, 14 10%, 15 2%, 16 3%, 17 5%, 18 2%, 19 2%',
    },
    messages: 150,
    lanes: both,
    validSeconds: 10,
    settings: { response_timeout_seconds: 3, enquire_link_seconds: 2 },
    unheard: 8,
    ends: ['delivered', 'expired', 'rejected', 'submitted', 'undelivered'],
  },
  {
    profile: 'dead',
    messages: 80,
    lanes: both,
    validSeconds: 6,
    settings: { response_timeout_seconds: 1, enquire_link_seconds: 1 },
    ends: ['delivered', 'expired'],
  },
  {
    profile: 'mute',
    messages: 40,
    settings: { bind_timeout_seconds: 1, enquire_link_seconds: 1, response_timeout_seconds: 1 },
    ends: ['delivered'],
  },
]

/** The states once all but a few have their end, and the few are with the SMSC. */
async function endsBut(unheard: number, sent: readonly { id: string }[]): Promise<string[]> {
  let states: string[] = []
  await eventually(async () => {
    states = await Promise.all(
      sent.map(async ({ id }) => (await story.api('GET', `/v1/messages/${id}`)).body.state as string),
    )
    const open = states.filter(
      (state) => !['delivered', 'expired', 'rejected', 'undelivered'].includes(state),
    )
    return open.length <= unheard && open.every((state) => state === 'submitted')
  })
  return states
}

type Submit = { to: string; message_id: string }
type Step = { error?: string }

for (const {
  profile,
  simulator = {},
  settings = {},
  messages,
  lanes = ['code'],
  validSeconds,
  unheard = 0,
  ...the
} of cases)
  test(`an SMSC that is ${profile}: every one of ${messages} messages ends, none is lost and none goes out twice without its flag`, {
    timeout: 120_000,
  }, async () => {
    const network = await addNetwork(story, { settings: { ...quick, ...settings } })
    await network.phone('PATCH', '/settings', { profile, ...simulator })
    // It shows what it is like to those who bind, too.
    if (profile === 'mute') await network.phone('POST', '/binds/drop')
    const expires_at = validSeconds && new Date(Date.now() + validSeconds * 1_000).toISOString()
    const sent = (
      await Promise.all(
        lanes.map((lane) =>
          network.send(messages / lanes.length, { lane, ...(expires_at ? { expires_at } : {}) }),
        ),
      )
    ).flat()
    assert.ok(sent.every(({ id }) => id?.startsWith('msg_')))
    const states = unheard > 0 ? await endsBut(unheard, sent) : await ends(story, sent)
    for (const kind of kindsOf(states)) assert.ok(the.ends.includes(kind), kind)
    assert.ok(states.includes('delivered'))

    const here: Submit[] = (await network.phone('GET', '/submits?since=0')).submits
    const elsewhere: Submit[] = (await story.phone('GET', '/submits?since=0')).submits
    const copies = Map.groupBy([...here, ...elsewhere], ({ to }) => `+${to.replace('+', '')}`)
    const unflagged: string[] = []
    for (const [at, { id, to }] of sent.entries()) {
      const times = copies.get(to)?.length ?? 0
      const { state, possible_duplicate, error, timeline } = (await story.api('GET', `/v1/messages/${id}`))
        .body
      const what = `${id} ${states[at]}, now ${state}, went out ${times} times, ${JSON.stringify([error, timeline])}`
      // The hostile one refuses what it has taken (group 10): a refusal is believed, and nobody can flag what it hides.
      const refused = timeline.filter((step: Step) => step.error?.startsWith('ESME_')).length
      const most = profile === 'hostile' ? 1 + refused : 1
      if (times > most && !possible_duplicate) unflagged.push(what)
      if (state === 'delivered' || state === 'undelivered') assert.ok(times >= 1, `never arrived: ${what}`)
      if (times === 0) assert.ok(error?.code, `lost without a word: ${what}`)
    }
    assert.deepEqual(unflagged, [])
  })
