import { addOpenTime, type Hours, minutes } from './hours.ts'

/**
 * What we promise, each with when its clock starts. It stops when the promise is kept: an answer by a person of
 * ours (an automatic one is none) stops the first two, closing the third.
 */
export const targets = {
  first_answer: 'the first message since the conversation was opened',
  next_answer: 'the first message after an answer of ours',
  resolution: 'the opening of the conversation',
} as const

export type Target = keyof typeof targets
export const targetNames = Object.keys(targets) as Target[]

export interface Promised {
  target: Target
  /** Opening time, in minutes. */
  minutes: number
  /** So long before that, whoever is at it hears of it. 0: not at all. */
  warn_minutes: number
}

export interface Clock {
  target: Target
  dueAt: Date
  warnAt: Date | null
}

/**
 * The clocks that a message starts. `opened`: it has opened the conversation or opened it again; `answered`: we have
 * answered since the opening, and nothing came since. A clock that would never end (no opening within a year) is none.
 */
export function clocksFor(
  promised: readonly Promised[],
  hours: Hours,
  { at, opened, answered }: { at: Date; opened: boolean; answered: boolean },
): Clock[] {
  const starts: Record<Target, boolean> = {
    first_answer: opened,
    next_answer: !opened && answered,
    resolution: opened,
  }
  return promised.flatMap(({ target, minutes: count, warn_minutes }) => {
    if (!starts[target]) return []
    const dueAt = addOpenTime(hours, at, minutes(count))
    if (dueAt === undefined) return []
    const warns = warn_minutes > 0 && warn_minutes < count
    const warnAt = warns ? addOpenTime(hours, at, minutes(count - warn_minutes)) : undefined
    return [{ target, dueAt, warnAt: warnAt ?? null }]
  })
}
