import type { Audience, Segment, Tree } from '../api/contacts.ts'

/** Whether a condition asks for this list, however deep. */
const asksFor = (tree: Tree, list: string): boolean =>
  Object.entries(tree).some(([name, value]) =>
    Array.isArray(value)
      ? value.some((each) => asksFor(each as Tree, list))
      : name === 'list'
        ? value === list
        : typeof value === 'object' && value !== null && asksFor(value as Tree, list),
  )

/** Names of the segments that ask who is on a list. */
export const segmentsOn = (segments: readonly Segment[], list: string): string[] =>
  segments.filter(({ definition }) => asksFor(definition, list)).map(({ name }) => name)

/** Names of what is to go to a list or a segment and has not begun. */
export const heldFor = (audiences: readonly Audience[], id: string): string[] =>
  audiences
    .filter(({ state, list, segment }) => state === 'held' && (list === id || segment === id))
    .map(({ name }) => name)
