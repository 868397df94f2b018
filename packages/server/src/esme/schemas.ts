import { isIP } from 'node:net'
import { type TSchema, Type } from 'typebox'
import { publicId } from '../ids.ts'
import { laneNames } from '../message/lane.ts'
import type { Login, WaitingRow } from './login.store.ts'
import type { SessionRow } from './session.store.ts'

/** What /v1/smpp-logins takes and gives. */

const closed = { additionalProperties: false } as const
const nullable = <T extends TSchema>(inner: T) => Type.Union([inner, Type.Null()])
const time = Type.String({ format: 'date-time' })
const bindType = Type.Enum(['transceiver', 'transmitter', 'receiver'])

export const LoginParams = Type.Object({ id: Type.String({ description: 'lgn_…', maxLength: 40 }) })

const settings = {
  name: Type.String({ minLength: 1, maxLength: 100, description: 'Whose it is, for people' }),
  enabled: Type.Boolean({
    description: 'False: its sessions are unbound on every node, and what comes for it waits',
  }),
  allowed_ips: Type.Array(Type.String({ maxLength: 43 }), {
    maxItems: 100,
    description: 'Addresses or blocks (192.0.2.0/24) that it may bind from; none: everywhere',
  }),
  max_binds: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    description: 'Sessions at a time, on all nodes together',
  }),
  window: Type.Integer({
    minimum: 1,
    maximum: 1_000,
    description: 'Receipts and inbound messages without an answer, on each session',
  }),
  segments_per_second: nullable(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1_000_000,
      description: 'On all nodes together; null: no limit',
    }),
  ),
  bind_types: Type.Array(bindType, { minItems: 1, uniqueItems: true }),
  lane: Type.Enum(laneNames, { description: 'Of messages with priority_flag 0' }),
  receives: Type.Array(Type.String({ pattern: '^(\\+?[0-9]{1,15}\\*?|[A-Za-z0-9 ._&+-]{1,11}|\\*)$' }), {
    maxItems: 1_000,
    description: 'Own numbers whose inbound messages go to it; a star at the end stands for the rest: +4930*',
  }),
  tls_only: Type.Boolean(),
  alphabet: Type.Enum(['gsm7', 'latin1'], { description: 'What data_coding 0 means, both ways' }),
  long_inbound: Type.Enum(['udh', 'sar', 'payload'], {
    description: 'How long inbound messages are handed over',
  }),
} as const
const password = Type.String({
  minLength: 6,
  maxLength: 64,
  pattern: '^[!-~]*$',
  description: 'Many systems take no more than 8 characters. Not given: one is made.',
})

const optional = <T extends Record<string, TSchema>>(of: T) =>
  Object.fromEntries(Object.entries(of).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [K in keyof T]: ReturnType<typeof Type.Optional<T[K]>>
  }

export const NewLogin = Type.Object(
  {
    ...optional(settings),
    system_id: Type.String({
      pattern: '^[!-~]{1,15}$',
      description: 'The name in a bind; one of a kind on this installation',
    }),
    password: Type.Optional(password),
  },
  { ...closed, title: 'NewSmppLogin' },
)
export const LoginChange = Type.Object(
  { ...optional(settings), password: Type.Optional(password) },
  { ...closed, title: 'SmppLoginChange' },
)

const Session = Type.Object(
  {
    node: Type.Integer(),
    bind_type: bindType,
    address: Type.String(),
    version: Type.String({ description: '3.3, 3.4 or 5.0: what is spoken' }),
    tls: Type.Boolean(),
    since: time,
  },
  { title: 'SmppSession' },
)
const login = {
  id: Type.String({ description: 'lgn_…' }),
  system_id: Type.String(),
  ...settings,
  sessions: Type.Array(Session, { description: 'Who is bound, on every node; as of about a second ago' }),
  waiting: Type.Object({
    count: Type.Integer({ description: 'Receipts and inbound messages on their way; 1001 stands for more' }),
    oldest_at: nullable(time),
    given_up: Type.Integer({ description: 'In the last 30 days; 1001 stands for more' }),
    last_given_up: nullable(Type.Object({ at: time, sentence: Type.String() })),
  }),
  created_at: time,
  updated_at: time,
}
export const LoginOut = Type.Object(login, { title: 'SmppLogin' })
export const LoginWithPassword = Type.Object(
  { ...login, password: Type.String({ description: 'Keep it now: it is never shown again' }) },
  { title: 'SmppLoginWithPassword' },
)
export const LoginList = Type.Object({ data: Type.Array(LoginOut) })

export function loginJson(row: Login, sessions: readonly SessionRow[], waiting: WaitingRow | undefined) {
  const {
    id,
    system_id,
    name,
    enabled,
    allowed_ips,
    max_binds,
    window_size,
    segments_per_second,
    bind_types,
  } = row
  const { lane, receives, tls_only, alphabet, long_inbound, created_at, updated_at } = row
  return {
    id: publicId('login', id),
    ...{
      system_id,
      name,
      enabled,
      allowed_ips,
      max_binds,
      window: window_size,
      segments_per_second,
      bind_types,
    },
    ...{ lane, receives, tls_only, alphabet, long_inbound },
    sessions: sessions
      .filter((session) => session.login_id === id)
      .map(({ node, bind_type, address, version, tls, since }) => ({
        ...{ node, bind_type, address, tls },
        version: `${version >> 4}.${version & 15}`,
        since: since.toISOString(),
      })),
    waiting: {
      count: waiting?.count ?? 0,
      oldest_at: waiting?.oldest_at?.toISOString() ?? null,
      given_up: waiting?.given_up ?? 0,
      last_given_up: waiting?.at ? { at: waiting.at.toISOString(), sentence: waiting.reason! } : null,
    },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}

/** The first of these that is no address and no block of them. */
export const badBlock = (blocks: readonly string[]): string | undefined =>
  blocks.find((block) => {
    const [address = '', bits, ...more] = block.split('/')
    const family = isIP(address)
    if (family === 0 || more.length > 0) return true
    return bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
  })
