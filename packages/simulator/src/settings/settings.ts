/**
 * Every setting of the simulator: default, check, help. The flags of main.ts, `GET /settings` and the check of
 * `PATCH /settings` all come from this table. Settings may change while messages flow; each takes effect with the next.
 */
interface Rule<T> {
  readonly fallback: T
  /** What would be right, as the end of the sentence "it takes …". */
  readonly takes: string
  readonly fits: (value: unknown) => value is T
  readonly help: string
  /** Shown as `set` or `unset`, never as it is. */
  readonly secret?: true
}

const count = (fallback: number, from: number, to: number, help: string): Rule<number> => ({
  fallback,
  takes: `a whole number from ${from} to ${to}`,
  fits: (value): value is number => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
  help,
})
const flag = (fallback: boolean, help: string): Rule<boolean> => ({
  fallback,
  takes: 'true or false',
  fits: (value): value is boolean => typeof value === 'boolean',
  help,
})
const oneOf = <const T extends string>(values: readonly [T, ...T[]], help: string): Rule<T> => ({
  fallback: values[0],
  takes: `one of ${values.join(', ')}`,
  fits: (value): value is T => values.includes(value as T),
  help,
})
const text = (longest: number, help: string): Rule<string> => ({
  fallback: '',
  takes: `a text of up to ${longest} characters`,
  fits: (value): value is string => typeof value === 'string' && value.length <= longest,
  help,
})

const HOUR_MS = 3_600_000

export const settingTable = {
  systemId: text(15, 'The only system_id that may bind. Empty: any.'),
  password: { ...text(64, 'The only password that may bind. Empty: any.'), secret: true as const },
  bindStatus: count(0, 0, 0xffff_ffff, 'Answer every bind with this status. 0: accept it.'),
  window: count(
    100,
    1,
    10_000,
    'Unanswered deliver_sm at a time on one bind. Takes effect up to what it was at the start, or 100.',
  ),
  idBase: oneOf(
    ['decimal', 'hex', 'hex-in-answer-decimal-in-receipt', 'decimal-in-answer-hex-in-receipt'],
    'How message ids are written.',
  ),
  answerDelayMs: count(0, 0, HOUR_MS, 'Time from a submit_sm to its answer.'),
  answerNever: flag(false, 'Take each submit_sm, deliver it, and never answer it.'),
  rejectStatus: count(0, 0, 0xffff_ffff, 'Answer submit_sm with this status and deliver nothing. 0: off.'),
  rejectEvery: count(1, 1, 1_000_000, 'With rejectStatus: refuse only each n-th submit_sm.'),
  throttlePerSecond: count(
    0,
    0,
    1_000_000,
    'Answer ESME_RTHROTTLED above so many submit_sm a second. 0: off.',
  ),
  dropLinkAfter: count(
    0,
    0,
    1_000_000_000,
    'Cut the link at the n-th submit_sm from now: taken and delivered, but unanswered. Counts down to 0 once.',
  ),
  noReceipts: flag(false, 'Send no receipts.'),
  receiptDelayMs: count(1000, 0, HOUR_MS, 'Time from a submit_sm to its receipt.'),
  receiptsFirst: flag(false, 'Send the receipt at once, before the answer to its submit_sm.'),
  duplicateReceipts: flag(false, 'Send each receipt twice.'),
  receiptState: oneOf(
    ['delivered', 'undelivered', 'expired', 'rejected', 'deleted', 'unknown', 'accepted', 'enroute'],
    'What receipts say.',
  ),
  redeliverMs: count(
    1000,
    1,
    HOUR_MS,
    'Wait before a deliver_sm that was refused goes out again; doubles up to 10 s.',
  ),
  longText: oneOf(['udh', 'udh16', 'sar', 'payload'], 'How a handset sends a text of several segments.'),
  shuffleParts: flag(false, 'A handset sends the parts of a long text in reverse order.'),
  submitLog: flag(true, 'Keep the log that GET /submits reads.'),
}

type Table = typeof settingTable
export type SettingName = keyof Table
export type Settings = { [K in SettingName]: Table[K]['fallback'] }

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
  for (const [field, value] of Object.entries(change)) {
    if (!isSettingName(field)) problems.push({ field, message: 'There is no such setting.' })
    else if (!settingTable[field].fits(value))
      problems.push({ field, message: `It takes ${settingTable[field].takes}.` })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: change as Partial<Settings> }
}

/** Settings with every default filled in. Throws one error that names every value that is wrong. */
export function createSettings(given: Readonly<Record<string, unknown>> = {}): Settings {
  const checked = checkSettings(given)
  if (!checked.ok) {
    throw new RangeError(checked.problems.map(({ field, message }) => `${field}: ${message}`).join(' '))
  }
  const defaults = Object.fromEntries(
    Object.entries(settingTable).map(([name, rule]) => [name, rule.fallback]),
  )
  return { ...(defaults as unknown as Settings), ...checked.settings }
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

/** Reads the text of a flag as the kind of value that the setting holds; what cannot be read is left to the check. */
export function settingFromText(name: SettingName, given: string): unknown {
  const { fallback } = settingTable[name]
  if (typeof fallback === 'number') return /^\d+$/.test(given) ? Number(given) : given
  if (typeof fallback === 'boolean') return given === 'true' ? true : given === 'false' ? false : given
  return given
}
