import { parseId } from '../../../ids.ts'
import type { Definitions } from '../people/attributes.ts'
import type { Comparison, Leaf, Node } from './definition.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

/** What the ids and keys of a tree are called. */
export interface Names {
  definitions: Definitions
  lists: ReadonlyMap<string, string>
  topics: ReadonlyMap<string, string>
}

interface Phrases {
  all: string
  nobody: string
  everybody: string
  and: string
  or: string
  not: (text: string) => string
  yes: string
  no: string
  fields: Record<string, string>
  ops: Record<Comparison['op'], (what: string, value: string) => string>
  tag: (name: string) => string
  list: (name: string) => string
  consent: Record<'granted' | 'withdrawn' | 'none', (topic: string | undefined) => string>
  reachable: Record<'sms' | 'email', string>
  delivered_within: (days: number) => string
  replied_within: (days: number) => string
  clicked_within: (days: number) => string
  created_within: (days: number) => string
  radius: (km: string, place: string) => string
}

const english: Phrases = {
  all: 'Everybody of whom this holds:',
  everybody: 'Everybody.',
  nobody: 'Nobody.',
  and: 'and',
  or: 'or',
  not: (text) => `not (${text})`,
  yes: 'yes',
  no: 'no',
  fields: {
    name: 'Name',
    external_id: 'External id',
    language: 'Language',
    time_zone: 'Time zone',
    postcode: 'Postcode',
  },
  ops: {
    is: (what, value) => `${what} is ${value}`,
    is_not: (what, value) => `${what} is not ${value}, or not known`,
    contains: (what, value) => `${what} contains ${value}`,
    begins_with: (what, value) => `${what} begins with ${value}`,
    one_of: (what, value) => `${what} is one of ${value}`,
    above: (what, value) => `${what} is above ${value}`,
    below: (what, value) => `${what} is below ${value}`,
    at_least: (what, value) => `${what} is at least ${value}`,
    at_most: (what, value) => `${what} is at most ${value}`,
    before: (what, value) => `${what} is before ${value}`,
    after: (what, value) => `${what} is after ${value}`,
    last_days: (what, value) => `${what} is within the last ${value} days`,
    next_days: (what, value) => `${what} is within the next ${value} days`,
    known: (what) => `${what} is known`,
    unknown: (what) => `${what} is not known`,
  },
  tag: (name) => `has the tag ${name}`,
  list: (name) => `is on the list ${name}`,
  consent: {
    granted: (topic) => (topic ? `has said yes to ${topic}` : 'has said yes to anything'),
    withdrawn: (topic) => (topic ? `has said no to ${topic}` : 'has said no to anything'),
    none: (topic) => (topic ? `has said nothing about ${topic}` : 'has said neither yes nor no'),
  },
  reachable: { sms: 'has a phone number', email: 'has an e-mail address' },
  delivered_within: (days) => `got a message within the last ${days} days`,
  replied_within: (days) => `wrote to us within the last ${days} days`,
  clicked_within: (days) => `opened a link within the last ${days} days`,
  created_within: (days) => `was added within the last ${days} days`,
  radius: (km, place) => `is within ${km} km of ${place}`,
}

const german: Phrases = {
  all: 'Alle, für die das gilt:',
  everybody: 'Alle.',
  nobody: 'Niemand.',
  and: 'und',
  or: 'oder',
  not: (text) => `nicht (${text})`,
  yes: 'ja',
  no: 'nein',
  fields: {
    name: 'Name',
    external_id: 'Fremdschlüssel',
    language: 'Sprache',
    time_zone: 'Zeitzone',
    postcode: 'Postleitzahl',
  },
  ops: {
    is: (what, value) => `${what} ist ${value}`,
    is_not: (what, value) => `${what} ist nicht ${value} oder unbekannt`,
    contains: (what, value) => `${what} enthält ${value}`,
    begins_with: (what, value) => `${what} beginnt mit ${value}`,
    one_of: (what, value) => `${what} ist eines von ${value}`,
    above: (what, value) => `${what} liegt über ${value}`,
    below: (what, value) => `${what} liegt unter ${value}`,
    at_least: (what, value) => `${what} ist mindestens ${value}`,
    at_most: (what, value) => `${what} ist höchstens ${value}`,
    before: (what, value) => `${what} liegt vor dem ${value}`,
    after: (what, value) => `${what} liegt nach dem ${value}`,
    last_days: (what, value) => `${what} liegt in den letzten ${value} Tagen`,
    next_days: (what, value) => `${what} liegt in den nächsten ${value} Tagen`,
    known: (what) => `${what} ist bekannt`,
    unknown: (what) => `${what} ist nicht bekannt`,
  },
  tag: (name) => `trägt das Schlagwort ${name}`,
  list: (name) => `steht auf der Liste ${name}`,
  consent: {
    granted: (topic) => (topic ? `hat ${topic} zugestimmt` : 'hat irgendetwas zugestimmt'),
    withdrawn: (topic) => (topic ? `hat ${topic} abgelehnt` : 'hat irgendetwas abgelehnt'),
    none: (topic) => (topic ? `hat zu ${topic} nichts gesagt` : 'hat weder zugestimmt noch abgelehnt'),
  },
  reachable: { sms: 'hat eine Telefonnummer', email: 'hat eine E-Mail-Adresse' },
  delivered_within: (days) => `bekam in den letzten ${days} Tagen eine Nachricht`,
  replied_within: (days) => `schrieb uns in den letzten ${days} Tagen`,
  clicked_within: (days) => `öffnete in den letzten ${days} Tagen einen Link`,
  created_within: (days) => `kam in den letzten ${days} Tagen dazu`,
  radius: (km, place) => `ist höchstens ${km} km von ${place} entfernt`,
}

const phrases: Record<Language, Phrases> = { en: english, de: german }

/** What a checked tree selects, in a sentence. */
export function describeSegment(tree: Node, language: Language, names: Names): string {
  const says = phrases[language]
  const quote = (text: string) => (language === 'de' ? `„${text}“` : `“${text}”`)
  const number = (value: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value)

  const join = (nodes: readonly Node[], word: string, inner: boolean): string => {
    const parts = nodes.map((node) => say(node, true))
    const text = parts.join(` ${word} `)
    return inner && parts.length > 1 ? `(${text})` : text
  }
  const say = (node: Node, inner: boolean): string => {
    if ('all' in node) return node.all.length === 0 ? says.everybody : join(node.all, says.and, inner)
    if ('any' in node) return node.any.length === 0 ? says.nobody : join(node.any, says.or, inner)
    if ('none' in node)
      return node.none.length === 0 ? says.everybody : says.not(join(node.none, says.or, false))
    return sayLeaf(node as Leaf)
  }
  const value = ({ value }: Comparison): string => {
    if (Array.isArray(value)) return value.map((each) => quote(String(each))).join(', ')
    if (typeof value === 'number') return number(value)
    if (typeof value === 'boolean') return value ? says.yes : says.no
    return quote(String(value ?? ''))
  }
  const sayLeaf = (leaf: Leaf): string => {
    if ('attribute' in leaf)
      return says.ops[leaf.op](names.definitions.get(leaf.attribute)?.label ?? leaf.attribute, value(leaf))
    if ('field' in leaf) return says.ops[leaf.op](says.fields[leaf.field]!, value(leaf))
    if ('tag' in leaf) return says.tag(quote(leaf.tag))
    if ('list' in leaf)
      return says.list(quote(names.lists.get(parseId('list', leaf.list) ?? '') ?? leaf.list))
    if ('consent' in leaf) {
      const name = leaf.topic && (names.topics.get(parseId('topic', leaf.topic) ?? '') ?? leaf.topic)
      return says.consent[leaf.consent](name && quote(name))
    }
    if ('reachable' in leaf) return says.reachable[leaf.reachable]
    if ('delivered_within' in leaf) return says.delivered_within(leaf.delivered_within)
    if ('replied_within' in leaf) return says.replied_within(leaf.replied_within)
    if ('clicked_within' in leaf) return says.clicked_within(leaf.clicked_within)
    if ('created_within' in leaf) return says.created_within(leaf.created_within)
    const { radius } = leaf
    const place = 'postcode' in radius ? radius.postcode : `${number(radius.lat)}, ${number(radius.lon)}`
    return says.radius(number(radius.km), place)
  }
  const text = say(tree, false)
  return text === says.everybody || text === says.nobody ? text : `${says.all} ${text}.`
}
