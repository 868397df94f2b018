import { answerSettings } from './answer.ts'
import { bindSettings } from './bind.ts'
import { faultSettings } from './fault.ts'
import { inboundSettings } from './inbound.ts'
import type { Rule } from './kinds.ts'
import { receiptSettings } from './receipt.ts'

/** The rooms of the table, in the order in which help and README show them. */
export const rooms = {
  Binds: bindSettings,
  Answers: answerSettings,
  Receipts: receiptSettings,
  'Texts from handsets': inboundSettings,
  Faults: faultSettings,
} as const

/**
 * Every setting of the simulator: default, check, help. The flags of main.ts, `GET /settings`, the check of
 * `PATCH /settings` and the README all come from this table. Settings may change while messages flow; each takes effect
 * with the next.
 */
export const settingTable = {
  ...bindSettings,
  ...answerSettings,
  ...receiptSettings,
  ...inboundSettings,
  ...faultSettings,
}

type Table = typeof settingTable
export type SettingName = keyof Table
type Kept<R> = R extends Rule<infer T> ? T : never
export type Settings = { [K in SettingName]: Kept<Table[K]> }

/** Settings as a person gives them: a share as `'5%'`, a status by name, a time as a distribution. */
export type SettingsInput = { [K in SettingName]?: string | number | boolean }

export interface SettingProblem {
  readonly field: string
  readonly message: string
}

const isSettingName = (name: string): name is SettingName => Object.hasOwn(settingTable, name)

/** Checks a change as a whole: either all of it is right, or it comes back with a sentence for each field that is not. */
export function checkSettings(
  change: Readonly<Record<string, unknown>>,
): { ok: true; settings: Partial<Settings> } | { ok: false; problems: SettingProblem[] } {
  const problems: SettingProblem[] = []
  const settings: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(change)) {
    if (!isSettingName(field)) {
      problems.push({ field, message: 'There is no such setting.' })
      continue
    }
    const rule: Rule<unknown> = settingTable[field]
    const read = rule.read(value)
    if (read === undefined) problems.push({ field, message: `It takes ${rule.takes}.` })
    else settings[field] = read
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: settings as Partial<Settings> }
}

/** Every setting at its default. */
export function defaultSettings(): Settings {
  const defaults = Object.fromEntries(
    Object.entries(settingTable).map(([name, rule]) => [name, rule.fallback]),
  )
  return defaults as unknown as Settings
}

/** Settings with every default filled in. Throws one error that names every value that is wrong. */
export function createSettings(given: Readonly<Record<string, unknown>> = {}): Settings {
  const checked = checkSettings(given)
  if (!checked.ok) {
    throw new RangeError(checked.problems.map(({ field, message }) => `${field}: ${message}`).join(' '))
  }
  return { ...defaultSettings(), ...checked.settings }
}

/** What GET /settings shows: everything but secrets. */
export function visibleSettings(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const rule: Rule<never> | Rule<unknown> = settingTable[name as SettingName] as Rule<never>
      return [name, rule.secret ? (value === '' ? 'unset' : 'set') : value]
    }),
  )
}
