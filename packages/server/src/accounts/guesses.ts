import { hash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import { forgetGuesses, giveBackGuess, type Patience, takeGuess } from './guess.store.ts'

const minute = 60
const hour = 60 * minute

/** From one address at one user: somebody who mistypes. */
const pair: Patience = { free: 5, windowSeconds: 24 * hour, shutSeconds: minute, mostSeconds: hour }
/** From one address at anybody: a list of passwords tried on a list of users. An office shares one. */
const place: Patience = { free: 50, windowSeconds: hour, shutSeconds: minute, mostSeconds: hour }
/** At one user from everywhere. More patient than the pair, so that a stranger does not lock the user out of a known place. */
const person: Patience = { free: 30, windowSeconds: hour, shutSeconds: minute, mostSeconds: 15 * minute }

const keyOf = (...parts: string[]): Buffer => hash('sha256', parts.join('\0'), 'buffer')

/** One household has a /64 of IPv6, and all of its addresses. */
function placeOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString()
}

export interface Guesses {
  /** Counts a guess before anything is compared; throws `rate_limited` with `retry_after` while the door is shut. */
  admit(address: string, email?: string): Promise<void>
  /** The guess was right. In the transaction that lets its user in. */
  right(tx: Tx, address: string, email?: string): Promise<void>
}

/** Counts in the database, so that all nodes together let no more pass than one; by hash, so that nobody reads who was tried. */
export function createGuesses(db: Tx, clock: Clock): Guesses {
  const keys = (address: string, email = '') => {
    const from = placeOf(address)
    return {
      place: keyOf('place', from),
      pair: keyOf('pair', from, email),
      person: keyOf('person', email),
    }
  }
  async function take(key: Buffer, patience: Patience): Promise<void> {
    const wait = await takeGuess(db, key, patience, clock.now())
    if (wait !== undefined) throw new KurzpostError('rate_limited', { details: { retry_after: wait } })
  }
  return {
    async admit(address, email) {
      const key = keys(address, email)
      await take(key.place, place)
      if (email === undefined) return
      // The person last: guesses that one place is refused do not count against the user everywhere.
      await take(key.pair, pair)
      await take(key.person, person)
    },
    async right(tx, address, email) {
      const key = keys(address, email)
      await giveBackGuess(tx, key.place, place)
      if (email !== undefined) await forgetGuesses(tx, [key.pair, key.person])
    },
  }
}
