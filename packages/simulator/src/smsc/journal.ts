import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { DeliverFields } from './outbox.ts'

interface Address {
  readonly ton: number
  readonly npi: number
  readonly address: string
}

/** A segment that the SMSC has taken: what its receipt is made from, and what arrived. */
export interface JournaledSubmit {
  readonly id: number
  readonly system: string
  readonly from: Address
  readonly to: Address
  readonly registered: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** short_message or message_payload, in hex. */
  readonly octets: string
}

/** A text from a handset that a bind has not taken yet. */
export interface JournaledText {
  readonly n: number
  readonly fields: DeliverFields
}

/** A line of the file. `receipted` and `delivered`: a bind has answered the deliver_sm with ESME_ROK. */
type Line =
  | ({ readonly k: 'submit' } & JournaledSubmit)
  | { readonly k: 'receipted'; readonly id: number }
  | { readonly k: 'text'; readonly n: number; readonly fields: Stored }
  | { readonly k: 'delivered'; readonly n: number }

type Stored = Omit<DeliverFields, 'short_message' | 'tlvs'> & {
  readonly short_message: string
  readonly tlvs: readonly { readonly tag: number; readonly value: string }[]
}

/** What an SMSC would have on its disk: each line is written before the answer that promises it. */
export interface Journal {
  submitted(entry: JournaledSubmit): void
  receipted(id: number): void
  /** Gives the number under which it is `delivered`. */
  text(fields: DeliverFields): number
  delivered(n: number): void
  /** Harmless to repeat. */
  close(): void
}

export interface Journaled {
  /** Taken, and their receipts not acknowledged. */
  readonly submits: readonly JournaledSubmit[]
  readonly texts: readonly JournaledText[]
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')
const octetsOf = (text: string): Uint8Array => Buffer.from(text, 'hex')

const store = (fields: DeliverFields): Stored => ({
  ...fields,
  short_message: hex(fields.short_message),
  tlvs: fields.tlvs.map(({ tag, value }) => ({ tag, value: hex(value) })),
})
const unstore = (stored: Stored): DeliverFields => ({
  ...stored,
  short_message: octetsOf(stored.short_message),
  tlvs: stored.tlvs.map(({ tag, value }) => ({ tag, value: octetsOf(value) })),
})

/** The whole lines of a journal, oldest first. A last one that a killed process left half written does not count. */
export function* readJournal(path: string): Generator<Line> {
  const lines = readFileSync(path, 'utf8').split('\n')
  for (const [at, line] of lines.entries()) {
    if (line === '') continue
    try {
      yield JSON.parse(line) as Line
    } catch (error) {
      const isTorn = !line.endsWith('}')
      if (!isTorn) throw new RangeError(`Line ${at + 1} of ${path} is none of a journal.`, { cause: error })
    }
  }
}

/**
 * Opens the journal at `path`, made if it is not there, and gives what an earlier process left undone in it. Writes
 * reach the operating system before they return, so that they outlive the process; they are not synced to the disk.
 * Throws RangeError for a file that is no journal.
 */
export function openJournal(path: string): { journal: Journal; left: Journaled } {
  const submits = new Map<number, JournaledSubmit>()
  const texts = new Map<number, JournaledText>()
  let lastText = 0
  for (const line of existsSync(path) ? readJournal(path) : []) {
    if (line.k === 'submit') submits.set(line.id, line)
    else if (line.k === 'receipted') submits.delete(line.id)
    else if (line.k === 'delivered') texts.delete(line.n)
    else {
      texts.set(line.n, { n: line.n, fields: unstore(line.fields) })
      lastText = line.n
    }
  }
  let file: number | undefined = openSync(path, 'a')
  // Behind a line that was torn the next one must not continue it.
  writeSync(file, '\n')
  const write = (line: Line): void => {
    // Once closed it is as if the process were gone: what comes now will come again.
    if (file !== undefined) writeSync(file, `${JSON.stringify(line)}\n`)
  }
  return {
    journal: {
      submitted: (entry) => write({ k: 'submit', ...entry }),
      receipted: (id) => write({ k: 'receipted', id }),
      text(fields) {
        lastText += 1
        write({ k: 'text', n: lastText, fields: store(fields) })
        return lastText
      },
      delivered: (n) => write({ k: 'delivered', n }),
      close() {
        if (file !== undefined) closeSync(file)
        file = undefined
      },
    },
    left: { submits: [...submits.values()], texts: [...texts.values()] },
  }
}

/** As the journal wants it: what a receipt needs of a submission, and no more. */
export function journaled(
  { id, system, at, octets }: { id: number; system: string; at: number; octets: Uint8Array },
  pdu: {
    readonly source_addr_ton: number
    readonly source_addr_npi: number
    readonly source_addr: string
    readonly dest_addr_ton: number
    readonly dest_addr_npi: number
    readonly destination_addr: string
    readonly registered_delivery: number
  },
): JournaledSubmit {
  return {
    id,
    system,
    from: { ton: pdu.source_addr_ton, npi: pdu.source_addr_npi, address: pdu.source_addr },
    to: { ton: pdu.dest_addr_ton, npi: pdu.dest_addr_npi, address: pdu.destination_addr },
    registered: pdu.registered_delivery,
    at,
    octets: hex(octets),
  }
}
