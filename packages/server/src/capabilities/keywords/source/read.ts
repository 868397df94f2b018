import { at, parseJson, textAt } from '../../../json-pointer.ts'
import type { SourceSettings } from '../service.ts'

/** What a source said, as far as its settings name places for it: this is what the cache keeps. */
export interface Reading {
  readonly found: boolean
  readonly values: Readonly<Record<string, string>>
  readonly lines: readonly Readonly<Record<string, string>>[]
}

/** An answer as it came. */
export interface SourceAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Why no answer can be made of it; the sentence is for people. */
export interface SourceProblem {
  readonly code: string
  readonly sentence: string
}

/** Beyond that no text message goes. */
const mostBody = 2_000

const nothing: Reading = { found: false, values: {}, lines: [] }

/** Reads an answer by the settings: 404 and an empty answer are "not found", and any other status is a failure. */
export function readAnswer(
  { values: places, list }: Pick<SourceSettings, 'values' | 'list'>,
  { status, type, body }: SourceAnswer,
): Reading | SourceProblem {
  if (status === 404 || status === 410 || status === 204) return nothing
  if (status < 200 || status >= 300)
    return { code: `http_${status}`, sentence: `The source answered with status ${status}.` }
  const named = Object.entries(places)
  if (!type.includes('json') && named.length === 0 && !list) {
    const text = body.trim().slice(0, mostBody)
    return text === '' ? nothing : { found: true, values: { body: text }, lines: [] }
  }
  const json = jsonOf(body)
  if (json === undefined)
    return { code: 'not_json', sentence: 'The source answered with something that is not JSON.' }
  const values = valuesAt(json, places)
  const entries = list ? at(json, list.place) : undefined
  const lines = Array.isArray(entries)
    ? entries.slice(0, list!.most).map((entry) => valuesAt(entry, list!.values))
    : []
  return { found: lines.length > 0 || (!list && Object.keys(values).length > 0), values, lines }
}

function valuesAt(json: unknown, places: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(places).map(([name, place]) => [name, textAt(json, place)] as const)
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function jsonOf(body: string): unknown {
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}
