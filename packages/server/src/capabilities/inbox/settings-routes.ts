import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Call, Route } from '../../route.ts'
import { analytic } from '../../store/analytic.store.ts'
import { demandTime, refuseField } from './demand.ts'
import { isOpen, nextOpen, problemsOf } from './hours.ts'
import { readStats, type Stats } from './rounds.store.ts'
import * as schema from './schemas.ts'
import { lockSettings, noSettings, readSettings, type Settings, writeSettings } from './settings.store.ts'
import { targetNames } from './targets.ts'

const clock = Type.String({ pattern: '^([01]\\d|2[0-4]):[0-5]\\d$', examples: ['09:00'] })
const Hours = Type.Object(
  {
    time_zone: Type.String({ maxLength: 60, examples: ['Europe/Berlin'] }),
    openings: Type.Array(
      Type.Object(
        {
          days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
            minItems: 1,
            uniqueItems: true,
            description: 'Monday is 1',
          }),
          from: clock,
          to: clock,
        },
        schema.closed,
      ),
      { maxItems: 50 },
    ),
    closed_on: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 400 }),
  },
  schema.closed,
)
const Texts = Type.Record(
  Type.String({ pattern: '^[a-z]{2,3}$' }),
  Type.String({ minLength: 1, maxLength: 1_000 }),
  { minProperties: 1, description: 'By language; the first one is for all others' },
)
const settings = {
  hours: schema.nullable(Hours, { description: 'When somebody is there; null: always' }),
  away: schema.nullable(Texts, {
    description: 'Said once in each closed time to whoever writes, with {{opens}}; null: nothing',
  }),
  rating: schema.nullable(Type.Object({ ask: Texts, thanks: schema.nullable(Texts) }, schema.closed), {
    description: 'Asked a minute after closing, where somebody has answered; null: nobody is asked',
  }),
  fields: Type.Record(
    Type.String({ pattern: '^[\\p{L}\\p{N}_.-]{1,60}$' }),
    Type.String({ maxLength: 500 }),
    { maxProperties: 100, description: 'Of the account, for canned answers' },
  ),
  targets: Type.Array(
    Type.Object(
      {
        target: Type.Enum(targetNames),
        minutes: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Of opening time' }),
        warn_minutes: Type.Integer({
          minimum: 0,
          maximum: 100_000,
          description: 'So long before; 0: no warning',
        }),
      },
      schema.closed,
    ),
    { maxItems: 3, description: 'What you promise, each at most once' },
  ),
}
const Out = Type.Object(
  {
    ...settings,
    open_now: Type.Boolean(),
    opens_at: schema.nullable(schema.time('When somebody is there next; null while somebody is')),
  },
  { title: 'InboxSettings' },
)
const Change = Type.Partial(Type.Object(settings), { ...schema.closed, title: 'InboxSettingsChange' })

const StatsQuery = Type.Object(
  {
    since: Type.Optional(schema.time('Opened at or after; 30 days ago without')),
    until: Type.Optional(schema.time('Opened before; now without')),
  },
  schema.closed,
)
const times = schema.nullable(
  Type.Object({ p50_ms: Type.Number(), p90_ms: Type.Number() }, { description: 'Opening time' }),
)
const StatsOut = Type.Object(
  {
    opened: Type.Integer(),
    closed: Type.Integer(),
    answered: Type.Integer(),
    first_answer: times,
    resolution: times,
    breached: Type.Record(Type.Enum(targetNames), Type.Integer()),
    rating: Type.Object({
      asked: Type.Integer(),
      rated: Type.Integer(),
      average: schema.nullable(Type.Number()),
      scores: Type.Record(Type.String(), Type.Integer()),
    }),
    days: Type.Array(
      Type.Object({
        day: Type.String(),
        opened: Type.Integer(),
        closed: Type.Integer(),
        first_answer_p50_ms: schema.nullable(Type.Number()),
        rating: schema.nullable(Type.Number()),
      }),
    ),
  },
  { title: 'InboxStats' },
)
const month = 30 * 86_400_000
const common = { tag: 'Inbox', scope: 'inbox' as const }

/** When the inbox is open, what it says by itself, what it promises, and how that went. */
export function settingsRoutes(platform: Platform): Route[] {
  const { db } = platform
  const read = async (accountId: string) => (await readSettings(db, [accountId])).get(accountId) ?? noSettings
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/settings',
      summary: 'Business hours, automatic answers, promises',
      responses: { 200: Out },
      async handler({ accountId }: Call) {
        return { status: 200, body: settingsJson(await read(accountId), platform.now()) }
      },
    },
    {
      ...common,
      scope: 'inbox:settings',
      method: 'PATCH',
      path: '/v1/inbox/settings',
      summary: 'Change business hours, automatic answers, promises',
      description: 'Holds for what comes in from now on; promises that run keep their time.',
      body: Change,
      responses: { 200: Out },
      async handler({ accountId, body }: Call<Static<typeof Change>>) {
        check(body)
        const now = platform.now()
        const next = await platform.transaction(async (tx) => {
          await lockSettings(tx, accountId)
          const before = (await readSettings(tx, [accountId])).get(accountId) ?? noSettings
          const after = { ...before, ...body } as Settings
          await writeSettings(tx, accountId, after, now)
          return after
        })
        return { status: 200, body: settingsJson(next, now) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/stats',
      summary: 'How it went: answers, promises, ratings',
      query: StatsQuery,
      responses: { 200: StatsOut },
      async handler({ accountId, query }: Call<unknown, Static<typeof StatsQuery>>) {
        const now = platform.now()
        const since =
          query.since === undefined ? new Date(now.getTime() - month) : demandTime('since', query.since)
        const until = query.until === undefined ? now : demandTime('until', query.until)
        const { hours } = await read(accountId)
        const stats = await platform.transaction(async (tx) => {
          await analytic(tx)
          return readStats(tx, accountId, { since, until, zone: hours?.time_zone ?? 'UTC' })
        })
        return { status: 200, body: statsJson(stats) }
      },
    },
  ]
}

function check({ hours, targets }: Static<typeof Change>): void {
  if (hours) {
    const problems = problemsOf(hours).map(({ field, problem }) => ({ field: `hours.${field}`, problem }))
    if (problems.length > 0) throw new KurzpostError('invalid_request', { details: problems })
  }
  const twice = targets?.findIndex((one, at) => targets.findIndex(({ target }) => target === one.target) < at)
  if (twice !== undefined && twice >= 0) refuseField(`targets.${twice}.target`, 'must be there once')
}

function settingsJson(settings: Settings, now: Date) {
  const { hours } = settings
  const open = hours === null || isOpen(hours, now)
  return {
    ...settings,
    open_now: open,
    opens_at: open ? null : (nextOpen(hours, now)?.toISOString() ?? null),
  }
}

function statsJson(stats: Stats) {
  const both = (ms: Stats['answer_ms']) =>
    ms?.[0] == null || ms[1] == null ? null : { p50_ms: Math.round(ms[0]), p90_ms: Math.round(ms[1]) }
  return {
    opened: stats.opened,
    closed: stats.closed,
    answered: stats.answered,
    first_answer: both(stats.answer_ms),
    resolution: both(stats.resolution_ms),
    breached: {
      first_answer: stats.breached_first_answer,
      next_answer: stats.breached_next_answer,
      resolution: stats.breached_resolution,
    },
    rating: {
      asked: stats.asked,
      rated: stats.rated,
      average: stats.score,
      scores: Object.fromEntries(stats.scores.map((n, at) => [at + 1, n])),
    },
    days: stats.days.map(({ day, opened, closed, answer_p50, score }) => ({
      ...{ day, opened, closed, rating: score },
      first_answer_p50_ms: answer_p50 === null ? null : Math.round(answer_p50),
    })),
  }
}
