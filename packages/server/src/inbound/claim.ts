import type { Tx } from '../store/db.ts'
import type { Incoming } from './incoming.ts'

/**
 * In which order it is asked whose an inbound message is (facts: consent, "Inbound precedence"). In each step the
 * capabilities that answer in it are asked in their order.
 */
export const claimSteps = [
  /** STOP and its kin, wherever they are said. */
  'stop',
  /** Replies to a live alert. */
  'alert',
  /** Something waits for this person's answer: a TAN, a payment, an appointment, a double opt-in, a survey. */
  'transaction',
  /** Two parties talk over a virtual number. */
  'masked',
  /** HELP and START. */
  'help',
  'keyword',
  /** A dialog is under way. */
  'dialog',
  /** Words that mean STOP only where nobody has asked anything. */
  'soft_stop',
  /** People read the rest. */
  'inbox',
] as const
export type ClaimStep = (typeof claimSteps)[number]

/** What a capability says of a message. Undefined: it is none of its business. */
export type Claimed =
  /** Mine; nobody further is asked. Code and sentence say what became of it. */
  | { taken: true; code: string; sentence: string }
  /** Not mine, but whoever is asked later should know. */
  | { taken: false; flag: string }

/**
 * Looks at messages and says which are its own: one answer each, in order. What it does about them commits with them.
 * At most one message of a person is in a call, so that what the first one changes is seen when the next one is judged.
 */
export type Claim = (incoming: readonly Incoming[], tx: Tx) => Promise<readonly (Claimed | undefined)[]>
export type Claims = { readonly [S in ClaimStep]?: Claim }

export interface Claimer {
  name: string
  claims?: Claims
}

/** Who was asked about an inbound message, in order, and who took it: kept with the message for people to read. */
export interface ClaimTrace {
  asked: { step: ClaimStep; by: string; flag?: string }[]
  taken_by: string | null
  step: ClaimStep | null
  code: string | null
  sentence: string | null
}

/** Asks the capabilities, step by step, whose these messages are. Traces stand in the order of the messages. */
export async function claimIncoming(
  claimers: readonly Claimer[],
  incoming: readonly Incoming[],
  tx: Tx,
): Promise<ClaimTrace[]> {
  const traces = new Map(incoming.map((one) => [one, untaken()]))
  for (const round of inRounds(incoming)) {
    let open = round.map((first) => ({ first, now: first }))
    for (const step of claimSteps) {
      for (const { name, claims } of claimers) {
        const claim = claims?.[step]
        if (!claim || open.length === 0) continue
        const answers = await claim(
          open.map(({ now }) => now),
          tx,
        )
        if (answers.length !== open.length)
          throw new Error(`${name} gave ${answers.length} answers to ${open.length}`)
        open = open.flatMap(({ first, now }, at) => {
          const answer = answers[at]
          note(traces.get(first)!, step, name, answer)
          if (answer?.taken) return []
          return [{ first, now: answer ? { ...now, flags: [...now.flags, answer.flag] } : now }]
        })
      }
    }
  }
  return [...traces.values()]
}

const untaken = (): ClaimTrace => ({ asked: [], taken_by: null, step: null, code: null, sentence: null })

function note(trace: ClaimTrace, step: ClaimStep, by: string, answer: Claimed | undefined): void {
  trace.asked.push({ step, by, ...(answer && !answer.taken && { flag: answer.flag }) })
  if (!answer?.taken) return
  const { code, sentence } = answer
  Object.assign(trace, { taken_by: by, step, code, sentence })
}

/** The first message of each person, then the second of those who sent more, and so on. */
function inRounds(incoming: readonly Incoming[]): Incoming[][] {
  const rounds: Incoming[][] = []
  const sent = new Map<string, number>()
  for (const one of incoming) {
    const person = `${one.accountId} ${one.from}`
    const round = sent.get(person) ?? 0
    sent.set(person, round + 1)
    rounds[round] ??= []
    rounds[round].push(one)
  }
  return rounds
}
