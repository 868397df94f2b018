import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'
import { type Entry, ownWords } from './entry.ts'
import type { Held } from './scope.ts'

const asEntries = `unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::uuid[], $7::text[], $8::text[])
     as d(account_id, number_key, topic_id, sender, seq, entry_id, how, via)`
const columns = 'account_id, number_key, topic_id, sender, at, seq, entry_id, how, via'
const values = `account_id, decode(number_key, 'hex') as number_key, topic_id, sender, $9::timestamptz as at, seq, entry_id, how, via`
const said =
  'at = excluded.at, seq = excluded.seq, entry_id = excluded.entry_id, how = excluded.how, via = excluded.via'
const own = `('${ownWords.join(`', '`)}')`

const grant = statement(
  'consent_state_grant',
  `insert into consent_state as s (${columns}, granted) select ${values}, true from ${asEntries}
   on conflict (account_id, number_key, topic_id, sender) do update set granted = true, before = null, ${said}`,
)
const withdraw = statement(
  'consent_state_withdraw',
  // A STOP remembers what it found, be it somebody else's no: START gives back that and no more. Any other no after a no
  // remembers what the first one found.
  `insert into consent_state as s (${columns}, granted) select ${values}, false from ${asEntries}
   on conflict (account_id, number_key, topic_id, sender) do update set granted = false, ${said},
     before = case when s.granted is false and (s.how in ${own} or excluded.how not in ${own}) then s.before
       else jsonb_build_object('granted', s.granted, 'at', s.at, 'seq', s.seq, 'entry_id', s.entry_id, 'how', s.how, 'via', s.via) end`,
)
const restore = statement(
  'consent_state_restore',
  `with given as materialized (select ${values} from ${asEntries})
   update consent_state s set granted = (s.before ->> 'granted')::boolean,
     at = coalesce((s.before ->> 'at')::timestamptz, g.at), seq = coalesce((s.before ->> 'seq')::bigint, g.seq),
     entry_id = coalesce((s.before ->> 'entry_id')::uuid, g.entry_id), how = coalesce(s.before ->> 'how', g.how),
     via = case when s.before is null then g.via else s.before ->> 'via' end, before = null
   from given g
   where s.account_id = g.account_id and s.number_key = g.number_key and s.topic_id is not distinct from g.topic_id
     and s.sender is not distinct from g.sender and s.granted is false`,
)

const changes = { granted: grant, withdrawn: withdraw, erased: withdraw, restored: restore } as const

/** Brings what holds up to date with entries of one act; each scope of a number once. */
async function change(tx: Tx, act: keyof typeof changes, entries: readonly Entry[], at: Date): Promise<void> {
  await tx.query(changes[act], [
    uuids(entries.map((entry) => entry.accountId)),
    plain(entries.map((entry) => entry.numberKey.toString('hex'))),
    plain(entries.map((entry) => entry.topic)),
    quoted(entries.map((entry) => entry.sender)),
    plain(entries.map((entry) => entry.seq)),
    uuids(entries.map((entry) => entry.id)),
    plain(entries.map((entry) => entry.how)),
    quoted(entries.map((entry) => entry.via)),
    at,
  ])
}

/**
 * Brings what holds up to date with entries that have just been appended. A statement can touch a row once, so a second
 * word about the same scope has its turn after the first.
 */
export async function applyEntries(tx: Tx, entries: readonly Entry[], at: Date): Promise<void> {
  const said = new Map<string, number>()
  const inTurns = Map.groupBy(entries.filter(changesState), (entry) => {
    const turn = said.get(subjectOf(entry)) ?? 0
    said.set(subjectOf(entry), turn + 1)
    return turn
  })
  for (const turn of inTurns.values())
    for (const [act, same] of Map.groupBy(turn, (entry) => entry.act)) await change(tx, act, same, at)
}

type Changing = Entry & { act: keyof typeof changes }
const changesState = (entry: Entry): entry is Changing => entry.act in changes

const subjectOf = ({ accountId, numberKey, topic, sender }: Entry): string =>
  `${accountId} ${numberKey.toString('hex')} ${topic ?? ''} ${sender ?? ''}`

interface StateRow extends Omit<Held, 'entryId'> {
  /** As `personOf` has it. */
  person: string
  entry_id: string
}

const ofNumbers = statement(
  'consent_state_of',
  // An account's numbers as one list, which the index is read along: each for itself took twice as long.
  `select s.account_id || encode(s.number_key, 'hex') as person, s.topic_id as topic, s.sender, s.granted, s.at, s.seq,
     s.entry_id, s.how, s.via
   from unnest($1::uuid[], $2::text[]) as d(account_id, number_keys)
   cross join lateral (
     select * from consent_state s
     where s.account_id = d.account_id and s.number_key = any (d.number_keys::bytea[])) s`,
)

/** A number of an account. */
export interface Person {
  accountId: string
  numberKey: Buffer
}

export const personOf = ({ accountId, numberKey }: Person): string => accountId + numberKey.toString('hex')
const uuidLength = 36

/** All that holds for these people, by `personOf`; who never said anything is missing. */
export const readHeld = (tx: Tx, people: readonly Person[]): Promise<Map<string, Held[]>> =>
  readHeldOf(tx, people.map(personOf))

/** The same, where who they are is at hand as `personOf` has it. */
export async function readHeldOf(tx: Tx, people: readonly string[]): Promise<Map<string, Held[]>> {
  if (people.length === 0) return new Map()
  const keys = new Map<string, string[]>()
  for (const person of people) {
    const account = person.slice(0, uuidLength)
    const key = `\\\\x${person.slice(uuidLength)}`
    const same = keys.get(account)
    if (same) same.push(key)
    else keys.set(account, [key])
  }
  const rows = await tx.query<StateRow>(ofNumbers, [
    uuids([...keys.keys()]),
    quoted([...keys.values()].map(plain)),
  ])
  const held = new Map<string, Held[]>()
  for (const { person, entry_id: entryId, topic, sender, granted, at, seq, how, via } of rows) {
    const word = { topic, sender, granted, at, seq, entryId, how, via }
    const words = held.get(person)
    if (words) words.push(word)
    else held.set(person, [word])
  }
  return held
}
