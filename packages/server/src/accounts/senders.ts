import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Tx } from '../store/db.ts'
import { givenNumbers, stateOfNumbers } from './number.store.ts'

/** Numbers are read again when somebody has rung, and so often in case a ring was lost. */
const everyMs = 5_000

export interface Senders {
  /**
   * Whether an account may send as a number, short code or name: people answer to it, and trust it. What was given to
   * accounts is theirs; on some carriers alone, it is the operator's, too, to whom it comes in on the others. What was given
   * to nobody is the operator's, whose carriers are, unless it is open to all: an installation with one account has no rule.
   */
  mayUse(accountId: string, sender: string): boolean
  /** Reads the numbers again if they have changed. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

/** Who has an address: `everywhere` where one of them has it on every carrier. */
interface Owners {
  readonly accounts: ReadonlySet<string>
  readonly everywhere: boolean
}

/** Phones show a name as it was sent, and people take `BAKERY` for `Bakery`. */
const nameOf = (sender: string): string => sender.toLowerCase()

/** Senders given to nobody that every account may use. */
export type OpenSenders = 'none' | 'names' | 'all'

/** Who may send as whom, from memory: a message costs no statement. Resolves when the numbers were read for the first time. */
export async function createSenders(options: {
  db: Tx
  bell: Bell
  clock: Clock
  log: Log
  /** The account that operates the installation, whose carriers are. */
  operator: string
  open: OpenSenders
  /** What messages are sent as that name no sender, in its one spelling. */
  defaultSender: string | undefined
}): Promise<Senders> {
  const { db, bell, clock, log, operator, open, defaultSender } = options
  const isOpen = (sender: string): boolean =>
    open === 'all' || sender === defaultSender || (open === 'names' && /[A-Za-z]/.test(sender))
  let state = ''
  let owners: ReadonlyMap<string, Owners> = new Map()

  async function read(): Promise<void> {
    const now = await stateOfNumbers(db)
    if (now === state) return
    const found = new Map<string, { accounts: Set<string>; everywhere: boolean }>()
    for (const { account_id, address, carrier_id } of await givenNumbers(db)) {
      const name = nameOf(address)
      const known = found.get(name) ?? { accounts: new Set(), everywhere: false }
      known.accounts.add(account_id)
      known.everywhere ||= carrier_id === null
      found.set(name, known)
    }
    owners = found
    // Of before they were read: a change in between is read once more.
    state = now
  }
  /** One after the other: what was read last is what counts. */
  let running: Promise<void> = Promise.resolve()
  const refresh = (): Promise<void> => (running = running.catch(() => {}).then(read))

  await refresh()
  const pulse = startPulse({
    name: 'reading whose numbers are whose',
    work: () => refresh().then(() => undefined),
    everyMs,
    spacingMs: 20,
    clock,
    log,
  })
  const deaf = bell.on('numbers', pulse.ring)
  return {
    mayUse(accountId, sender) {
      const owned = owners.get(nameOf(sender))
      if (!owned) return accountId === operator || isOpen(sender)
      return owned.accounts.has(accountId) || (accountId === operator && !owned.everywhere)
    },
    refresh,
    stop() {
      deaf()
      return pulse.stop()
    },
  }
}
