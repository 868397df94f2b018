import { KurzpostError } from '../../../errors.ts'
import { parseId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { analytic } from '../../../store/analytic.store.ts'
import type { Tx } from '../../../store/db.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import { normalizePostcode } from '../people/read-wish.ts'
import { type Compiled, compileSegment, type Surroundings } from './compile.store.ts'
import { type Node, problemsOf } from './definition.ts'
import { readMentioned } from './store.ts'
import { describeSegment, type Language, type Names } from './words.ts'

export interface Understood {
  tree: Node
  compiled: Compiled
  around: Surroundings
  words(language: Language): string
}

type Mentioned = Parameters<typeof readMentioned>[2]

/** What a tree that nobody has checked yet may speak of. */
function mentionedIn(definition: unknown): Mentioned {
  const found = { lists: new Set<string>(), topics: new Set<string>(), postcodes: new Set<string>() }
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [name, value] of Object.entries(node)) {
      if (name === 'list' && typeof value === 'string') found.lists.add(parseId('list', value) ?? '')
      else if (name === 'topic' && typeof value === 'string') found.topics.add(parseId('topic', value) ?? '')
      else if (name === 'postcode' && typeof value === 'string') found.postcodes.add(value)
      else visit(value)
    }
  }
  visit(definition)
  const known = (ids: Set<string>) => [...ids].filter((id) => id !== '')
  return { lists: known(found.lists), topics: known(found.topics), postcodes: [...found.postcodes] }
}

/** Postcodes in their one spelling, wherever they stand in a tree. */
function spelled(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(spelled)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      name === 'postcode' && typeof value === 'string' ? normalizePostcode(value) : spelled(value),
    ]),
  )
}

/** Checks a tree against what the account has, and makes it ready to be asked; or `invalid_request`, by field. */
export async function understand(
  tx: Tx,
  platform: Pick<Platform, 'now'>,
  accountId: string,
  given: unknown,
): Promise<Understood> {
  const definition = spelled(given)
  const definitions = await readDefinitions(tx, accountId)
  const { lists, topics, senders, places } = await readMentioned(tx, accountId, mentionedIn(definition))
  const problems = problemsOf(definition, {
    definitions,
    isList: (id) => typeof id === 'string' && lists.has(parseId('list', id) ?? ''),
    isTopic: (id) => typeof id === 'string' && topics.has(parseId('topic', id) ?? ''),
    isPlace: (postcode) => typeof postcode === 'string' && places.has(postcode),
  })
  if (problems.length > 0) {
    const details = problems.map(({ field, problem }) => ({
      field: field === '' ? 'definition' : `definition.${field}`,
      problem,
    }))
    throw new KurzpostError('invalid_request', { details })
  }
  const tree = definition as Node
  const around = { accountId, now: platform.now(), definitions, senders, places }
  const names: Names = { definitions, lists, topics }
  return {
    tree,
    compiled: compileSegment(tree, around),
    around,
    words: (language) => describeSegment(tree, language, names),
  }
}

/** Asks something that may read every person of the account. */
export function ask<T>(
  platform: Pick<Platform, 'transaction'>,
  question: (tx: Tx) => Promise<T>,
): Promise<T> {
  return platform.transaction(async (tx) => {
    await analytic(tx)
    return question(tx)
  })
}
