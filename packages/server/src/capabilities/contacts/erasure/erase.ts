import { errors, KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Capability, Platform } from '../../../platform.ts'
import { lockPeople } from '../people/write.store.ts'
import { blankEvents } from './events.ts'
import { type Emptied, emptyEnded, messagesOf } from './messages.store.ts'
import {
  beginErasure,
  countErased,
  deleteImportRows,
  deletePerson,
  leaveOver,
  lockLeftOver,
  readAddresses,
  runningErasures,
  suppressAddresses,
} from './store.ts'

const atOnce = 1_000

/**
 * Erases a person: everything that is kept under their id and their addresses goes in one transaction; of their messages
 * the ids are noted, and a job empties them. What remains is a keyed hash of each address, and a receipt without a name.
 * Returns the bare id of the receipt.
 */
export async function erasePerson(platform: Platform, accountId: string, contactId: string): Promise<string> {
  const id = platform.id()
  await platform.transaction(async (tx) => {
    const now = platform.now()
    if ((await lockPeople(tx, accountId, [contactId])).length === 0) throw new KurzpostError('not_found')
    const addresses = await readAddresses(tx, accountId, contactId)
    const of = (channel: string) =>
      addresses.flatMap((each) => (each.channel === channel ? [each.address] : []))
    const numbers = of('sms')
    await beginErasure(tx, accountId, id, contactId, now)
    // Others find by contact_addresses what they keep of the person: so before those go.
    const told = { contact_id: publicId('contact', contactId), erasure_id: publicId('erasure', id) }
    await platform.emit(accountId, 'contact.erased', [told], tx)
    const reason = { code: 'person_erased', sentence: errors.person_erased.sentence }
    const withdrawn = await platform.withdraw(accountId, { recipients: numbers }, reason, tx)
    const messages = await messagesOf(tx, accountId, numbers)
    const rows = await deleteImportRows(tx, accountId, numbers, of('email'))
    const gone = { ...(await deletePerson(tx, accountId, contactId)), import_rows: rows, withdrawn }
    for (const [place, count] of Object.entries(gone))
      await countErased(tx, accountId, id, { place, count }, now)
    await suppressAddresses(
      tx,
      accountId,
      addresses.map(({ key }) => key),
      id,
      now,
    )
    await leaveOver(tx, accountId, id, messages, now)
    if (messages.length > 0) await platform.later('erase', { accountId, id }, now, tx)
  })
  return id
}

/** The job behind an erasure: empties the messages that have ended, then their events; the others wait for the next round. */
export async function eraseMessages(platform: Platform, payload: unknown): Promise<void> {
  const { accountId, id } = payload as { accountId: string; id: string }
  const left = await platform.transaction((tx) => lockLeftOver(tx, accountId, id))
  if (!left) return
  for (let from = 0; from < left.length; from += atOnce) {
    const batch = left.slice(from, from + atOnce)
    const emptied: Emptied[] = await platform.transaction((tx) => emptyEnded(tx, accountId, batch))
    // Events first have to be without the number: a message counts as done only then.
    const events = await blankEvents(platform, accountId, emptied)
    await platform.transaction(async (tx) => {
      const open = await lockLeftOver(tx, accountId, id)
      if (!open) return
      const now = platform.now()
      const done = new Set(emptied.map((message) => message.id))
      await countErased(tx, accountId, id, { place: 'messages', count: done.size }, now)
      await countErased(tx, accountId, id, { place: 'events', count: events }, now)
      await leaveOver(
        tx,
        accountId,
        id,
        open.filter((each) => !done.has(each)),
        now,
      )
    })
  }
}

/** Messages that were on their way when their person was erased are emptied once they have ended. */
export const erasureCrons = (platform: Platform): NonNullable<Capability['crons']> => [
  {
    name: 'erasures',
    match: '25 * * * *',
    async run() {
      for (const { account_id, id } of await runningErasures(platform.db))
        await eraseMessages(platform, { accountId: account_id, id })
    },
  },
]
