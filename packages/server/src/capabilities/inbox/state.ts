/**
 * The life of a conversation, in one table: what happens to it, and where it stands then. `open` wants somebody of
 * us, `waiting` waits for the person, `snoozed` comes back at its time, `closed` is done until they write again.
 * The database CHECK and every UPDATE are held to it by `state.test.ts` and `allowedFrom`.
 */
export const transitions = {
  open: { receive: 'open', reply: 'waiting', wait: 'waiting', snooze: 'snoozed', close: 'closed' },
  waiting: { receive: 'open', reply: 'waiting', reopen: 'open', snooze: 'snoozed', close: 'closed' },
  snoozed: {
    receive: 'open',
    reply: 'waiting',
    wait: 'waiting',
    reopen: 'open',
    wake: 'open',
    snooze: 'snoozed',
    close: 'closed',
  },
  closed: { receive: 'open', reply: 'waiting', reopen: 'open' },
} as const satisfies Record<string, Partial<Record<string, string>>>

export type State = keyof typeof transitions
export const states = Object.keys(transitions) as State[]

/** What happens: a message came in, we answered, we wait for them, its time came, somebody decided. */
export const acts = ['receive', 'reply', 'wait', 'snooze', 'wake', 'close', 'reopen'] as const
export type Act = (typeof acts)[number]

/** Where an act leads from a state; undefined where it makes no sense there. */
export function after(state: State, act: Act): State | undefined {
  return (transitions[state] as Partial<Record<Act, State>>)[act]
}

/** The states in which an act makes sense, for the guard of an UPDATE. */
export const allowedFrom = (act: Act): State[] => states.filter((state) => after(state, act) !== undefined)

/** Where an act leads: the same from wherever it is allowed, so that one UPDATE can do it for many. */
export function target(act: Act): State {
  const reached = new Set(states.flatMap((state) => after(state, act) ?? []))
  if (reached.size !== 1) throw new Error(`${act} leads to ${reached.size} states`)
  return [...reached][0]!
}
