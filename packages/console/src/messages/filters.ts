import { type Lane, lanes } from '../api/types.ts'
import { bareNumber } from '../format/phone.ts'
import { filterLooks, statesOf } from '../state/look.ts'

export type FilterLook = (typeof filterLooks)[number]

/** The view of the list as the address bar holds it. */
export interface ListSearch {
  direction?: 'outbound' | 'inbound'
  /** Comma-separated, such as `delivered,failed`. */
  state?: string
  lane?: Lane
  number?: string
  /** As it was sent: whole. Messages of an audience have its id here. */
  client_ref?: string
  before?: string
}

const isOneOf = <T extends string>(values: readonly T[], value: unknown): value is T =>
  values.includes(value as T)
const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^msg_[0-9a-z]{26}$/.test(value)

/** Reads the address bar; what makes no sense there is left out. */
export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const looks = looksOf({ state: String(raw.state ?? '') })
  const number = raw.number === undefined ? '' : bareNumber(String(raw.number)).slice(0, 40)
  return {
    ...(isOneOf(['outbound', 'inbound'], raw.direction) ? { direction: raw.direction } : {}),
    ...(looks.length > 0 ? { state: looks.join(',') } : {}),
    ...(isOneOf(lanes, raw.lane) ? { lane: raw.lane } : {}),
    ...(number ? { number } : {}),
    ...(raw.client_ref === undefined ? {} : { client_ref: String(raw.client_ref).slice(0, 255) }),
    ...(isId(raw.before) ? { before: raw.before } : {}),
  }
}

export const looksOf = ({ state = '' }: Pick<ListSearch, 'state'>): FilterLook[] =>
  state.split(',').filter((word): word is FilterLook => isOneOf(filterLooks, word))

export const isFiltered = ({ direction, state, lane, number, client_ref }: ListSearch): boolean =>
  [direction, state, lane, number, client_ref].some((value) => value !== undefined)

const pageSize = '50'

/** The query of `GET /v1/messages`. A number is the other side: the sender of what came in, else the recipient. */
export function listParameters(search: ListSearch): [string, string][] {
  const { direction, lane, number, client_ref, before } = search
  return [
    ['limit', pageSize],
    ...(direction ? [['direction', direction] satisfies [string, string]] : []),
    ...looksOf(search).flatMap((look) => statesOf(look).map((state): [string, string] => ['state', state])),
    ...(lane ? [['lane', lane] satisfies [string, string]] : []),
    ...(number ? [[direction === 'inbound' ? 'from' : 'to', number] satisfies [string, string]] : []),
    ...(client_ref ? [['client_ref', client_ref] satisfies [string, string]] : []),
    ...(before ? [['before', before] satisfies [string, string]] : []),
  ]
}
