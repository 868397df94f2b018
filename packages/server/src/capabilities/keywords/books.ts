import type { Tx } from '../../store/db.ts'
import { type Book, bareNumber, makeBook } from './book.ts'
import { readBook, revisionsOf } from './service.store.ts'

/** The words of accounts, kept until their revision changes: one look a batch tells. */
export interface Books {
  /** Accounts without any words are not among them. */
  of(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, Book>>
}

/** Accounts whose words are kept. */
const mostKept = 1_000

export function createBooks(): Books {
  const kept = new Map<string, Book>()

  async function load(tx: Tx, accountId: string, revision: number): Promise<Book> {
    const { services, numbers } = await readBook(tx, accountId)
    const columnsOf = new Map(services.map(({ id, columns }) => [id, columns ?? []]))
    const settingsOf = new Map(numbers.map(({ number, settings }) => [bareNumber(number), settings]))
    return makeBook(revision, services, columnsOf, settingsOf)
  }

  return {
    async of(tx, accountIds) {
      const found = new Map<string, Book>()
      for (const { accountId, revision } of await revisionsOf(tx, [...new Set(accountIds)])) {
        let book = kept.get(accountId)
        if (book?.revision !== revision) {
          // The revision was read first: what changes meanwhile is seen the next time.
          book = await load(tx, accountId, revision)
          kept.delete(accountId)
          kept.set(accountId, book)
          if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
        }
        found.set(accountId, book)
      }
      return found
    },
  }
}
