import type { Attribute, Tree } from '../api/contacts.ts'

/** A tree of conditions as the builder edits it: each part has a key of its own, so that React knows it again. */
export interface GroupDraft {
  key: number
  group: 'all' | 'any' | 'none'
  parts: PartDraft[]
}
export interface LeafDraft {
  key: number
  /** A field, `attribute:<key>`, or one of the other kinds. */
  kind: string
  op: string
  value: string
  more: string
}
export type PartDraft = GroupDraft | LeafDraft
export const isGroup = (part: PartDraft): part is GroupDraft => 'group' in part

export const fieldKinds = ['name', 'external_id', 'language', 'time_zone', 'postcode'] as const
export const dayKinds = ['delivered_within', 'replied_within', 'clicked_within', 'created_within'] as const
/** Understood where a segment has it, and offered to nobody: no link is counted yet, so it would find nobody. */
export const notYet: readonly string[] = ['clicked_within']
export const otherKinds = ['tag', 'list', 'consent', 'reachable', ...dayKinds, 'radius'] as const

const textOps = ['is', 'is_not', 'contains', 'begins_with', 'known', 'unknown']
/** What can be asked of each type, in the order of the list. */
export const opsOf: Record<string, readonly string[]> = {
  text: textOps,
  number: ['is', 'is_not', 'above', 'below', 'at_least', 'at_most', 'known', 'unknown'],
  boolean: ['is', 'known', 'unknown'],
  date: ['is', 'before', 'after', 'last_days', 'next_days', 'known', 'unknown'],
  choice: ['is', 'is_not', 'known', 'unknown'],
}

let nextKey = 1
export const newKey = (): number => nextKey++
export const newLeaf = (kind = 'tag'): LeafDraft => ({ key: newKey(), kind, op: 'is', value: '', more: '' })
export const newGroup = (
  group: GroupDraft['group'] = 'all',
  parts: PartDraft[] = [newLeaf()],
): GroupDraft => ({
  key: newKey(),
  group,
  parts,
})

export function typeOf(kind: string, attributes: readonly Attribute[]): string {
  if (!kind.startsWith('attribute:')) return 'text'
  return attributes.find(({ key }) => `attribute:${key}` === kind)?.type ?? 'text'
}

const isDayOp = (op: string) => op === 'last_days' || op === 'next_days'
const isBare = (op: string) => op === 'known' || op === 'unknown'

function typedValue({ op, value }: LeafDraft, type: string): unknown {
  if (isDayOp(op)) return wholeNumber(value)
  if (type === 'number') {
    const number = Number(value.replace(',', '.'))
    return value.trim() === '' || Number.isNaN(number) ? undefined : number
  }
  if (type === 'boolean') return value !== 'false'
  return value.trim() === '' ? undefined : value.trim()
}

const wholeNumber = (text: string): number | undefined =>
  /^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined

function leafOf(leaf: LeafDraft, attributes: readonly Attribute[]): Tree | undefined {
  const { kind, op, value, more } = leaf
  const field = (fieldKinds as readonly string[]).includes(kind)
  if (field || kind.startsWith('attribute:')) {
    const what = field ? { field: kind } : { attribute: kind.slice('attribute:'.length) }
    if (isBare(op)) return { ...what, op }
    const given = typedValue(leaf, typeOf(kind, attributes))
    return given === undefined ? undefined : { ...what, op, value: given }
  }
  if ((dayKinds as readonly string[]).includes(kind)) {
    const days = wholeNumber(value)
    return days ? { [kind]: days } : undefined
  }
  if (kind === 'radius') {
    const km = Number(value.replace(',', '.'))
    return km > 0 && more.trim() ? { radius: { km, postcode: more.trim() } } : undefined
  }
  if (kind === 'consent') return { consent: value || 'granted', ...(more && { topic: more }) }
  if (kind === 'reachable') return { reachable: value || 'sms' }
  return value.trim() ? { [kind]: value.trim() } : undefined
}

/** The tree that the API takes; undefined while a condition is not filled in. */
export function treeOf(part: PartDraft, attributes: readonly Attribute[]): Tree | undefined {
  if (!isGroup(part)) return leafOf(part, attributes)
  const parts = part.parts.map((each) => treeOf(each, attributes))
  return parts.includes(undefined) ? undefined : { [part.group]: parts }
}

/** A tree of the API for the builder; what it cannot show stays out of it, so `undefined` says: not to be edited here. */
export function draftOf(tree: Tree): PartDraft | undefined {
  for (const group of ['all', 'any', 'none'] as const) {
    const inner = tree[group]
    if (!Array.isArray(inner)) continue
    const parts = inner.map((each) => draftOf(each as Tree))
    return parts.includes(undefined) ? undefined : newGroup(group, parts as PartDraft[])
  }
  const leaf = (kind: string, more: Partial<LeafDraft>): LeafDraft => ({ ...newLeaf(kind), ...more })
  if (typeof tree.field === 'string' || typeof tree.attribute === 'string') {
    if (Array.isArray(tree.value)) return undefined
    const kind = typeof tree.field === 'string' ? tree.field : `attribute:${tree.attribute}`
    return leaf(kind, { op: String(tree.op), value: tree.value === undefined ? '' : String(tree.value) })
  }
  if (typeof tree.consent === 'string')
    return leaf('consent', { value: tree.consent, more: typeof tree.topic === 'string' ? tree.topic : '' })
  if (typeof tree.radius === 'object' && tree.radius !== null) {
    const { km, postcode } = tree.radius as { km: number; postcode?: string }
    return postcode === undefined ? undefined : leaf('radius', { value: String(km), more: postcode })
  }
  const kind = otherKinds.find((each) => each in tree)
  return kind && leaf(kind, { value: String(tree[kind]) })
}

/** The draft with one part in place of another, or without it. */
export function replaced(group: GroupDraft, key: number, by: PartDraft | undefined): GroupDraft {
  if (group.key === key) return by && isGroup(by) ? by : group
  const parts = group.parts.flatMap((part) => {
    if (part.key === key) return by ? [by] : []
    return [isGroup(part) ? replaced(part, key, by) : part]
  })
  return { ...group, parts }
}
