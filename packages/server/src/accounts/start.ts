import type { Clock } from '../clock.ts'
import type { Cron } from '../jobs/start.ts'
import type { Db } from '../store/db.ts'
import type { Access } from './access.ts'
import { deleteGuesses } from './guess.store.ts'
import { createGuesses } from './guesses.ts'
import { idleMs } from './holders.ts'
import { deleteOldLinks } from './link.store.ts'
import { deleteOldChallenges } from './passkey.store.ts'
import { createPasskeys } from './passkeys.ts'
import { createPasswords } from './password.ts'
import { deleteOldSessions } from './session.store.ts'

/** Everything that signing in and managing users works with; `keyed` makes keys of the installation's secret. */
export function createAccess(
  house: Pick<Access, 'db' | 'clock' | 'publicUrl' | 'forget' | 'operator'> & {
    keyed: (purpose: string) => Buffer
  },
): Access {
  const { keyed, ...rest } = house
  return {
    ...rest,
    passwords: createPasswords(),
    guesses: createGuesses(rest.db, rest.clock),
    passkeys: createPasskeys({ clock: rest.clock, key: keyed('passkeys') }),
    totpKey: keyed('totp'),
  }
}

/** A guess counts for a day at most. */
const guessMs = 24 * 3_600_000

/** What has ended is forgotten: sessions, links, guesses and challenges. */
export function accessCrons({ db, clock }: { db: Db; clock: Clock }): Cron[] {
  return [
    {
      name: 'access',
      match: '40 * * * *',
      async run() {
        const now = clock.now()
        const before = (ms: number) => new Date(now.getTime() - ms)
        await deleteOldSessions(db, now, before(idleMs))
        await deleteOldLinks(db, now)
        await deleteGuesses(db, before(guessMs))
        await deleteOldChallenges(db, now)
      },
    },
  ]
}
