import { type TSchema, Type } from 'typebox'
import { publicId } from '../ids.ts'
import { laneNames } from '../message/lane.ts'
import type { Explanation } from '../routing/explain.ts'
import type { RouteRule } from '../routing/rank.ts'
import { type Health, healthStates, plansOf } from './health.ts'
import { kindNames } from './kinds.ts'
import { type BindRow, type CarrierRow, modes } from './store.ts'

/** What the addresses of carriers and routes take and give. A `title` makes a schema a named part of the OpenAPI document. */

const closed = { additionalProperties: false } as const
export const nullable = <T extends TSchema>(inner: T, description?: string) =>
  Type.Union([inner, Type.Null()], description === undefined ? {} : { description })
const time = Type.String({ format: 'date-time' })
const number = Type.Number()
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)
const Any = Type.Record(Type.String(), Type.Unknown())

/** All there are: nobody has so many that pages would help. */
export const list = <T extends TSchema>(item: T) => Type.Object({ data: Type.Array(item) })

const carrierId = Type.String({ maxLength: 40, description: 'car_…' })
const routeId = Type.String({ maxLength: 40, description: 'rte_…' })
export const CarrierParams = Type.Object({ id: carrierId })
export const RouteParams = Type.Object({ id: routeId })

const Name = Type.String({
  pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,39}$',
  description: 'For people; letters, digits, spaces and . _ -',
  examples: ['nordic'],
})
const Kind = Type.Enum(kindNames, { description: 'What it speaks' })
const ModeSchema = Type.Enum([...modes], {
  description:
    '`paused`: links stay up, receipts and incoming texts flow, nothing new is submitted. `drained`: what is on the wire is finished, then the links are closed',
})
const Settings = Type.Record(Type.String(), Type.Unknown(), {
  description: 'As the kind of the carrier has them',
  examples: [{ hosts: [{ host: 'smsc.example.com', port: 2775 }], system_id: 'kurzpost' }],
})
const Secrets = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Passwords and keys, as the kind has them; never shown again',
  examples: [{ password: 'secret' }],
})
const Profile = nullable(Type.String({ maxLength: 60 }), 'Settings with a name, which its own are laid over')

const Lanes = Type.Array(Type.Enum(laneNames), { uniqueItems: true, description: 'Empty: every lane' })
const routeFields = {
  prefix: Type.String({
    pattern: '^([+][0-9]{1,15})?$',
    description: 'Of recipients, as +49151; empty: all of them',
    examples: ['+49'],
  }),
  account_id: nullable(Type.String({ maxLength: 40 }), 'Of one account alone, acc_…'),
  lanes: Lanes,
  sender: nullable(Type.String({ minLength: 1, maxLength: 40 }), 'Of one sender alone'),
  cost: Type.Number({
    minimum: 0,
    maximum: 999_999,
    description: 'Of a segment, in the currency of the installation',
  }),
  weight: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    description: 'Share among routes of the same rank and cost; 100 unless said',
  }),
  enabled: Type.Boolean(),
}
const givenRoute = {
  prefix: optional(routeFields.prefix),
  account_id: optional(routeFields.account_id),
  lanes: optional(routeFields.lanes),
  sender: optional(routeFields.sender),
  cost: optional(routeFields.cost),
  weight: optional(routeFields.weight),
  enabled: optional(routeFields.enabled),
}
export const NewRoute = Type.Object(
  { carrier_id: carrierId, ...givenRoute },
  { ...closed, title: 'NewRoute' },
)
export const RouteChange = Type.Object(
  { carrier_id: optional(carrierId), ...givenRoute },
  { ...closed, minProperties: 1, title: 'RouteChange' },
)
export const RouteOut = Type.Object(
  {
    id: routeId,
    carrier_id: carrierId,
    carrier: Type.String({ description: 'Name of the carrier' }),
    ...routeFields,
  },
  { title: 'Route' },
)

export const NewCarrier = Type.Object(
  {
    name: Name,
    kind: Kind,
    settings: Settings,
    secrets: optional(Secrets),
    profile: optional(Profile),
    mode: optional(ModeSchema),
    routes: optional(
      Type.Array(Type.Object(givenRoute, closed), {
        maxItems: 200,
        description: 'Left out: one that takes everything; empty: none yet',
      }),
    ),
  },
  { ...closed, title: 'NewCarrier' },
)
export const CarrierChange = Type.Object(
  {
    name: optional(Name),
    mode: optional(ModeSchema),
    profile: optional(Profile),
    settings: optional(Settings),
    secrets: optional(Secrets),
    revision: optional(
      Type.Integer({ description: 'Of the carrier that you read: refused if it was changed since' }),
    ),
  },
  { ...closed, minProperties: 1, title: 'CarrierChange' },
)

const Bind = Type.Object(
  {
    slot: Type.Integer(),
    type: Type.String({ description: '`transceiver`, `transmitter`, `receiver`; what else a kind has' }),
    state: Type.Enum(['down', 'binding', 'bound', 'open'], {
      description: 'open: it is given a rest, for too much of what it was sent failed',
    }),
    node: nullable(Type.Integer(), 'Who holds it'),
    host: nullable(Type.String()),
    since: nullable(time),
    window: nullable(Type.Integer()),
    in_flight: nullable(Type.Integer()),
    segments_per_second: nullable(number, 'Its share of what the contract allows'),
    rate: nullable(number, 'Segments a second, as measured'),
    answer_ms: nullable(Type.Object({ p50: number, p99: number })),
    errors: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() })),
    last_error: nullable(Type.Object({ code: Type.String(), at: time })),
  },
  { title: 'CarrierBind' },
)
export const CarrierOut = Type.Object(
  {
    id: carrierId,
    name: Type.String(),
    kind: Type.String(),
    mode: ModeSchema,
    origin: Type.Enum(['api', 'config'], {
      description: 'config: of KURZPOST_CARRIER_URL, or the sandbox’s',
    }),
    settings: Any,
    profile: nullable(Type.String()),
    learned: Any,
    health: Type.Object({
      state: Type.Enum([...healthStates]),
      since: nullable(time),
      code: Type.String(),
      sentence: Type.String(),
    }),
    binds: Type.Array(Bind),
    queued: Type.Integer({
      description: 'Messages ready whose first choice it is; counted to 100,000 a path',
    }),
    created_at: time,
    updated_at: time,
    revision: Type.Integer({ description: 'Rises with each change' }),
  },
  { title: 'Carrier' },
)
export const ProfileOut = Type.Object(
  { name: Type.String(), kind: Type.String(), what: Type.String(), settings: Any },
  { title: 'CarrierProfile' },
)
export const DeleteQuery = Type.Object(
  {
    force: optional(
      Type.Boolean({ description: 'Also while messages are on the wire by it, or have no other way' }),
    ),
  },
  closed,
)

export const Question = Type.Object(
  {
    to: Type.String({ minLength: 1, maxLength: 40, examples: ['+4915123456789'] }),
    from: optional(Type.String({ minLength: 1, maxLength: 40 })),
    lane: optional(Type.Enum(laneNames)),
  },
  { ...closed, title: 'RouteQuestion' },
)
const CarrierName = Type.Object({ id: carrierId, name: Type.String() })
const reason = { code: Type.String({ description: 'For programs' }), sentence: Type.String() }
export const ExplanationOut = Type.Object(
  {
    carrier: nullable(CarrierName, 'Who would take it now'),
    code: Type.Enum(['taken', 'waits', 'no_route']),
    sentence: Type.String(),
    path: Type.Array(
      Type.Object({ carrier: CarrierName, route: RouteOut, takable: Type.Boolean(), ...reason }),
      { description: 'Who is tried, in this order' },
    ),
    left_out: Type.Array(Type.Object({ route: RouteOut, carrier: CarrierName, ...reason }), {
      description: 'Routes that have no say in it',
    }),
  },
  { title: 'RouteExplanation' },
)

const sender = nullable(
  Type.String({ minLength: 1, maxLength: 40 }),
  'null: everything that the account sends together',
)
export const LimitOut = Type.Object({ sender, segments_per_second: number }, { title: 'RateLimit' })
export const NewLimit = Type.Object(
  { sender, segments_per_second: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }) },
  { ...closed, title: 'NewRateLimit' },
)
export const LimitQuery = Type.Object(
  {
    sender: optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'Left out: the one of the account' }),
    ),
  },
  closed,
)

export function carrierJson(
  { carrier, binds, health }: { carrier: CarrierRow; binds: readonly BindRow[]; health: Health },
  queued: number,
) {
  const { id, name, kind, mode, origin, settings, profile, learned, created_at, updated_at, revision } =
    carrier
  const { state, since, code, sentence } = health
  return {
    ...{ id: publicId('carrier', id), name, kind, mode, origin, settings, profile, learned },
    health: { state, since, code, sentence: `It is ${sentence}.` },
    binds: bindsJson(carrier, binds),
    ...{ queued, created_at, updated_at, revision },
  }
}

/** The binds that there shall be, and those that somebody still holds. */
function bindsJson(carrier: CarrierRow, binds: readonly BindRow[]) {
  const plans = plansOf(carrier)
  const extra = binds.filter(({ slot, node }) => node !== null && plans.every((plan) => plan.slot !== slot))
  const slots = [...plans, ...extra.map(({ slot, report }) => ({ slot, type: report.type ?? 'unknown' }))]
  return slots.map(({ slot, type }) => {
    const bind = binds.find((row) => row.slot === slot)
    // What the last holder said of a link that nobody holds is history.
    const report = bind?.node == null ? {} : bind.report
    return {
      ...{ slot, type, state: bind?.state ?? 'down', node: bind?.node ?? null },
      host: report.host ?? null,
      since: bind?.state_at ?? null,
      window: report.window ?? null,
      in_flight: report.in_flight ?? null,
      segments_per_second: report.segments_per_second ?? null,
      rate: report.rate ?? null,
      answer_ms: report.answer_ms ?? null,
      errors: report.errors ?? [],
      last_error: bind?.report.last_error ?? null,
    }
  })
}

export const routeJson = (route: RouteRule, carrier: string) => ({
  id: publicId('route', route.id),
  carrier_id: publicId('carrier', route.carrierId),
  carrier,
  prefix: route.prefix,
  account_id: route.accountId && publicId('account', route.accountId),
  lanes: [...route.lanes],
  sender: route.sender,
  cost: route.cost,
  weight: route.weight,
  enabled: route.enabled,
})

const named = ({ id, name }: { id: string; name: string }) => ({ id: publicId('carrier', id), name })

export const explanationJson = ({ carrier, code, sentence, path, leftOut }: Explanation) => ({
  carrier: carrier && named(carrier),
  ...{ code, sentence },
  path: path.map(({ carrier: each, route, ...rest }) => ({
    carrier: named(each),
    route: routeJson(route, each.name),
    ...rest,
  })),
  left_out: leftOut.map(({ carrier: each, route, ...rest }) => ({
    route: routeJson(route, each.name),
    carrier: named(each),
    ...rest,
  })),
})
