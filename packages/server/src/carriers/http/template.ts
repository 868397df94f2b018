/**
 * Requests are given as data (a URL, headers, a tree of JSON, the fields of a form), and what is put in for a
 * placeholder is encoded by the place where it stands. A text never becomes syntax: there is no string of JSON into which
 * it is pasted.
 */
export type Values = (name: string) => string | undefined
export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [name: string]: Tree }

const placeholder = /\{\{\s*([a-z_]+(?:\.[a-z0-9_]+)?)(?:\s*\|\s*([a-z]+))?\s*\}\}/g
const alone = new RegExp(`^${placeholder.source}$`)

/** What may stand behind the bar: `{{to|digits}}`. */
const filters: Readonly<Record<string, (text: string) => string | number>> = {
  digits: (text) => text.replace(/\D/g, ''),
  number: Number,
}

/** What has no value is left out of forms, queries and objects when it stands alone there, and empty text elsewhere. */
const nothing = Symbol('no value')

export interface Used {
  name: string
  filter: string | undefined
}

/** The placeholders of a template, in their order. */
export function placeholders(template: Tree): Used[] {
  if (typeof template === 'string')
    return [...template.matchAll(placeholder)].map(([, name, filter]) => ({ name: name!, filter }))
  if (typeof template !== 'object' || template === null) return []
  return Object.values(template).flatMap(placeholders)
}

export const knowsFilter = (name: string): boolean => Object.hasOwn(filters, name)

/** Braces that are no placeholder: a slip of the pen that would otherwise be sent as it stands. */
export const hasStray = (template: Tree): boolean =>
  typeof template === 'string'
    ? /\{\{|\}\}/.test(template.replace(placeholder, ''))
    : typeof template === 'object' && template !== null && Object.values(template).some(hasStray)

const filtered = (text: string, filter: string | undefined): string | number =>
  filter === undefined ? text : filters[filter]!(text)

/** Text with its placeholders filled in, each as `encode` writes it. */
export function fillText(template: string, values: Values, encode = (text: string) => text): string {
  return template.replace(placeholder, (_, name: string, filter?: string) =>
    encode(String(filtered(values(name) ?? '', filter))),
  )
}

function fillLeaf(template: string, values: Values): string | number | typeof nothing {
  const [, name, filter] = alone.exec(template) ?? []
  if (name === undefined) return fillText(template, values)
  const value = values(name)
  return value === undefined ? nothing : filtered(value, filter)
}

/** A tree with its strings filled in; names of members are taken as they stand. */
export function fillTree(template: Tree, values: Values): Tree {
  const filled = fillNode(template, values)
  return filled === nothing ? null : filled
}

function fillNode(template: Tree, values: Values): Tree | typeof nothing {
  if (typeof template === 'string') return fillLeaf(template, values)
  if (typeof template !== 'object' || template === null) return template
  if (isList(template)) return template.map((entry) => fillTree(entry, values))
  const members = Object.entries(template).map(([name, entry]) => [name, fillNode(entry, values)] as const)
  return Object.fromEntries(members.filter((member): member is [string, Tree] => member[1] !== nothing))
}

const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree)

/** Fields of a form or a query, percent-encoded. */
export function fillFields(template: Readonly<Record<string, string>>, values: Values): string {
  const fields = new URLSearchParams()
  for (const [name, entry] of Object.entries(template)) {
    const value = fillLeaf(entry, values)
    if (value !== nothing) fields.append(name, String(value))
  }
  return fields.toString()
}
