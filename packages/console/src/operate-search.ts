import { type Mode, modes } from './api/operate-types.ts'
import { type Lane, lanes } from './api/types.ts'
import { bareNumber } from './format/phone.ts'

/** What the pages of operation keep in the address bar. What makes no sense there is left out. */
type Raw = Record<string, unknown>

const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^(new|[a-z]{3}_\w{26})$/.test(value)
const pick = <Name extends string>(raw: Raw, names: readonly Name[]): { [N in Name]?: string } =>
  Object.fromEntries(names.flatMap((name) => (isId(raw[name]) ? [[name, raw[name]]] : []))) as {
    [N in Name]?: string
  }

export const readNewSearch = (raw: Raw): { kind?: string } =>
  raw.kind === 'smpp' || raw.kind === 'http' ? { kind: raw.kind } : {}

export const readCarrierSearch = (raw: Raw): { act?: Mode } => {
  const act = modes.find((mode) => mode === raw.act)
  return act ? { act } : {}
}

/** What is open on the page of numbers, and from where on it shows. */
export const readNumbersSearch = (raw: Raw): { edit?: string; remove?: string; before?: string } =>
  pick(raw, ['edit', 'remove', 'before'])

export const readFindSearch = (raw: Raw): { find?: string } => {
  const find = String(raw.find ?? '').slice(0, 60)
  return find ? { find } : {}
}

export interface RoutesSearch {
  /** The question of "where would it go?" */
  to?: string
  from?: string
  lane?: Lane
  edit?: string
  remove?: string
  find?: string
}

export function readRoutesSearch(raw: Raw): RoutesSearch {
  const to = bareNumber(String(raw.to ?? '')).slice(0, 40)
  const lane = lanes.find((each) => each === raw.lane)
  return {
    ...(to ? { to } : {}),
    ...(typeof raw.from === 'string' && raw.from ? { from: raw.from.slice(0, 40) } : {}),
    ...(lane ? { lane } : {}),
    ...readFindSearch(raw),
    ...pick(raw, ['edit', 'remove']),
  }
}

export const readLoginsSearch = (raw: Raw) => ({
  ...readFindSearch(raw),
  ...pick(raw, ['edit', 'renew', 'off', 'remove']),
})
