import { parse } from 'csv-parse'
import { KurzpostError } from '../../errors.ts'
import { normalizeRecipient } from '../../message/address.ts'
import type { Platform } from '../../platform.ts'
import type { Details, NewEntry, Scope } from './entry.ts'
import type { Register } from './register.ts'
import { personOf, readHeld } from './state.store.ts'

/** Entries a transaction: so long other words about consent in the account wait, and no longer. */
const piece = 2_000
const mostProblems = 100

export interface Imported {
  read: number
  added: number
  already: number
  refused: number
  problems: { line: number; value: string; problem: string }[]
}

interface Line {
  line: number
  number: string
  note?: string | undefined
  date?: string | undefined
}

/**
 * Withdraws for everybody on a list, in pieces of one transaction each. Whoever is out of that scope already is passed
 * over, so an import that broke off is finished by sending the list again.
 */
export async function importSuppressions(
  platform: Platform,
  register: Register,
  given: {
    accountId: string
    scope: Scope
    /** Content type of the bytes. */
    type: string
    bytes: Buffer
    signal: AbortSignal
    actor: string | null
    details: Details
  },
): Promise<Imported> {
  const { accountId, scope, type, bytes, signal, actor, details } = given
  const told: Imported = { read: 0, added: 0, already: 0, refused: 0, problems: [] }
  const refuse = ({ line, number: value }: Line, problem: string) => {
    told.refused++
    if (told.problems.length < mostProblems) told.problems.push({ line, value: value.slice(0, 60), problem })
  }

  async function write(lines: readonly Line[]): Promise<void> {
    const people = new Map<string, NewEntry>()
    for (const line of lines) {
      told.read++
      const number = numberIn(platform, line.number)
      const at = line.date === undefined ? undefined : new Date(line.date)
      if (number === undefined) refuse(line, 'is no phone number')
      else if (people.has(number)) told.already++
      else
        people.set(number, {
          ...{ accountId, number, ...scope, act: 'withdrawn', how: 'import', actor },
          ...(at && !Number.isNaN(at.getTime()) && { saidAt: at }),
          details: { ...details, ...(line.note && { note: line.note.slice(0, 500) }) },
        })
    }
    const wanted = [...people.values()].map((entry) => ({
      entry,
      person: { accountId, numberKey: platform.addressKey(entry.number) },
    }))
    await platform.transaction(async (tx) => {
      const held = await readHeld(
        tx,
        wanted.map(({ person }) => person),
      )
      const open = wanted.filter(
        ({ person }) =>
          !held
            .get(personOf(person))
            ?.some(
              ({ granted, topic, sender }) =>
                granted === false && topic === scope.topic && sender === scope.sender,
            ),
      )
      told.already += wanted.length - open.length
      told.added += open.length
      await register.record(
        tx,
        open.map(({ entry }) => entry),
        { bulk: true },
      )
    })
  }

  let waiting: Line[] = []
  for await (const line of linesOf(type, bytes)) {
    waiting.push(line)
    if (waiting.length < piece) continue
    await write(waiting)
    waiting = []
    if (signal.aborted) return told
  }
  if (waiting.length > 0) await write(waiting)
  return told
}

/** Generous: to keep a number out that is none does no harm, and millions are read. */
function numberIn(platform: Platform, text: string): string | undefined {
  const bare = text.replaceAll(/[\s().\-/]/g, '')
  if (/^\+[1-9]\d{6,14}$/.test(bare)) return bare
  if (/^00[1-9]\d{6,14}$/.test(bare)) return `+${bare.slice(2)}`
  return normalizeRecipient(text, { ...platform.numbers, lenient: true })
}

function linesOf(type: string, bytes: Buffer): AsyncIterable<Line> {
  return /json/i.test(type) ? fromJson(bytes) : fromCsv(bytes)
}

async function* fromJson(bytes: Buffer): AsyncGenerator<Line> {
  let list: unknown
  try {
    list = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new KurzpostError('invalid_json')
  }
  if (!Array.isArray(list))
    throw new KurzpostError('invalid_request', { details: [{ field: '', problem: 'must be a list' }] })
  for (const [at, entry] of list.entries()) {
    const fields = (typeof entry === 'object' && entry !== null ? entry : { number: entry }) as Record<
      string,
      unknown
    >
    const { number, note, date } = fields
    yield {
      line: at + 1,
      number: typeof number === 'string' ? number : String(number ?? ''),
      ...(typeof note === 'string' && { note }),
      ...(typeof date === 'string' && { date }),
    }
  }
}

/** Headings that lists have, folded. */
const headings: Readonly<Record<'number' | 'note' | 'date', RegExp>> = {
  number:
    /^(phone|number|msisdn|mobile|recipient|to|address|telefon|rufnummer|nummer|mobil|handy|telefonnummer|e164)/,
  note: /^(note|reason|comment|grund|anmerkung|bemerkung|notiz)/,
  date: /^(date|at|since|time|opted|unsubscribed|created|datum|seit|zeit)/,
}

async function* fromCsv(bytes: Buffer): AsyncGenerator<Line> {
  const head = bytes.subarray(0, 4_096).toString('utf8')
  const delimiter = [';', '\t', ','].find((sign) => head.split('\n', 1)[0]!.includes(sign)) ?? ','
  const parser = parse(bytes, {
    ...{ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true, relax_quotes: true },
    ...{ trim: true, info: true, max_record_size: 20_000 },
  })
  let columns: { number: number; note?: number; date?: number } | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      if (!columns) {
        columns = columnsOf(record)
        if (
          columns.note !== undefined ||
          columns.date !== undefined ||
          isHeading(record[columns.number] ?? '')
        )
          continue
      }
      const { number, note, date } = columns
      yield {
        line: info.lines,
        number: record[number] ?? '',
        ...(note !== undefined && { note: record[note] }),
        ...(date !== undefined && { date: record[date] }),
      }
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('CSV_'))
      throw new KurzpostError('invalid_request', {
        details: [{ field: '', problem: `is no CSV that can be read: ${(error as Error).message}` }],
      })
    throw error
  }
}

const isHeading = (cell: string): boolean => !/\d{5}/.test(cell) && /\p{L}/u.test(cell)

function columnsOf(first: readonly string[]): { number: number; note?: number; date?: number } {
  const find = (name: keyof typeof headings) =>
    first.findIndex((cell) => isHeading(cell) && headings[name].test(cell.toLowerCase()))
  const [number, note, date] = [find('number'), find('note'), find('date')]
  return {
    number: Math.max(0, number),
    ...(note > 0 || (note === 0 && number > 0) ? { note } : {}),
    ...(date > 0 || (date === 0 && number > 0) ? { date } : {}),
  }
}
