import { limits } from '../limits.ts'
import { channels } from '../people/addresses.ts'
import { type AttributeType, type Definitions, isDate, misfit } from '../people/attributes.ts'
import type { Problem } from '../people/read-wish.ts'

/** Who is meant: a tree whose leaves say one thing of a person each. */
export type Node = { all: Node[] } | { any: Node[] } | { none: Node[] } | Leaf

export const fieldNames = ['name', 'external_id', 'language', 'time_zone', 'postcode'] as const
export type FieldName = (typeof fieldNames)[number]
export const standings = ['granted', 'withdrawn', 'none'] as const

export interface Comparison {
  op: Operator
  value?: unknown
}
export type Leaf =
  | ({ attribute: string } & Comparison)
  | ({ field: FieldName } & Comparison)
  | { tag: string }
  /** Public id. */
  | { list: string }
  | { consent: (typeof standings)[number]; topic?: string }
  | { reachable: (typeof channels)[number] }
  /** Days. */
  | { delivered_within: number }
  | { replied_within: number }
  | { clicked_within: number }
  | { created_within: number }
  | { radius: { km: number; postcode: string } | { km: number; lat: number; lon: number } }

/** What can be asked of a value of each type. `unknown` and `known` want no value, `one_of` a list. */
export const operators = {
  text: ['is', 'is_not', 'contains', 'begins_with', 'one_of', 'known', 'unknown'],
  number: ['is', 'is_not', 'above', 'below', 'at_least', 'at_most', 'known', 'unknown'],
  boolean: ['is', 'known', 'unknown'],
  date: ['is', 'before', 'after', 'last_days', 'next_days', 'known', 'unknown'],
  choice: ['is', 'is_not', 'one_of', 'known', 'unknown'],
} as const satisfies Record<AttributeType, readonly string[]>
export type Operator = (typeof operators)[AttributeType][number]

const groups = ['all', 'any', 'none'] as const
type Entry = Record<string, unknown>

/** What a leaf of each kind may hold beside its name; the check says what is wrong, by field. */
const leaves: Record<string, { beside: readonly string[]; check: Check }> = {
  attribute: { beside: ['op', 'value'], check: checkAttribute },
  field: { beside: ['op', 'value'], check: checkField },
  tag: { beside: [], check: (leaf) => text(leaf, 'tag', limits.tagLength) },
  list: {
    beside: [],
    check: (leaf, { isList }) => (isList(leaf.list) ? [] : [['list', 'is no list of this account']]),
  },
  consent: { beside: ['topic'], check: checkConsent },
  reachable: { beside: [], check: (leaf) => oneOf(leaf, 'reachable', channels) },
  delivered_within: { beside: [], check: (leaf) => days(leaf, 'delivered_within') },
  replied_within: { beside: [], check: (leaf) => days(leaf, 'replied_within') },
  clicked_within: { beside: [], check: (leaf) => days(leaf, 'clicked_within') },
  created_within: { beside: [], check: (leaf) => days(leaf, 'created_within') },
  radius: { beside: [], check: checkRadius },
}

type Wrong = [field: string, problem: string][]
type Check = (leaf: Entry, house: House) => Wrong

/** What a tree is held against. */
export interface House {
  definitions: Definitions
  isList: (id: unknown) => boolean
  isTopic: (id: unknown) => boolean
  isPlace: (postcode: unknown) => boolean
}

/** What is wrong with a tree, at most 20 things; empty when it is a `Node`. */
export function problemsOf(definition: unknown, house: House): Problem[] {
  const problems: Problem[] = []
  let count = 0
  const wrong = (field: string, problem: string): undefined => {
    if (problems.length < 20) problems.push({ field, problem })
    return undefined
  }
  const visit = (node: unknown, at: string, depth: number): undefined => {
    if (depth > limits.segmentDepth) return wrong(at, `nests deeper than ${limits.segmentDepth} levels`)
    if (typeof node !== 'object' || node === null || Array.isArray(node))
      return wrong(at, 'must be an object')
    const entry = node as Entry
    const group = groups.find((name) => name in entry)
    if (group) {
      const inner = entry[group]
      const others = Object.keys(entry).filter((name) => name !== group)
      if (others.length > 0) return wrong(join(at, others[0]!), `cannot stand beside ${group}`)
      if (!Array.isArray(inner)) return wrong(join(at, group), 'must be a list')
      for (const [place, each] of inner.entries()) visit(each, join(at, `${group}.${place}`), depth + 1)
      return
    }
    if (++count > limits.segmentLeaves)
      return wrong(at, `is more than the ${limits.segmentLeaves} conditions that there may be`)
    const kind = Object.keys(leaves).find((name) => name in entry)
    if (!kind) return wrong(at, `must have one of ${[...groups, ...Object.keys(leaves)].join(', ')}`)
    const { beside, check } = leaves[kind]!
    const stranger = Object.keys(entry).find((name) => name !== kind && !beside.includes(name))
    if (stranger) return wrong(join(at, stranger), `is unknown beside ${kind}`)
    for (const [field, problem] of check(entry, house)) wrong(join(at, field), problem)
  }
  visit(definition, '', 1)
  return problems
}

const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)

function text(leaf: Entry, field: string, most: number): Wrong {
  const value = leaf[field]
  return typeof value === 'string' && value !== '' && value.length <= most
    ? []
    : [[field, `must be a text of at most ${most} characters`]]
}

function oneOf(leaf: Entry, field: string, values: readonly string[]): Wrong {
  return values.includes(leaf[field] as string) ? [] : [[field, `must be one of ${values.join(', ')}`]]
}

const isDays = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 3_650
function days(leaf: Entry, field: string): Wrong {
  return isDays(leaf[field]) ? [] : [[field, 'must be a number of days from 1 to 3650']]
}

function checkConsent(leaf: Entry, { isTopic }: House): Wrong {
  const wrong = oneOf(leaf, 'consent', standings)
  if ('topic' in leaf && !isTopic(leaf.topic)) wrong.push(['topic', 'is no topic of this account'])
  return wrong
}

function checkRadius(leaf: Entry, { isPlace }: House): Wrong {
  const radius = leaf.radius as Entry | null
  if (typeof radius !== 'object' || radius === null) return [['radius', 'must be an object']]
  const { km, postcode, lat, lon, ...others } = radius
  const stranger = Object.keys(others)[0]
  if (stranger) return [[`radius.${stranger}`, 'is unknown here']]
  if (typeof km !== 'number' || !(km > 0 && km <= 20_000))
    return [['radius.km', 'must be a distance in kilometres']]
  if (postcode !== undefined)
    return isPlace(postcode) && lat === undefined && lon === undefined
      ? []
      : [['radius.postcode', 'is not among the places of this account; upload them first']]
  const within = (value: unknown, most: number) => typeof value === 'number' && Math.abs(value) <= most
  return within(lat, 90) && within(lon, 180) ? [] : [['radius', 'needs a postcode, or lat and lon']]
}

function checkField(leaf: Entry): Wrong {
  const wrong = oneOf(leaf, 'field', fieldNames)
  return wrong.length > 0
    ? wrong
    : compare(leaf, { key: leaf.field as string, label: '', type: 'text', choices: [] })
}

function checkAttribute(leaf: Entry, { definitions }: House): Wrong {
  const definition = definitions.get(leaf.attribute as string)
  return definition ? compare(leaf, definition) : [['attribute', 'is no attribute of this account']]
}

function compare(leaf: Entry, definition: Parameters<typeof misfit>[0]): Wrong {
  const { op, value } = leaf
  const wrong = oneOf(leaf, 'op', operators[definition.type])
  if (wrong.length > 0) return wrong
  if (op === 'known' || op === 'unknown')
    return 'value' in leaf ? [['value', `is not wanted with ${op}`]] : []
  if (op === 'last_days' || op === 'next_days')
    return isDays(value) ? [] : [['value', 'must be a number of days from 1 to 3650']]
  if (op === 'one_of') {
    if (!Array.isArray(value) || value.length === 0 || value.length > 200)
      return [['value', 'must be a list of 1 to 200 values']]
    const problem = value.map((each) => misfit(definition, each)).find(Boolean)
    return problem ? [['value', problem]] : []
  }
  if (definition.type === 'date')
    return typeof value === 'string' && isDate(value) ? [] : [['value', 'must be a day such as 2026-11-23']]
  const problem = misfit(definition, value)
  return problem ? [['value', problem]] : []
}

/** Every leaf of a tree. */
export function* leavesOf(node: Node): Generator<Leaf> {
  const inner = 'all' in node ? node.all : 'any' in node ? node.any : 'none' in node ? node.none : undefined
  if (inner) for (const each of inner) yield* leavesOf(each)
  else yield node as Leaf
}
