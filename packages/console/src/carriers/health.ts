import type { Carrier, CarrierBind } from '../api/operate-types.ts'
import type { Strings } from '../strings/en.ts'

export const bindsUp = ({ binds }: Pick<Carrier, 'binds'>): number =>
  binds.filter(({ state }) => state === 'bound').length

/** What a code of a carrier or a link means, in the reader's language. */
export const carrierError = (code: string, t: Strings): string =>
  t.carrierErrors[code] ?? t.carrierErrorUnknown

export interface LastError {
  code: string
  at: string
}

/** The youngest error of all binds. */
export const lastErrorOf = (binds: readonly Pick<CarrierBind, 'last_error'>[]): LastError | undefined =>
  binds
    .flatMap(({ last_error }) => (last_error ? [last_error] : []))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0]

/** Where a carrier is reached, as its settings say. */
export function addressOf({ settings }: Pick<Carrier, 'settings'>): string | undefined {
  const [host] = (settings.hosts ?? []) as { host: string; port?: number }[]
  if (host) return host.port === undefined ? host.host : `${host.host}:${host.port}`
  const { url } = (settings.request ?? {}) as { url?: string }
  return url === undefined ? undefined : /^https?:\/\/[^/]+/.exec(url)?.[0]
}
