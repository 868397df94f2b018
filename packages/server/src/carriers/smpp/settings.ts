import { type Static, Type } from 'typebox'

/** The settings of a carrier of kind `smpp`. */

const closed = { additionalProperties: false } as const

export const SmppSettings = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253, description: 'Name or address of the SMSC' }),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65_535, description: '2775 unless said; 3550 with TLS' }),
    ),
    tls: Type.Optional(Type.Boolean({ description: 'TLS from the first byte; off unless said' })),
    system_id: Type.String({ maxLength: 15 }),
    window: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'Unanswered submit_sm at a time, a bind; 10 unless said',
      }),
    ),
    segments_per_second: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 100_000,
        description: 'By contract, of all binds together; found out unless said',
      }),
    ),
  },
  { ...closed, title: 'SmppCarrierSettings' },
)
export type SmppSettings = Static<typeof SmppSettings>

export const SmppSecrets = Type.Object(
  { password: Type.Optional(Type.String({ maxLength: 64 })) },
  { ...closed, title: 'SmppCarrierSecrets' },
)
export type SmppSecrets = Static<typeof SmppSecrets>

export const defaultWindow = 10
/** Registered for SMPP, and for SMPP over TLS. */
export const defaultPort = (tls: boolean): number => (tls ? 3550 : 2775)

/** Named settings of known SMSCs, as far as they differ from the defaults. */
export const smppProfiles: readonly { name: string; what: string; settings: Partial<SmppSettings> }[] = []

/** One transceiver. */
export const smppSlots = (_settings: SmppSettings) => [{ type: 'transceiver', submits: true }]

/** What a bind is made with: another value needs another bind. */
export const smppConnection = (settings: SmppSettings, secrets: SmppSecrets) => {
  const { host, port, tls = false, system_id, window } = settings
  return { host, port: port ?? defaultPort(tls), tls, system_id, window, password: secrets.password ?? '' }
}

/** `smpp://system_id:password@host:port`, or `smpps:` for TLS, as settings and secrets. */
export function readSmppUrl(text: string): { settings: SmppSettings; secrets: SmppSecrets } {
  const url = new URL(text)
  const tls = url.protocol === 'smpps:'
  return {
    settings: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || defaultPort(tls)),
      tls,
      system_id: decodeURIComponent(url.username),
    },
    secrets: { password: decodeURIComponent(url.password) },
  }
}
