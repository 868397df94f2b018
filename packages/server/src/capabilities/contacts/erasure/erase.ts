import { errors, KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Capability, Platform } from '../../../platform.ts'
import { countErased } from '../../../store/erased.store.ts'
import { lockPeople } from '../people/write.store.ts'
import { blankEvents } from './events.ts'
import { emptyEnded, messagesOf } from './messages.store.ts'
import {
  beginErasure,
  deleteImportRows,
  deletePerson,
  finishErasure,
  leaveOver,
  lockErasure,
  readAddresses,
  readRunning,
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
    const found = addresses.map(({ address }) => address)
    await beginErasure(tx, accountId, { id, contactId, addresses: found }, now)
    // Others find by contact_addresses what they keep of the person: so before those go.
    const told = { contact_id: publicId('contact', contactId), erasure_id: publicId('erasure', id) }
    await platform.emit(accountId, 'contact.erased', [told], tx)
    const reason = { code: 'person_erased', sentence: errors.person_erased.sentence }
    const withdrawn = await platform.withdraw(accountId, { recipients: numbers }, reason, tx)
    const messages = await messagesOf(tx, accountId, numbers)
    const rows = await deleteImportRows(tx, accountId, numbers, of('email'))
    const gone = { ...(await deletePerson(tx, accountId, contactId)), import_rows: rows, withdrawn }
    await countErased(tx, accountId, id, { ...gone, messages: 0, events: 0 }, now)
    await suppressAddresses(
      tx,
      accountId,
      addresses.map(({ key }) => key),
      id,
      now,
    )
    await leaveOver(tx, accountId, id, messages)
    await platform.later('erase', { accountId, id }, now, tx)
  })
  return id
}

/**
 * The job behind an erasure: empties the messages that have ended, then looks for the person in events. What is still on its way
 * waits for the next round, and so does the end.
 */
export async function eraseMessages(platform: Platform, payload: unknown): Promise<void> {
  const { accountId, id } = payload as { accountId: string; id: string }
  const begun = await readRunning(platform.db, accountId, id)
  if (!begun) return
  for (let from = 0; from < begun.left_over.length; from += atOnce) {
    const batch = begun.left_over.slice(from, from + atOnce)
    await platform.transaction(async (tx) => {
      const open = await lockErasure(tx, accountId, id)
      if (!open) return
      const done = new Set(await emptyEnded(tx, accountId, batch))
      await countErased(tx, accountId, id, { messages: done.size }, platform.now())
      const left = open.left_over.filter((each) => !done.has(each))
      await leaveOver(tx, accountId, id, left)
    })
  }
  await blankEvents(platform, accountId, id)
  await platform.transaction(async (tx) => {
    await finishErasure(tx, accountId, id, platform.now())
  })
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
