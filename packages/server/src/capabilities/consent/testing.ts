import { createBell } from '../../bell.ts'
import { createGuard } from '../../egress.ts'
import { uuidv7 } from '../../ids.ts'
import { createInbound, type Inbound } from '../../inbound/receive.ts'
import { prepareJobs } from '../../jobs/start.ts'
import { silentLog } from '../../log.ts'
import { type handClock, handClock as standingClock, testAccept, testOwner } from '../../message/testing.ts'
import { createEmit } from '../../outbox/emit.ts'
import { type Capability, createPlatform, listenersOf, type Platform } from '../../platform.ts'
import type { Db } from '../../store/db.ts'
import { keyring } from '../../store/installation.store.ts'
import { testDatabase } from '../../store/testing.ts'
import { createConsentCapability } from './capability.ts'
import { insertTopic, type NewTopic, type Topic } from './topics.store.ts'

export interface ConsentBench {
  db: Db
  url: string
  clock: ReturnType<typeof handClock>
  platform: Platform
  capability: Capability
  accept: ReturnType<typeof testAccept>
  inbound: Inbound
  accountId: string
  carrierId: string
  /** A message comes in to an address of the account. */
  receive(
    text: string,
    from: string,
    options?: { to?: string; answered?: 'stop' | 'start' | 'help' },
  ): Promise<void>
  topic(given?: Partial<NewTopic>): Promise<Topic>
}

/** The consent capability over a database of its own, between a real way in and a queue from which nobody takes; `gated`: into which the gate lets. */
export async function consentBench(options: { gated?: boolean } = {}): Promise<ConsentBench> {
  const { db, url } = await testDatabase()
  const { accountId, carrierId } = await testOwner(db)
  await prepareJobs(db)
  const clock = standingClock()
  const bell = createBell()
  let capabilities: readonly Capability[] = []
  const emit = createEmit(() => listenersOf(capabilities))
  const accept = testAccept({
    db,
    clock,
    emit,
    gatesOf: () => (options.gated ? capabilities.flatMap(({ gate }) => gate ?? []) : []),
  })
  const platform = createPlatform('consent', {
    ...{ db, clock, bell, log: silentLog, accept, emit },
    keyed: await keyring(db),
    numbers: { country: 'DE', lenient: true },
    outbound: createGuard({ sandbox: true }),
    baseUrl: () => 'https://sms.example.org',
  })
  const capability = createConsentCapability(platform)
  capabilities = [capability]
  const inbound = createInbound({
    ...{ db, clock, bell, log: silentLog, emit },
    claimers: () => capabilities,
  })
  return {
    ...{ db, url, clock, platform, capability, accept, inbound, accountId, carrierId },
    receive: (text, from, { to = '12345', ...rest } = {}) =>
      inbound.receive({ carrierId }, { from, to, text, encoding: 'ucs2', concat: null, ...rest }),
    async topic(given = {}) {
      const id = uuidv7(clock.now().getTime())
      const topic = {
        ...{
          account_id: accountId,
          id,
          key: 'werbung',
          name: 'Werbung',
          kind: 'marketing' as const,
          sender: null,
        },
        ...{ language: 'de', texts: {}, frequency_caps: [], mandatory: false },
        ...given,
      }
      return (await insertTopic(db, topic, clock.now()))!
    },
  }
}
