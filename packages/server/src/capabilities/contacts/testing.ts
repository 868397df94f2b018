import { createBell } from '../../bell.ts'
import { systemClock } from '../../clock.ts'
import { createGuard } from '../../egress.ts'
import { silentLog } from '../../log.ts'
import type { Gate } from '../../message/gate.ts'
import { testAccept, testOwner } from '../../message/testing.ts'
import { createEmit, type Emit, type Listeners } from '../../outbox/emit.ts'
import { createPlatform, type Platform } from '../../platform.ts'
import type { Db } from '../../store/db.ts'
import { keyring } from '../../store/installation.store.ts'
import { testDatabase } from '../../store/testing.ts'

export interface Bench {
  db: Db
  platform: Platform
  accountId: string
}

/** A platform for contacts over a database of its own; what is sent is queued and stays there. */
export async function contactsBench(
  options: { gates?: readonly Gate[]; listeners?: Listeners } = {},
): Promise<Bench> {
  const { db } = await testDatabase()
  const { accountId } = await testOwner(db)
  const clock = systemClock
  const emit: Emit = createEmit(() => options.listeners ?? {})
  const accept = testAccept({ db, clock, emit, gates: options.gates ?? [] })
  const platform = createPlatform('contacts', {
    ...{ db, clock, bell: createBell(), log: silentLog, accept, emit },
    keyed: await keyring(db),
    numbers: { country: 'DE', lenient: true },
    outbound: createGuard({ sandbox: true }),
    baseUrl: () => 'https://sms.example.org',
  })
  return { db, platform, accountId }
}
