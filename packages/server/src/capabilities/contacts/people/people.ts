import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import { readDefinitions } from './attributes.store.ts'
import type { Definitions } from './attributes.ts'
import { type ContactRow, readContact } from './read.store.ts'
import { type PersonWish, type Problem, readWish } from './read-wish.ts'
import { type Plan, planUpsert, type Refusal, type Row } from './upsert.ts'
import {
  addAddresses,
  findKnown,
  findSuppressed,
  keepAddresses,
  lockPeople,
  welcomeBack,
  writePeople,
} from './write.store.ts'

export type Outcome = 'created' | 'updated' | 'unchanged'
export type Result = { ok: true; id: string; outcome: Outcome } | { ok: false; error: KurzpostError }

/** Somebody else was quicker with the same name or address: once more, and it is known. */
const clashes = 3
const isClash = (error: unknown): boolean => (error as { code?: string })?.code === '23505'

/** Runs a transaction again when another one took a unique name or address first. */
export async function withoutClash<T>(platform: Platform, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let left = clashes; ; left--) {
    try {
      return await platform.transaction(work)
    } catch (error) {
      if (left <= 1 || !isClash(error)) throw error
    }
  }
}

export const isErased = (address: string): KurzpostError =>
  new KurzpostError('contact_erased', { details: { address } })

export function refusalOf({ code, contacts, address }: Refusal): KurzpostError {
  return new KurzpostError(code, {
    details: { address, contacts: contacts.map((id) => publicId('contact', id)) },
  })
}

/**
 * Writes rows of people inside a transaction: who is known is updated, who is not is made. Two reads and three writes for
 * any number of rows. `strangers`: the caller believes that nobody is known and spares the reads; where that is wrong, the
 * unique names and addresses fail the transaction with 23505.
 */
export async function upsertRows(
  platform: Pick<Platform, 'id' | 'now'>,
  accountId: string,
  rows: readonly Row[],
  tx: Tx,
  strangers = false,
): Promise<{ plan: Plan; outcomes: (Outcome | undefined)[]; created: number; changed: Set<string> }> {
  const names = [...new Set(rows.flatMap(({ fields }) => fields.external_id ?? []))]
  const known = strangers
    ? { external: new Map<string, string>(), owners: [] }
    : await findKnown(
        tx,
        accountId,
        names,
        rows.flatMap(({ addresses }) => addresses),
      )
  const plan = planUpsert(rows, known, platform.id)
  const { created, changed } = await writePeople(tx, accountId, plan.people, platform.now())
  const fresh = new Set(plan.people.filter((person) => person.fresh).map(({ id }) => id))
  const met = new Set<string>()
  const outcomes = plan.ids.map((id): Outcome | undefined => {
    if (id === undefined) return undefined
    const first = !met.has(id)
    met.add(id)
    return fresh.has(id) && first ? 'created' : changed.has(id) || fresh.has(id) ? 'updated' : 'unchanged'
  })
  return { plan, outcomes, created, changed }
}

/** People by the API: made, changed and read. */
export function createPeople(platform: Platform) {
  const { db, numbers, addressKey: key } = platform

  async function read(tx: Tx, accountId: string, wishes: readonly PersonWish[]) {
    const definitions: Definitions = wishes.some((wish) => wish.attributes)
      ? await readDefinitions(tx, accountId)
      : new Map()
    return wishes.map((wish) => readWish(wish, { definitions, numbers, key }))
  }

  /** Of each row, the first address that belongs to somebody who was erased; who has returned is forgotten there. */
  async function erasedAmong(tx: Tx, accountId: string, rows: readonly Row[], returned: readonly boolean[]) {
    const keys = rows.flatMap(({ addresses }) => addresses.map((each) => each.key))
    const gone = await findSuppressed(tx, accountId, keys)
    if (gone.size === 0) return rows.map(() => undefined)
    const back: Buffer[] = []
    const found = rows.map(({ addresses }, at) => {
      const mine = addresses.filter((each) => gone.has(each.key.toString('hex')))
      if (!returned[at]) return mine[0]?.address
      back.push(...mine.map((each) => each.key))
      return undefined
    })
    if (back.length > 0) await welcomeBack(tx, accountId, back)
    return found
  }

  return {
    /** Makes or changes many; each on its own, in order. */
    async upsert(accountId: string, wishes: readonly PersonWish[]): Promise<Result[]> {
      return withoutClash(platform, async (tx) => {
        const readRows = await read(tx, accountId, wishes)
        const results: Result[] = Array.from({ length: wishes.length })
        let open = readRows.flatMap((entry, at) => {
          if ('row' in entry) {
            if (entry.row.addresses.length > 0 || entry.row.fields.external_id)
              return [{ at, row: entry.row }]
            results[at] = { ok: false, error: new KurzpostError('contact_without_address') }
          } else results[at] = { ok: false, error: invalid(entry.problems) }
          return []
        })
        const erased = await erasedAmong(
          tx,
          accountId,
          open.map(({ row }) => row),
          open.map(({ at }) => wishes[at]!.returned === true),
        )
        open = open.filter(({ at }, place) => {
          const address = erased[place]
          if (address !== undefined) results[at] = { ok: false, error: isErased(address) }
          return address === undefined
        })
        const { plan, outcomes } = await upsertRows(
          platform,
          accountId,
          open.map(({ row }) => row),
          tx,
        )
        for (const [place, { at }] of open.entries()) {
          const id = plan.ids[place]
          if (id !== undefined) results[at] = { ok: true, id, outcome: outcomes[place]! }
        }
        for (const refusal of plan.refused)
          results[open[refusal.at]!.at] = { ok: false, error: refusalOf(refusal) }
        return results
      })
    },

    /** Changes one; `addresses` are all that the person has from then on. */
    async change(accountId: string, id: string, wish: PersonWish): Promise<ContactRow> {
      return withoutClash(platform, async (tx) => {
        const [entry] = await read(tx, accountId, [wish])
        if ('problems' in entry!) throw invalid(entry.problems)
        const { row } = entry!
        if ((await lockPeople(tx, accountId, [id])).length === 0) throw new KurzpostError('not_found')
        const [erased] = await erasedAmong(tx, accountId, [row], [wish.returned === true])
        if (erased !== undefined) throw isErased(erased)
        const names = row.fields.external_id ? [row.fields.external_id] : []
        const { external, owners } = await findKnown(tx, accountId, names, row.addresses)
        const other = external.get(row.fields.external_id ?? '')
        if (other !== undefined && other !== id)
          throw new KurzpostError('contact_external_id_taken', {
            details: { contact: publicId('contact', other) },
          })
        const taken = owners.find((owner) => owner.contact_id !== id)
        if (taken) {
          const { address, contact_id } = taken
          throw refusalOf({ at: 0, code: 'contact_address_taken', contacts: [contact_id], address })
        }
        const mine = new Set(owners.map(({ channel, address }) => `${channel} ${address}`))
        const added = row.addresses.filter(({ channel, address }) => !mine.has(`${channel} ${address}`))
        const now = platform.now()
        await writePeople(tx, accountId, [{ id, fresh: false, fields: row.fields, added: [] }], now)
        await addAddresses(tx, accountId, [{ id, fresh: false, added }], now)
        if (wish.addresses) await keepAddresses(tx, accountId, id, row.addresses)
        return (await readContact(tx, accountId, id))!
      })
    },

    async get(accountId: string, id: string): Promise<ContactRow> {
      const row = await readContact(db, accountId, id)
      if (!row) throw new KurzpostError('not_found')
      return row
    },
  }
}

export type People = ReturnType<typeof createPeople>

const invalid = (problems: Problem[]): KurzpostError =>
  new KurzpostError('invalid_request', { details: problems })
