import type { Result, Stats } from '../api/keywords.ts'

export interface Day {
  /** `2026-11-22` */
  day: string
  answer: number
  other: number
}

/** The last days up to today, those without a use too. */
export function daysOf(data: Stats['data'], today: string, count: number): Day[] {
  const start = Date.parse(`${today}T00:00:00Z`)
  const found = new Map<string, { answer: number; other: number }>()
  for (const { day, result, uses } of data) {
    const of = found.get(day) ?? { answer: 0, other: 0 }
    if (isAnswer(result)) of.answer += uses
    else of.other += uses
    found.set(day, of)
  }
  return Array.from({ length: count }, (_, ago) => {
    const day = new Date(start - (count - 1 - ago) * 86_400_000).toISOString().slice(0, 10)
    return { day, ...(found.get(day) ?? { answer: 0, other: 0 }) }
  })
}

const isAnswer = (result: Result): boolean => result === 'answer'

/** How often each service was asked, by its id. */
export function usesOf(data: Stats['data']): Map<string, number> {
  const uses = new Map<string, number>()
  for (const row of data)
    if (row.service_id) uses.set(row.service_id, (uses.get(row.service_id) ?? 0) + row.uses)
  return uses
}
