import type { IsHoliday } from './hours.ts'

type Library = typeof import('date-holidays').default

let library: Library | undefined
let loading: Promise<void> | undefined
const calendars = new Map<string, InstanceType<Library>>()
const dates = new Map<string, ReadonlySet<string>>()

/** Loads the calendars of the world (40 MB of memory): once, and only where hours close on holidays. */
export function loadHolidays(): Promise<void> {
  loading ??= import('date-holidays').then((module) => {
    library = module.default
  })
  return loading
}

/** Public holidays of a whole country (`DE`), or of one state with those of its country (`DE-BY`). `loadHolidays` comes first. */
export const isHoliday: IsHoliday = (place, date) => {
  const year = date.slice(0, 4)
  const key = `${place}${year}`
  let days = dates.get(key)
  if (!days) {
    days = new Set(holidaysOf(place, Number(year)))
    dates.set(key, days)
  }
  return days.has(date)
}

/** Whether there is a calendar of this state (`BY`) of a country (`DE`). Loads the calendars. */
export async function isState(country: string, state: string): Promise<boolean> {
  await loadHolidays()
  return Object.hasOwn(new library!().getStates(country) ?? {}, state)
}

function holidaysOf(place: string, year: number): string[] {
  if (!library) throw new Error('holidays were asked for before they were loaded')
  let calendar = calendars.get(place)
  if (!calendar) {
    const [country = '', state = ''] = place.split('-')
    calendar = new library(country, state, { types: ['public'] })
    calendars.set(place, calendar)
  }
  // The library's own dates are local ones: `2026-12-25 00:00:00`, and of some faiths the evening before.
  return (calendar.getHolidays(year) || []).flatMap(({ date, type, start, end }) =>
    type === 'public' ? localDays(date, end.getTime() - start.getTime()) : [],
  )
}

function localDays(date: string, ms: number): string[] {
  const first = Temporal.PlainDate.from(date.slice(0, 10))
  const days = Math.max(1, Math.ceil(ms / 86_400_000 - 0.05))
  return Array.from({ length: days }, (_, step) => first.add({ days: step }).toString())
}
