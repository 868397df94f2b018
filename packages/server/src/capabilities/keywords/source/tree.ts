import { fillTemplate, parseTemplate, type TemplateValues } from '@kurzpost/gsm'

/** JSON with placeholders in its strings: what people write never becomes syntax. */
export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [name: string]: Tree }

export const fillTree = (tree: Tree, values: TemplateValues): Tree => {
  if (typeof tree === 'string') return fillTemplate(parseTemplate(tree), values)
  if (typeof tree !== 'object' || tree === null) return tree
  if (isList(tree)) return tree.map((entry) => fillTree(entry, values))
  return Object.fromEntries(Object.entries(tree).map(([name, entry]) => [name, fillTree(entry, values)]))
}
const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree)

export const placeholdersOf = (tree: Tree): string[] => {
  if (typeof tree === 'string')
    return parseTemplate(tree).flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder]))
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(placeholdersOf) : []
}
