import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { publicId, uuidv7 } from '../../../ids.ts'
import { ask as sql } from '../../../message/testing.ts'
import { putDefinition, readDefinitions } from '../people/attributes.store.ts'
import { createPeople } from '../people/people.ts'
import { contactsBench } from '../testing.ts'
import type { Comparison, Leaf, Node } from './definition.ts'
import { countAndSample, countPeople, idsOf, listPeople } from './people.store.ts'
import { ask, understand } from './segments.ts'

/** What the compiled SQL selects is held against what plain JavaScript says of the same people and the same tree. */

const { db, platform, accountId } = await contactsBench()
const people = createPeople(platform)
const now = platform.now()
const day = 86_400_000
const ago = (days: number) => new Date(now.getTime() - days * day)
const onDay = (days: number) => ago(days).toISOString().slice(0, 10)

const attributes = [
  { key: 'city', label: 'Stadt', type: 'text', choices: [] },
  { key: 'points', label: 'Punkte', type: 'number', choices: [] },
  { key: 'member', label: 'Mitglied', type: 'boolean', choices: [] },
  { key: 'since', label: 'Seit', type: 'date', choices: [] },
  { key: 'size', label: 'Größe', type: 'choice', choices: ['S', 'M', 'L'] },
] as const
for (const definition of attributes) await putDefinition(db, accountId, definition, now)

interface Said {
  topic: string | null
  sender: string | null
  granted: boolean
  seq: number
}
interface Someone {
  id: string
  name?: string
  language?: string
  postcode?: string
  lat?: number
  lon?: number
  attributes: Record<string, string | number | boolean>
  tags: string[]
  lists: number[]
  mail: boolean
  delivered?: number
  replied?: number
  clicked?: number
  created: number
  said: Said[]
}

const cities = ['Köln', 'KÖLN', 'Ulm', 'ulm', 'Straße 5', '%_', "O'Hara", '']
const tags = ['vip', 'neu', 'a,b', '{x}']
const places = {
  '10115': { lat: 52.532, lon: 13.3849 },
  '89073': { lat: 48.4, lon: 9.99 },
  FJ: { lat: -17.7, lon: 179.9 },
}
const lists = [uuidv7(now.getTime()), uuidv7(now.getTime())]
const topic = uuidv7(now.getTime())
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const degrees = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => Math.round(value * 1e7) / 1e7 + 0)
const days = fc.integer({ min: 1, max: 40 })

const someone = fc.record({
  name: maybe(fc.constantFrom('Ada', 'ada lovelace', 'Änne', 'Zoë')),
  language: maybe(fc.constantFrom('de', 'en')),
  postcode: maybe(fc.constantFrom('10115', '89073', '00000', 'FJ')),
  at: maybe(
    fc.record({
      lat: degrees(-89, 89),
      lon: degrees(-180, 180),
    }),
  ),
  city: maybe(fc.constantFrom(...cities)),
  points: maybe(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ min: -3, max: 3, noNaN: true }).map((n) => n + 0),
    ),
  ),
  member: maybe(fc.boolean()),
  since: maybe(fc.integer({ min: -20, max: 40 }).map(onDay)),
  size: maybe(fc.constantFrom('S', 'M', 'L')),
  tags: fc.subarray(tags),
  lists: fc.subarray([0, 1]),
  mail: fc.boolean(),
  delivered: maybe(days),
  replied: maybe(days),
  clicked: maybe(days),
  created: days,
  said: fc.uniqueArray(
    fc.record({
      scope: fc.constantFrom('topic', 'sender', 'all', 'other sender'),
      granted: fc.boolean(),
      seq: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { selector: ({ scope }) => scope, maxLength: 4 },
  ),
})

const scopes = {
  topic: { topic, sender: null },
  sender: { topic: null, sender: 'Laden' },
  all: { topic: null, sender: null },
  'other sender': { topic: null, sender: 'Werk' },
} as const

/** Ends in the middle of a day, so that no two clocks disagree about an edge. */
const moment = (days: number | undefined) =>
  days === undefined ? null : new Date(ago(days).getTime() + day / 2)

async function settle(): Promise<Someone[]> {
  await sql(
    db,
    `insert into topics (account_id, id, key, name, kind, sender, language, created_at, updated_at)
     values ($1, $2, 'werbung', 'Angebote', 'marketing', 'Laden', 'de', now(), now())`,
    [accountId, topic],
  )
  for (const [n, id] of lists.entries())
    await sql(
      db,
      `insert into contact_lists (account_id, id, name, created_at, updated_at) values ($1, $2, $3, now(), now())`,
      [accountId, id, `L${n}`],
    )
  for (const [postcode, { lat, lon }] of Object.entries(places))
    await sql(db, 'insert into contact_places (account_id, postcode, lat, lon) values ($1, $2, $3, $4)', [
      accountId,
      postcode,
      lat,
      lon,
    ])

  const drawn = fc.sample(someone, { numRuns: 250, seed: 7 })
  const results = await people.upsert(
    accountId,
    drawn.map(({ name, language, postcode, at, city, points, member, since, size, tags, mail }, n) => ({
      ...(name !== undefined && { name }),
      ...(language !== undefined && { language }),
      ...(postcode !== undefined && { postcode }),
      ...at,
      tags,
      attributes: Object.fromEntries(
        Object.entries({ city, points, member, since, size }).filter(([, value]) => value !== undefined),
      ) as Record<string, string>,
      external_id: `x${n}`,
      addresses: [
        { channel: 'sms' as const, address: `+49151${String(21_000_000 + n)}` },
        ...(mail ? [{ channel: 'email' as const, address: `x${n}@example.org` }] : []),
      ],
    })),
  )
  const all: Someone[] = []
  for (const [n, each] of drawn.entries()) {
    const result = results[n]!
    assert.ok(result.ok)
    const { at, city, points, member, since, size, said, ...rest } = each
    const known = Object.entries({ city, points, member, since, size }).filter(
      ([, value]) => value !== undefined,
    )
    const words = said.map(({ scope, granted, seq }) => ({
      ...scopes[scope as keyof typeof scopes],
      granted,
      seq,
    }))
    all.push({
      ...rest,
      ...at,
      id: result.id,
      attributes: Object.fromEntries(known) as never,
      said: words,
    } as Someone)
    await sql(db, 'update contacts set created_at = $3 where account_id = $1 and id = $2', [
      accountId,
      result.id,
      moment(each.created),
    ])
    await sql(
      db,
      `update contact_addresses set delivered_at = $3, replied_at = $4, clicked_at = $5
       where account_id = $1 and contact_id = $2 and channel = 'sms'`,
      [accountId, result.id, moment(each.delivered), moment(each.replied), moment(each.clicked)],
    )
    for (const list of each.lists)
      await sql(db, 'insert into contact_list_members values ($1, $2, $3, now())', [
        accountId,
        lists[list],
        result.id,
      ])
    const key = platform.addressKey(`+49151${String(21_000_000 + n)}`)
    for (const { topic, sender, granted, seq } of words)
      await sql(
        db,
        `insert into consent_state (account_id, number_key, topic_id, sender, granted, at, seq, entry_id, how)
         values ($1, $2, $3, $4, $5, now(), $6, $7, 'api')`,
        [accountId, key, topic, sender, granted, seq, uuidv7(now.getTime())],
      )
  }
  await sql(db, 'analyze contacts, contact_addresses, consent_state, contact_list_members, contact_places')
  return all
}
const everybody = await settle()

/** The same in plain JavaScript. */
function holds(node: Node, person: Someone): boolean {
  if ('all' in node) return node.all.every((each) => holds(each, person))
  if ('any' in node) return node.any.some((each) => holds(each, person))
  if ('none' in node) return !node.none.some((each) => holds(each, person))
  const leaf = node as Leaf
  if ('attribute' in leaf) return compares(person.attributes[leaf.attribute], leaf)
  if ('field' in leaf)
    return compares((person as unknown as Record<string, string | undefined>)[leaf.field], leaf)
  if ('tag' in leaf) return person.tags.includes(leaf.tag)
  if ('list' in leaf) return person.lists.some((n) => publicId('list', lists[n]!) === leaf.list)
  if ('reachable' in leaf) return leaf.reachable === 'sms' || person.mail
  if ('delivered_within' in leaf) return within(person.delivered, leaf.delivered_within)
  if ('replied_within' in leaf) return within(person.replied, leaf.replied_within)
  if ('clicked_within' in leaf) return within(person.clicked, leaf.clicked_within)
  if ('created_within' in leaf) return within(person.created, leaf.created_within)
  if ('consent' in leaf) return stands(person.said, leaf.topic !== undefined) === leaf.consent
  return near(person, leaf.radius)
}

const within = (days: number | undefined, most: number) => days !== undefined && days <= most

function compares(value: unknown, { op, value: asked }: Comparison): boolean {
  const low = (of: unknown) => String(of).toLowerCase()
  if (op === 'known') return value !== undefined
  if (op === 'unknown') return value === undefined
  if (op === 'is_not') return !compares(value, { op: 'is', value: asked })
  if (value === undefined) return false
  if (op === 'one_of') return (asked as string[]).some((each) => low(each) === low(value))
  if (op === 'contains') return low(value).includes(low(asked))
  if (op === 'begins_with') return low(value).startsWith(low(asked))
  if (op === 'last_days') return (value as string) <= onDay(0) && (value as string) >= onDay(asked as number)
  if (op === 'next_days')
    return (value as string) >= onDay(0) && (value as string) <= onDay(-(asked as number))
  if (op === 'is') return typeof value === 'string' ? low(value) === low(asked) : value === asked
  const order = (value as number) < (asked as number) ? -1 : (value as number) > (asked as number) ? 1 : 0
  const signs = {
    above: order > 0,
    after: order > 0,
    below: order < 0,
    before: order < 0,
    at_least: order >= 0,
    at_most: order <= 0,
  }
  return signs[op as keyof typeof signs]
}

function stands(said: readonly Said[], about: boolean): string {
  if (!about) {
    // Of anything: somebody may have said both yes and no, to different things.
    return said.some((each) => each.granted) ? 'granted' : said.length > 0 ? 'withdrawn' : 'none'
  }
  const breadth = (each: Said) => (each.topic ? 0 : each.sender ? 1 : 2)
  const heard = said.filter(
    (each) => each.topic === topic || (!each.topic && (!each.sender || each.sender === 'Laden')),
  )
  const no = heard.find(
    (each) =>
      !each.granted &&
      !heard.some((yes) => yes.granted && yes.seq > each.seq && breadth(yes) < breadth(each)),
  )
  return no ? 'withdrawn' : heard.some((each) => each.granted) ? 'granted' : 'none'
}

function near(
  person: Someone,
  radius: { km: number } & ({ postcode: string } | { lat: number; lon: number }),
): boolean {
  const at =
    person.lat !== undefined
      ? { lat: person.lat, lon: person.lon! }
      : places[person.postcode as keyof typeof places]
  if (!at) return false
  const centre = 'postcode' in radius ? places[radius.postcode as keyof typeof places] : radius
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const a =
    Math.sin(rad(at.lat - centre.lat) / 2) ** 2 +
    Math.cos(rad(at.lat)) * Math.cos(rad(centre.lat)) * Math.sin(rad(at.lon - centre.lon) / 2) ** 2
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(a))) <= radius.km
}

const op = <V>(attribute: string, ops: readonly string[], value: fc.Arbitrary<V>) =>
  fc.tuple(fc.constantFrom(...ops), value).map(([op, value]) => ({ attribute, op, value }))
const knowing = (attribute: string) => fc.constantFrom('known', 'unknown').map((op) => ({ attribute, op }))
const leaf = fc.oneof(
  op(
    'city',
    ['is', 'is_not', 'contains', 'begins_with'],
    fc.constantFrom('köln', 'U', 'lm', '%', '_', "O'", 'STRASSE', 'Straße'),
  ),
  op('city', ['one_of'], fc.subarray(['ULM', 'Köln', '%_'], { minLength: 1 })),
  op('points', ['is', 'is_not', 'above', 'below', 'at_least', 'at_most'], fc.integer({ min: -3, max: 3 })),
  op('member', ['is'], fc.boolean()),
  op('since', ['is', 'before', 'after'], fc.integer({ min: -20, max: 40 }).map(onDay)),
  op('since', ['last_days', 'next_days'], days),
  op('size', ['is', 'is_not'], fc.constantFrom('S', 'M', 'L')),
  ...['city', 'points', 'member', 'since', 'size'].map(knowing),
  fc.record({
    field: fc.constantFrom('name', 'language'),
    op: fc.constantFrom('is', 'is_not', 'contains', 'begins_with'),
    value: fc.constantFrom('ada', 'DE', 'ä', 'en'),
  }),
  fc.record({ tag: fc.constantFrom(...tags) }),
  fc.record({ list: fc.constantFrom(...lists.map((id) => publicId('list', id))) }),
  fc.record({ reachable: fc.constantFrom('sms', 'email') }),
  ...['delivered_within', 'replied_within', 'clicked_within', 'created_within'].map((name) =>
    days.map((value) => ({ [name]: value })),
  ),
  fc.record({
    consent: fc.constantFrom('granted', 'withdrawn', 'none'),
    topic: fc.constant(publicId('topic', topic)),
  }),
  fc.constant({ consent: 'none' }),
  fc.constant({ consent: 'granted' }),
  fc.record({
    radius: fc.record({
      km: fc.double({ min: 1, max: 20_000, noNaN: true }),
      postcode: fc.constantFrom('10115', '89073', 'FJ'),
    }),
  }),
  fc.record({
    radius: fc.record({
      km: fc.double({ min: 1, max: 9_000, noNaN: true }),
      lat: degrees(-90, 90),
      lon: degrees(-180, 180),
    }),
  }),
)
const { tree } = fc.letrec<{ tree: Node; group: Node }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', maxDepth: 4 }, leaf as unknown as fc.Arbitrary<Node>, tie('group')),
  group: fc
    .tuple(fc.constantFrom('all', 'any', 'none'), fc.array(tie('tree'), { maxLength: 3 }))
    .map(([group, inner]) => ({ [group]: inner }) as unknown as Node),
}))

/** Several that must hold at once are written in another order than they stand in. */
const together = fc.array(tree, { minLength: 2, maxLength: 4 }).map((all): Node => ({ all }))

/** Neither edge of a circle nor the order of rounding is worth a difference. */
const rough = (node: Node): boolean => JSON.stringify(node).includes('radius')

test('compiled to SQL a tree selects whom it selects in plain JavaScript', async () => {
  assert.equal((await readDefinitions(db, accountId)).size, 5)
  let some = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(tree, together), fc.constantFrom(15, 2_000), async (node, near) => {
      const { compiled, words } = await understand(db, platform, accountId, node)
      const found = await ask(platform, (tx) => idsOf(tx, compiled))
      const expected = everybody
        .filter((person) => holds(node, person))
        .map(({ id }) => id)
        .sort()
      if (expected.length > 0 && expected.length < everybody.length && !rough(node)) some++
      assert.deepEqual(found, expected)
      assert.notEqual(words('de'), '')
      assert.equal(await ask(platform, (tx) => countPeople(tx, compiled)), expected.length)
      const { people, ids } = await ask(platform, (tx) => countAndSample(tx, compiled, 7, near))
      assert.deepEqual([people, new Set(ids).size], [expected.length, Math.min(7, expected.length)])
      assert.ok(ids.every((id) => expected.includes(id)))
      const first = await ask(platform, (tx) => listPeople(tx, compiled, undefined, 9, near))
      const next = await ask(platform, (tx) => listPeople(tx, compiled, first.at(-1)?.id, 9, near))
      const paged = [...first, ...next].map(({ id }) => id)
      assert.deepEqual(paged, expected.toReversed().slice(0, 18))
    }),
    { numRuns: 300 },
  )
  assert.ok(some > 50, 'most trees tell people apart')
})

test('a tree that cannot be meant is refused field by field, and says what would be right', async () => {
  const wrong = async (definition: unknown): Promise<string> => {
    const error = await understand(db, platform, accountId, definition).then(
      () => undefined,
      (failure) => failure as { details: { field: string; problem: string }[] },
    )
    return error?.details.map(({ field, problem }) => `${field} ${problem}`).join('; ') ?? ''
  }
  assert.match(
    await wrong({ all: [{ tag: 'x' }, { attribute: 'nope', op: 'is', value: 1 }] }),
    /definition\.all\.1\.attribute is no attribute/,
  )
  assert.match(
    await wrong({ attribute: 'points', op: 'contains', value: 1 }),
    /op must be one of is, is_not, above/,
  )
  assert.match(await wrong({ attribute: 'since', op: 'is', value: '2026-02-30' }), /must be a day/)
  assert.match(await wrong({ tag: 'x', any: [] }), /cannot stand beside any/)
  assert.match(await wrong({ list: publicId('list', uuidv7(1)) }), /no list of this account/)
  assert.match(await wrong({ radius: { km: 5, postcode: '99999' } }), /not among the places/)
  assert.match(await wrong({ sql: 'true' }), /must have one of/)
  let deep: unknown = { tag: 'x' }
  for (let n = 0; n < 20; n++) deep = { all: [deep] }
  assert.match(await wrong(deep), /nests deeper than 8 levels/)
  assert.match(
    await wrong({ any: Array.from({ length: 200 }, () => ({ tag: 'x' })) }),
    /more than the 100 conditions/,
  )
})
