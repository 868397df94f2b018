import { parseId } from '../../../ids.ts'
import { quoted } from '../../../store/arrays.ts'
import type { AttributeType, Definitions } from '../people/attributes.ts'
import { roundDegrees } from '../people/read-wish.ts'
import { type Comparison, type Leaf, leavesOf, type Node } from './definition.ts'

/** A condition on a contact `c`: SQL with parameters, the first of which is the account. */
export interface Compiled {
  where: string
  values: unknown[]
}

export interface Place {
  lat: number
  lon: number
}

export interface Surroundings {
  accountId: string
  now: Date
  definitions: Definitions
  /** Of the topics that the tree names, by bare id. */
  senders: ReadonlyMap<string, string | null>
  /** Of the postcodes that the tree names. */
  places: ReadonlyMap<string, Place>
}

interface Writer extends Surroundings {
  /** Adds a parameter and gives back how it is written. */
  param(value: unknown): string
}

const dayMs = 86_400_000
/** IUGG mean radius. */
export const earthKm = 6371.0088
/** Small letters by Unicode, whatever the locale of the database. */
const folded = (sql: string): string => `lower(${sql} collate "pg_c_utf8")`
/** Nobody is left out because a value is missing: what is not known to hold does not. */
const sure = (sql: string): string => `coalesce(${sql}, false)`

/**
 * A checked tree as SQL. No value of it stands in the text: each is a parameter. Every leaf is true or false and never
 * null, so that `none` means what it says.
 */
export function compileSegment(tree: Node, around: Surroundings): Compiled {
  const values: unknown[] = [around.accountId]
  const writer: Writer = { ...around, param: (value) => `$${values.push(value)}` }
  const write = (node: Node): string => {
    if ('all' in node) return together(node.all.map(write), ' and ', 'true')
    if ('any' in node) return together(node.any.map(write), ' or ', 'false')
    // Each not on its own can be joined; what stands behind an or is looked up.
    if ('none' in node)
      return together(
        node.none.map((each) => `not ${write(each)}`),
        ' and ',
        'true',
      )
    return writeLeaf(node as Leaf, writer)
  }
  const where = writeAll('all' in tree ? tree.all : [tree], write, writer)
  return { where: `c.account_id = $1 and ${where}`, values }
}

const together = (parts: readonly string[], word: string, none: string): string =>
  parts.length === 0 ? none : `(${parts.join(word)})`

/** Leaves that find their people among the addresses, mostly few of them. */
const finders = ['delivered_within', 'replied_within', 'clicked_within', 'consent'] as const
const isFinder = (node: Node): node is Leaf =>
  finders.some((name) => name in node) && !('consent' in node && node.consent === 'none')
/** Whether all that it asks is worked out from a person's row: to look at an attribute takes longer than to find the row. */
const isDear = (node: Node): boolean =>
  [...leavesOf(node)].every((leaf) => 'attribute' in leaf || 'field' in leaf || 'radius' in leaf)

/**
 * What must all hold. What is dear is asked of those alone whom the addresses name, as a condition on both: on the person
 * alone it would be asked of everybody, before they are joined.
 */
function writeAll(given: readonly Node[], write: (node: Node) => string, to: Writer): string {
  const nodes = given.flatMap((node) => ('all' in node ? node.all : [node]))
  const finder = nodes.find(isFinder)
  const dear = finder ? nodes.filter(isDear) : []
  if (!finder || dear.length === 0) return together(nodes.map(write), ' and ', 'true')
  const others = nodes.filter((node) => node !== finder && !dear.includes(node)).map(write)
  const late = `case when a.position is not null then ${dear.map(write).join(' and ')} else false end`
  return together([...others, writeLeaf(finder, to, late)], ' and ', 'true')
}

/** `beside`: what else must hold, where a leaf reads an address `a`. */
function writeLeaf(leaf: Leaf, to: Writer, beside = 'true'): string {
  const active = (what: string, days: number) =>
    hasAddress(`a.${what}_at >= ${since(days, to)} and ${beside}`)
  if ('attribute' in leaf) return writeAttribute(leaf, to)
  if ('field' in leaf) return writeText(`c.${leaf.field}`, leaf, to)
  if ('tag' in leaf) return `c.tags @> ${to.param(quoted([leaf.tag]))}::text[]`
  if ('list' in leaf)
    return `exists (select from contact_list_members m where m.account_id = $1
      and m.list_id = ${to.param(parseId('list', leaf.list))}::uuid and m.contact_id = c.id)`
  if ('consent' in leaf) return writeConsent(leaf, to, beside)
  if ('reachable' in leaf) return hasAddress(`a.channel = ${to.param(leaf.reachable)}`)
  if ('delivered_within' in leaf) return active('delivered', leaf.delivered_within)
  if ('replied_within' in leaf) return active('replied', leaf.replied_within)
  if ('clicked_within' in leaf) return active('clicked', leaf.clicked_within)
  if ('created_within' in leaf) return `c.created_at >= ${since(leaf.created_within, to)}`
  return writeRadius(leaf.radius, to)
}

const since = (days: number, { now, param }: Writer): string =>
  `${param(new Date(now.getTime() - days * dayMs))}::timestamptz`

const hasAddress = (condition: string): string =>
  `exists (select from contact_addresses a where a.account_id = $1 and a.contact_id = c.id and ${condition})`

function writeAttribute(leaf: { attribute: string } & Comparison, to: Writer): string {
  const type: AttributeType = to.definitions.get(leaf.attribute)?.type ?? 'text'
  const key = `${to.param(leaf.attribute)}::text`
  if (leaf.op === 'known') return `c.attributes ? ${key}`
  if (leaf.op === 'unknown') return `not c.attributes ? ${key}`
  if (type === 'number') return writeNumber(key, leaf, to)
  if (type === 'boolean') return sure(`c.attributes -> ${key} = to_jsonb(${to.param(leaf.value)}::boolean)`)
  if (type === 'date') return writeDate(`(c.attributes ->> ${key})`, leaf, to)
  return writeText(`(c.attributes ->> ${key})`, leaf, to)
}

const signs: Partial<Record<Comparison['op'], string>> = {
  is: '=',
  above: '>',
  below: '<',
  at_least: '>=',
  at_most: '<=',
  before: '<',
  after: '>',
}

function writeNumber(key: string, { op, value }: Comparison, to: Writer): string {
  const holds = (sign: string) =>
    `case when jsonb_typeof(c.attributes -> ${key}) = 'number'
       then (c.attributes ->> ${key})::double precision ${sign} ${to.param(value)}::double precision else false end`
  return op === 'is_not' ? `not ${holds('=')}` : holds(signs[op]!)
}

/** Days are text that sorts as it counts. */
function writeDate(column: string, { op, value }: Comparison, to: Writer): string {
  const day = (days: number) => new Date(to.now.getTime() + days * dayMs).toISOString().slice(0, 10)
  const between = (from: string, until: string) =>
    sure(
      `${column} collate "C" >= ${to.param(from)}::text and ${column} collate "C" <= ${to.param(until)}::text`,
    )
  if (op === 'last_days') return between(day(-(value as number)), day(0))
  if (op === 'next_days') return between(day(0), day(value as number))
  return sure(`${column} collate "C" ${signs[op]!} ${to.param(value)}::text`)
}

function writeText(column: string, { op, value }: Comparison, to: Writer): string {
  const given = () => folded(`${to.param(value)}::text`)
  switch (op) {
    case 'known':
      return `${column} is not null`
    case 'unknown':
      return `${column} is null`
    case 'is':
      return sure(`${folded(column)} = ${given()}`)
    case 'is_not':
      return `not ${sure(`${folded(column)} = ${given()}`)}`
    case 'one_of': {
      const list = to.param(quoted(value as string[]))
      return sure(`${folded(column)} in (select ${folded('v')} from unnest(${list}::text[]) as v)`)
    }
    case 'begins_with':
      return sure(`starts_with(${folded(column)}, ${given()})`)
    default:
      return sure(`strpos(${folded(column)}, ${given()}) > 0`)
  }
}

/**
 * As the gate weighs it: a no holds until a later yes to something narrower, a yes counts for all that it covers. A
 * person counts by any of their numbers.
 */
function writeConsent(leaf: { consent: string; topic?: string }, to: Writer, beside: string): string {
  const state = (of: string, of_whom: string, which: string) =>
    `exists (select from consent_state ${of} where ${of}.account_id = $1 and ${of}.number_key = ${of_whom} and ${which})`
  const held = (condition: string) => hasAddress(`a.channel = 'sms' and ${condition} and ${beside}`)
  const about = topicOf(leaf.topic, to)
  if (leaf.consent === 'none')
    return `not ${held(state('s', 'a.key', `s.granted is not null and ${about('s')}`))}`
  const yes = (condition: string) => state('y', 'a.key', `y.granted and ${about('y')} and ${condition}`)
  if (leaf.topic === undefined)
    return held(leaf.consent === 'granted' ? yes('true') : state('n', 'a.key', 'n.granted is false'))
  const later = `l.granted and l.seq > n.seq and ${breadth('l')} < ${breadth('n')} and ${about('l')}`
  const overruled = state('l', 'n.number_key', later)
  const no = (key: string) => state('n', key, `n.granted is false and ${about('n')} and not ${overruled}`)
  // The no is looked for beside each yes and not beside each address: there are fewer.
  return held(leaf.consent === 'granted' ? yes(`not ${no('y.number_key')}`) : no('a.key'))
}

const breadth = (of: string) =>
  `case when ${of}.topic_id is not null then 0 when ${of}.sender is not null then 1 else 2 end`

/** Whether what somebody said is about a topic: it, its sender, or everything. Without a topic all is. */
function topicOf(topic: string | undefined, to: Writer): (of: string) => string {
  if (topic === undefined) return () => 'true'
  const id = parseId('topic', topic) ?? ''
  const which = `${to.param(id)}::uuid`
  const sender = to.senders.get(id)
  const from = sender ? (of: string) => ` or ${of}.sender = ${to.param(sender)}::text` : () => ''
  return (of) =>
    `(${of}.topic_id = ${which} or (${of}.topic_id is null and (${of}.sender is null${from(of)})))`
}

/** Where people are by their own word, else by their postcode: a box first, for it is cheap, then the great circle. */
function writeRadius(
  radius: { km: number; postcode: string } | { km: number; lat: number; lon: number },
  to: Writer,
): string {
  const given = 'postcode' in radius ? to.places.get(radius.postcode) : radius
  if (!given) return 'false'
  const centre = { lat: roundDegrees(given.lat), lon: roundDegrees(given.lon) }
  const { km } = radius
  const lat = `${to.param(centre.lat)}::double precision`
  const lon = `${to.param(centre.lon)}::double precision`
  const [far, wide] = boxOf(centre, km)
  const within = (of: string) => {
    const around = (value: number, half: number) =>
      `between ${to.param(value - half)}::double precision and ${to.param(value + half)}::double precision`
    const box = [`${of}.lat ${around(centre.lat, far)}`]
    if (wide !== undefined) box.push(`${of}.lon ${around(centre.lon, wide)}`)
    return `(${box.join(' and ')} and ${distance(of, lat, lon)} <= ${to.param(km)}::double precision)`
  }
  return sure(`case when c.lat is not null then ${within('c')}
    when c.postcode is not null then exists (select from contact_places p
      where p.account_id = $1 and p.postcode = c.postcode and ${within('p')}) end`)
}

const distance = (of: string, lat: string, lon: string): string =>
  `2 * ${earthKm} * asin(least(1, sqrt(sin(radians(${of}.lat - ${lat}) / 2) ^ 2
     + cos(radians(${lat})) * cos(radians(${of}.lat)) * sin(radians(${of}.lon - ${lon}) / 2) ^ 2)))`

/** Half the height and the width of a box around a circle, in degrees; no width where it meets a pole or the date line. */
function boxOf({ lat, lon }: Place, km: number): [height: number, width: number | undefined] {
  const angle = km / earthKm
  const height = (angle * 180) / Math.PI + 1e-9
  const top = Math.abs(lat) + height
  const sine = Math.sin(angle) / Math.cos((lat * Math.PI) / 180)
  if (top >= 90 || angle >= Math.PI / 2 || sine >= 1) return [height, undefined]
  const width = (Math.asin(sine) * 180) / Math.PI + 1e-9
  return Math.abs(lon) + width > 180 ? [height, undefined] : [height, width]
}
