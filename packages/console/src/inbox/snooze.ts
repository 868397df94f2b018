/** Until when people put things away. Local to the reader: "tomorrow" is theirs. */

export const choices = ['hour', 'evening', 'tomorrow', 'monday', 'week'] as const
export type Choice = (typeof choices)[number]

const morning = 9
const evening = 18

/** The moments that make sense now: an evening only before it, a Monday that is not tomorrow. */
export function snoozeChoices(now: Date): { choice: Choice; until: Date }[] {
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)
  const toMonday = (8 - now.getDay()) % 7 || 7
  const all: { choice: Choice; until: Date }[] = [
    { choice: 'hour', until: new Date(Math.ceil((now.getTime() + 3_600_000) / 60_000) * 60_000) },
    { choice: 'evening', until: at(0, evening) },
    { choice: 'tomorrow', until: at(1, morning) },
    { choice: 'monday', until: at(toMonday, morning) },
    { choice: 'week', until: at(7, morning) },
  ]
  return all.filter(({ choice, until }) => {
    if (choice === 'evening') return until.getTime() - now.getTime() > 2 * 3_600_000
    if (choice === 'monday') return toMonday > 1 && toMonday < 7
    return true
  })
}
