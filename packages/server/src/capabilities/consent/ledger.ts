import { uuidv7 } from '../../ids.ts'
import type { Tx } from '../../store/db.ts'
import { hashDetails, hashEntry, newSalt } from './chain.ts'
import type { Entry, NewEntry, Personal, Scope } from './entry.ts'
import {
  deleteDetails,
  holdConsent,
  insertEntriesAt,
  lockConsent,
  moveHeads,
  readHeads,
} from './ledger.store.ts'
import { type Standing, standingOf } from './scope.ts'
import { applyEntries, personOf, readHeldOf } from './state.store.ts'

/** Whether somebody may be sent something. */
export interface Question extends Scope {
  /** Bare UUID. */
  accountId: string
  /** In E.164. */
  number: string
}

/** How a number is called where nobody may read it: `platform.addressKey`. */
export type NumberKey = (number: string) => Buffer

export interface Consent {
  keyOf: NumberKey
  /**
   * What each person's words say, in the order of the questions, by one statement. Until the end of the transaction no
   * STOP is taken in these accounts, so what is queued on the strength of the answers is seen by the next one.
   */
  readStates(tx: Tx, asked: readonly Question[]): Promise<Standing[]>
  /**
   * Appends to the chains of the accounts, and brings what holds up to date: five statements for any number. From here to
   * the end of the transaction the accounts' consent is its own, so append before you send, and late in long transactions.
   */
  append(tx: Tx, entries: readonly NewEntry[], now: Date): Promise<Entry[]>
  /**
   * Deletes what names these people and ends all that they agreed to; the chain stands, and knows their keyed hash alone.
   * Returns of how many entries the texts went.
   */
  erase(tx: Tx, accountId: string, numbers: readonly string[], now: Date): Promise<number>
}

export function createConsent(keyOf: NumberKey): Consent {
  /** Gives each its place at the end of its account's chain. */
  async function write(
    tx: Tx,
    given: readonly { entry: Unplaced; personal: Personal | undefined }[],
    now: Date,
  ): Promise<Entry[]> {
    if (given.length === 0) return []
    const accounts = new Set(given.map(({ entry }) => entry.accountId))
    await lockConsent(tx, accounts)
    const heads = await readHeads(tx, accounts)
    const personal = new Map<Entry, Personal>()
    const entries = given.map(({ entry, personal: told }) => {
      const head = heads.get(entry.accountId)!
      const placed = { ...entry, seq: head.seq + 1, prevHash: head.hash }
      const hashed = { ...placed, hash: hashEntry(placed) }
      heads.set(entry.accountId, { seq: hashed.seq, hash: hashed.hash })
      if (told) personal.set(hashed, told)
      return hashed
    })
    await insertEntriesAt(tx, entries, personal, now)
    await moveHeads(tx, heads)
    await applyEntries(tx, entries, now)
    return entries
  }

  return {
    keyOf,
    async readStates(tx, asked) {
      if (asked.length === 0) return []
      await holdConsent(
        tx,
        asked.map(({ accountId }) => accountId),
      )
      const people = asked.map(({ accountId, number }) => personOf({ accountId, numberKey: keyOf(number) }))
      const held = await readHeldOf(tx, people)
      return asked.map((question, at) => standingOf(held.get(people[at]!) ?? [], question))
    },
    append: (tx, entries, now) =>
      write(
        tx,
        entries.map((entry) => unplaced(entry, keyOf, now)),
        now,
      ),
    async erase(tx, accountId, numbers, now) {
      const keys = numbers.map(keyOf)
      const entries = keys.map((key) => ({ entry: erasure(accountId, key, now), personal: undefined }))
      await write(tx, entries, now)
      return deleteDetails(tx, accountId, keys)
    },
  }
}

/** A text that was cut off may end in half a character, and a list may bring a NUL: jsonb takes neither, and a STOP must be taken. */
const storable = (details: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value,
    ]),
  )

type Unplaced = Omit<Entry, 'seq' | 'prevHash' | 'hash'>

function unplaced(given: NewEntry, keyOf: NumberKey, now: Date): { entry: Unplaced; personal: Personal } {
  const { accountId, number, topic, sender, act, how, saidAt, via, actor, messageIds, details } = given
  const personal = {
    salt: newSalt(),
    number,
    details: storable({ ...details, ...(saidAt && { said_at: saidAt.toISOString() }) }),
  }
  return {
    entry: {
      accountId,
      id: uuidv7(now.getTime()),
      at: now,
      numberKey: keyOf(number),
      topic,
      sender: topic === null ? sender : null,
      act,
      how,
      via: via ?? null,
      actor: actor ?? null,
      messageIds: messageIds ?? [],
      detailsHash: hashDetails(personal),
    },
    personal,
  }
}

const erasure = (accountId: string, numberKey: Buffer, now: Date): Unplaced => ({
  accountId,
  id: uuidv7(now.getTime()),
  at: now,
  numberKey,
  topic: null,
  sender: null,
  act: 'erased',
  how: 'erasure',
  via: null,
  actor: null,
  messageIds: [],
  detailsHash: null,
})
