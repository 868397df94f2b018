import type { How } from '../api/consent.ts'
import { bareNumber } from '../format/phone.ts'

/** What the rooms of consent keep in the address bar. What makes no sense there is left out. */
type Raw = Record<string, unknown>

const text = (value: unknown, longest: number): string | undefined =>
  typeof value === 'string' && value ? value.slice(0, longest) : undefined
const isTopic = (value: unknown): value is string => typeof value === 'string' && /^top_\w{26}$/.test(value)
const given = <T extends Record<string, unknown>>(of: T) =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

export const sayings = ['grant', 'withdraw', 'restore'] as const
export type Saying = (typeof sayings)[number]

export interface LookSearch {
  number?: string
  before?: string
  /** What is being written down, and about which topic or sender. */
  say?: Saying
  topic?: string
  sender?: string
}
export const readLookSearch = (raw: Raw): LookSearch =>
  given({
    number: text(bareNumber(String(raw.number ?? '')), 40),
    before: /^\d{1,15}$/.test(String(raw.before)) ? String(raw.before) : undefined,
    say: sayings.find((each) => each === raw.say),
    topic: isTopic(raw.topic) ? raw.topic : undefined,
    sender: text(raw.sender, 40),
  })

export const readProofSearch = (raw: Raw): { number?: string } =>
  given({ number: text(bareNumber(String(raw.number ?? '')), 40) })

export interface TopicsSearch {
  /** A topic, `new`, or `stop`: what a STOP means. */
  edit?: string
  archive?: string
  archived?: 'yes'
  find?: string
}
export const readTopicsSearch = (raw: Raw): TopicsSearch =>
  given({
    edit: raw.edit === 'new' || raw.edit === 'stop' || isTopic(raw.edit) ? (raw.edit as string) : undefined,
    archive: isTopic(raw.archive) ? raw.archive : undefined,
    archived: raw.archived === 'yes' ? ('yes' as const) : undefined,
    find: text(raw.find, 60),
  })

export const reasons = [
  'sms_keyword',
  'carrier',
  'import',
  'agent',
  'api',
  'web_form',
  'erasure',
] as const satisfies readonly How[]

export interface OptOutsSearch {
  how?: How
  topic?: string
  before?: string
  act?: 'import'
}
export const readOptOutsSearch = (raw: Raw): OptOutsSearch =>
  given({
    how: reasons.find((each) => each === raw.how),
    topic: isTopic(raw.topic) ? raw.topic : undefined,
    before: /^\d{1,15}$/.test(String(raw.before)) ? String(raw.before) : undefined,
    act: raw.act === 'import' ? ('import' as const) : undefined,
  })

export interface FormsSearch {
  /** A form, or `new`. */
  edit?: string
  remove?: string
}
const isForm = (value: unknown): value is string => typeof value === 'string' && /^frm_\w{26}$/.test(value)
export const readFormsSearch = (raw: Raw): FormsSearch =>
  given({
    edit: raw.edit === 'new' || isForm(raw.edit) ? (raw.edit as string) : undefined,
    remove: isForm(raw.remove) ? raw.remove : undefined,
  })
