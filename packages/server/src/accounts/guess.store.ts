import { statement, type Tx } from '../store/db.ts'

/** How many guesses are free within a window, and how long the door stays shut after more: doubling from one to the other. */
export interface Patience {
  free: number
  windowSeconds: number
  shutSeconds: number
  mostSeconds: number
}

const take = statement(
  'take_guess',
  // The row's lock makes guesses of one key come one after the other: of a crowd, only the free ones pass.
  `insert into sign_in_guesses as g (key, count, since, closed_until) values ($1, 1, $2, $2)
   on conflict (key) do update set
     count = case when g.closed_until > $2 then g.count when g.since < $3 then 1 else g.count + 1 end,
     since = case when g.closed_until > $2 or g.since >= $3 then g.since else $2 end,
     closed_until = case when g.closed_until > $2 then g.closed_until
       when g.since < $3 or g.count + 1 < $4 then $2
       else $2 + least($6::float8, $5::float8 * 2 ^ least(g.count + 1 - $4, 20)) * interval '1 second' end
   returning case when old.closed_until > $2 then ceil(extract(epoch from old.closed_until - $2))::integer end as wait`,
)

/** Counts a guess before it is looked at. Undefined: go on; a number: the door is shut for so many seconds. */
export async function takeGuess(
  tx: Tx,
  key: Buffer,
  patience: Patience,
  now: Date,
): Promise<number | undefined> {
  const { free, windowSeconds, shutSeconds, mostSeconds } = patience
  const since = new Date(now.getTime() - windowSeconds * 1000)
  const rows = await tx.query<{ wait: number | null }>(take, [
    key,
    now,
    since,
    free,
    shutSeconds,
    mostSeconds,
  ])
  return rows[0]!.wait ?? undefined
}

const forget = statement('forget_guesses', 'delete from sign_in_guesses where key = any ($1::bytea[])')

export const forgetGuesses = async (tx: Tx, keys: readonly Buffer[]): Promise<void> =>
  void (await tx.query(forget, [keys]))

const giveBack = statement(
  'give_back_guess',
  'update sign_in_guesses set count = greatest(count - 1, 0), closed_until = since where key = $1 and count <= $2',
)

/** The guess was right: it does not count. */
export const giveBackGuess = async (tx: Tx, key: Buffer, { free }: Patience): Promise<void> =>
  void (await tx.query(giveBack, [key, free]))

const old = statement('old_guesses', 'delete from sign_in_guesses where since < $1 and closed_until < $1')

export const deleteGuesses = async (tx: Tx, before: Date): Promise<void> =>
  void (await tx.query(old, [before]))
